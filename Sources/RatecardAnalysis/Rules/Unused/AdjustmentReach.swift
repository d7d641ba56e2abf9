import RatecardCompiler
import RatecardModel
import RatecardValues

/// Where each adjustment of a card applies.
struct AdjustmentReach {
  private let inspection: Inspection
  private let rules: [Rule<Adjustment>]
  /// Where each holds, and where what wins against it in its group does.
  private let reach: [RoomSearch.Refusal]
  /// Requests to which no adjustment of an amount applies; nil where there are none.
  private let calm: Box?

  init(_ inspection: Inspection) throws(RoomSearch.GaveUp) {
    self.inspection = inspection
    rules = inspection.card.adjustments
    var reach = rules.map { rule in
      RoomSearch.Refusal(
        holds: inspection.space.boxes(rule.scope, in: .afterRouting, .holding), beaters: [])
    }
    for group in inspection.sets.groups {
      for (place, member) in group.members.enumerated() {
        reach[member] = RoomSearch.Refusal(
          holds: reach[member].holds,
          beaters: group.rules.beaters[place].map { group.rules.rules[$0].holds })
      }
    }
    self.reach = reach
    let acting = zip(rules, reach).filter { $0.0.outcome.mayChangeAmounts }.map(\.1)
    var search = RoomSearch(inspection.space, inspection.budget)
    calm = try search.room(in: .everything, outside: [], notRefusedBy: acting)
  }

  /// Requests that a rule prices, and to which no adjustment applies that makes another price of
  /// this flat amount or bound of it; nil: there are none.
  func roomForPrice(
    of rule: Int, _ amount: Rational, isAdjustable: Bool
  ) throws(RoomSearch.GaveUp) -> Box? {
    let set = inspection.sets.costs
    guard isAdjustable else { return try inspection.roomWon(by: rule, of: set) }
    if let calm, let room = try inspection.roomWon(by: rule, of: set, within: calm) {
      return room
    }
    return try inspection.roomWon(by: rule, of: set, without: changing(amount))
  }

  /// Where an adjustment applies that may make another price of a flat amount or a rule's bound.
  ///
  /// What is added by rates is nothing for a request that carries none of it.
  private func changing(_ amount: Rational, except own: Int? = nil) -> [RoomSearch.Refusal] {
    rules.indices.filter { index in
      guard index != own, rules[index].outcome.mayChangeAmounts else { return false }
      switch rules[index].outcome.action {
      case .minimum(let bound): return amount < bound
      case .maximum(let bound): return amount > bound
      case .multiply, .multiplyComponents, .add, .addRates: return true
      }
    }.map { reach[$0] }
  }

  /// Requests to which an adjustment applies whose amount cannot be shown: for a bound, requests
  /// with a price; for an addition, those to whose price without rates nothing else is done.
  func roomForAmount(
    of index: Int, _ finest: FinestAmount
  ) throws(RoomSearch.GaveUp) -> Box? {
    let set = inspection.sets.costs
    for (place, rule) in inspection.card.costs.enumerated() {
      guard case .price(let price) = rule.outcome, price.isAdjustable else { continue }
      var others: [RoomSearch.Refusal] = []
      if case .add(let added) = rules[index].outcome.action {
        guard price.rates.isEmpty, let flat = price.flatParts.first, !finest.rounds(flat.amount),
          let sum = try? flat.amount + added
        else { continue }
        others = changing(sum, except: index)
      }
      let beaters = reach[index].beaters.map { RoomSearch.Refusal(holds: $0, beaters: []) }
      for box in reach[index].holds {
        let room = try inspection.roomWon(
          by: place, of: set, within: box, without: beaters + others)
        if let room { return room }
      }
    }
    return nil
  }
}

extension Adjustment {
  /// Whether it may make another amount of one that is not priced by quantity.
  fileprivate var mayChangeAmounts: Bool {
    switch action {
    case .multiply(let factor): factor != .one
    case .multiplyComponents(let factor, of: let components):
      factor != .one && components.contains(.credits)
    case .add(let added): added != .zero
    case .addRates: false
    case .minimum, .maximum: true
    }
  }
}
