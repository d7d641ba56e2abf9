import RatecardDiagnostics
import RatecardModel
import RatecardValues

/// Finds a minimum above a maximum among adjustments that can apply to one request.
struct BoundsCheck {
  private struct Bound {
    let rule: Rule<Adjustment>
    let amount: Rational
    let holds: [Box]
    /// Where members of the same group that win instead hold.
    let beaten: [Box]
  }

  private let space: Space
  private var minima: [Bound] = []
  private var maxima: [Bound] = []

  init(_ card: Card, _ sets: RuleSets, in space: Space) {
    self.space = space
    var places: [Int: (group: RuleSet, place: Int)] = [:]
    for group in sets.groups {
      for (place, index) in group.members.enumerated() { places[index] = (group.rules, place) }
    }
    for (index, rule) in card.adjustments.enumerated() {
      var holds: [Box] = []
      var beaten: [Box] = []
      if let (group, place) = places[index] {
        holds = group.rules[place].holds
        beaten = group.beaters[place].flatMap { group.rules[$0].holds }
      } else {
        holds = space.boxes(rule.scope, in: .afterRouting, .holding)
      }
      switch rule.outcome.action {
      case .minimum(let amount):
        minima.append(Bound(rule: rule, amount: amount, holds: holds, beaten: beaten))
      case .maximum(let amount):
        maxima.append(Bound(rule: rule, amount: amount, holds: holds, beaten: beaten))
      default: break
      }
    }
  }

  func run() throws(RoomSearch.GaveUp) -> [Diagnostic] {
    var found: [Diagnostic] = []
    var search = RoomSearch(space)
    for (minimum, maximum) in meeting() where minimum.amount > maximum.amount {
      if let group = minimum.rule.outcome.group, group == maximum.rule.outcome.group { continue }
      let room = try RoomSearch.deciding(
        "whether `\(minimum.rule.name)` and `\(maximum.rule.name)` ever apply together",
        at: minimum.rule.span
      ) { () throws(RoomSearch.GaveUp) -> Box? in try self.room(minimum, maximum, &search) }
      guard let room else { continue }
      found.append(
        Diagnostic(
          .contradictoryBounds,
          "`\(minimum.rule.name)` wants at least \(minimum.amount) where "
            + "`\(maximum.rule.name)` wants at most \(maximum.amount)",
          at: minimum.rule.span,
          help: "give them conditions that exclude each other, or put both into one `group`",
          notes: [
            Diagnostic.Note("the maximum stands here", at: maximum.rule.span),
            Diagnostic.Note("both apply to \(Witness(in: room, axes: [], of: space).text)"),
          ]))
    }
    return found
  }

  /// Each minimum with each maximum that has an atom in common with it on every axis.
  private func meeting() -> [(Bound, Bound)] {
    let bounds = minima + maxima
    let boxes = bounds.indices.flatMap { bound in bounds[bound].holds.map { (bound, $0) } }
    var pairs: Set<[Int]> = []
    for (left, right) in OverlapJoin(boxes.map(\.1)).pairs() {
      let pair = [boxes[left].0, boxes[right].0].sorted()
      if pair[0] < minima.count, pair[1] >= minima.count { pairs.insert(pair) }
    }
    return pairs.sorted { $0.lexicographicallyPrecedes($1) }.map { (bounds[$0[0]], bounds[$0[1]]) }
  }

  private func room(
    _ minimum: Bound, _ maximum: Bound, _ search: inout RoomSearch
  ) throws(RoomSearch.GaveUp) -> Box? {
    for left in minimum.holds {
      for right in maximum.holds {
        guard let common = left.intersection(right) else { continue }
        if let room = try search.room(in: common, outside: minimum.beaten + maximum.beaten) {
          return room
        }
      }
    }
    return nil
  }
}
