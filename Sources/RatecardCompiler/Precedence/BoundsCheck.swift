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
    for (index, rule) in card.adjustments.enumerated() {
      var holds = space.boxes(rule.scope, in: .afterRouting, .holding)
      var beaten: [Box] = []
      for group in sets.groups {
        guard let place = group.members.firstIndex(of: index) else { continue }
        holds = group.rules.rules[place].holds
        beaten = group.rules.beaters[place].flatMap { group.rules.rules[$0].holds }
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
    for minimum in minima {
      for maximum in maxima where minimum.amount > maximum.amount {
        if let group = minimum.rule.outcome.group, group == maximum.rule.outcome.group { continue }
        guard let room = try room(minimum, maximum, &search) else { continue }
        found.append(
          Diagnostic(
            .contradictoryBounds,
            "`\(minimum.rule.name)` wants at least \(minimum.amount) where "
              + "`\(maximum.rule.name)` wants at most \(maximum.amount)",
            at: minimum.rule.span,
            help: "give them conditions that exclude each other, or put both into one `group`",
            notes: [
              Diagnostic.Note("the maximum stands here", at: maximum.rule.span),
              Diagnostic.Note(
                "both apply to \(Witness(in: room, axes: [], of: space).text)"),
            ]))
      }
    }
    return found
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
