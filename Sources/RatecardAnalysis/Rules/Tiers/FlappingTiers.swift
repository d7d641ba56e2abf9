import RatecardCompiler
import RatecardDiagnostics
import RatecardModel

extension LintRule {
  /// Customers who change their tier with every request, though nothing else about them changes.
  ///
  /// In one tier a request is given another; in that one the very same request is given the first
  /// again, or a third from which it comes back. A circle is shown once for each set of tiers, and
  /// only where customers come into it.
  static let flappingTiers = LintRule(.flappingTier) { inspection throws(RoomSearch.GaveUp) in
    let card = inspection.card
    guard !card.tiers.isEmpty,
      let axis = inspection.space.axis(of: .currentTier, in: .beforeRouting)
    else { return [] }
    var search = FlapSearch(inspection.space, try TierMoves(inspection))
    return try search.circles().map { circle in
      let rules = circle.rules.map { card.tiers[$0] }
      let tiers = rules.map(\.outcome)
      let from = [tiers[tiers.count - 1]] + tiers.dropLast()
      let axes = circle.rules.flatMap { inspection.sets.tiers.rules[$0].holds }
        .flatMap { $0.sides.map(\.axis) }
      let witness = Witness(
        in: circle.room, axes: Set(axes).subtracting([axis]), of: inspection.space)
      let shown = rules.filter(\.looksAtCurrentTier).map(\.span).max() ?? rules[0].span
      let list = from.map { "`\($0)`" }
      return Diagnostic(
        .flappingTier,
        "some customers change between \(list.dropLast().joined(separator: ", ")) and "
          + "\(list[list.count - 1]) with every request", at: shown,
        help: "keep the bounds apart: what leads into a tier must not hold where the way out does",
        notes: [
          Diagnostic.Note("such as with \(witness.text)")
        ]
          + zip(from, rules).map { tier, rule in
            Diagnostic.Note(
              "in `\(tier)` that request is given `\(rule.outcome)` by `\(rule.name)`",
              at: rule.span)
          })
    }
  }
}

/// Follows one request through the tiers that it is given, until it comes back.
private struct FlapSearch {
  /// Tiers that lead to each other.
  struct Circle {
    /// The rules that win, each for customers in the tier that the one before gave.
    let rules: [Int]
    /// Requests that go around.
    let room: Box
  }

  private let space: Space
  private let moves: TierMoves
  private let possible: PossibleBalances
  private var stepsLeft = 1_000_000

  init(_ space: Space, _ moves: TierMoves) {
    self.space = space
    self.moves = moves
    possible = PossibleBalances(space)
  }

  /// The circles, one for each set of tiers.
  ///
  /// A circle is looked for from its first tier, the shortest first.
  mutating func circles() throws(RoomSearch.GaveUp) -> [Circle] {
    var found: [Circle] = []
    var seen: Set<Set<Int>> = []
    let reached = moves.reached
    for start in moves.states.indices
    where moves.states[start].map(reached.contains) ?? false {
      var paths: [(states: [Int], rules: [Int], room: Box)] = [([start], [], .everything)]
      while !paths.isEmpty {
        var longer: [(states: [Int], rules: [Int], room: Box)] = []
        for path in paths {
          let state = path.states[path.states.count - 1]
          for move in moves.moves[state] {
            stepsLeft -= 1
            if stepsLeft < 0 { throw RoomSearch.GaveUp() }
            guard let tier = move.tier, let rule = move.rule,
              let next = moves.states.firstIndex(of: tier), next >= start, next != state,
              let common = path.room.intersection(move.box), space.isPossible(common),
              let room = possible.narrowed(common)
            else { continue }
            if next == start {
              guard seen.insert(Set(path.states)).inserted else { continue }
              found.append(Circle(rules: path.rules + [rule], room: room))
            } else if !path.states.contains(next) {
              longer.append((path.states + [next], path.rules + [rule], common))
            }
          }
        }
        paths = longer
      }
    }
    return found
  }
}
