import RatecardCompiler
import RatecardModel
import RatecardValues

/// Where each adjustment of a card applies.
struct AdjustmentReach {
  private let inspection: Inspection
  private let rules: [Rule<Adjustment>]
  /// Where each holds, and where what wins against it in its group does.
  private let reach: [RoomSearch.Refusal]

  init(_ inspection: Inspection) {
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
  }

  /// Where an adjustment applies that may make another price of a flat amount or a rule's bound.
  ///
  /// What is added by rates is nothing for a request that carries none of it.
  func changing(_ amount: Rational, except own: Int? = nil) -> [RoomSearch.Refusal] {
    rules.indices.filter { index in
      guard index != own else { return false }
      switch rules[index].outcome.action {
      case .multiply(let factor): return factor != .one
      case .multiplyComponents(let factor, let components):
        return factor != .one && components.contains(.credits)
      case .add(let added): return added != .zero
      case .addRates: return false
      case .minimum(let bound): return amount < bound
      case .maximum(let bound): return amount > bound
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
