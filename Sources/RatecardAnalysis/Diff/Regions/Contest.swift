import RatecardCompiler
import RatecardValues

/// The rules of one set as far as they hold within a box, and what they come to there.
struct Contest {
  /// A rule as far as it holds within the box at hand.
  struct Candidate {
    let rule: Int
    let box: Box
  }

  /// What is known of a box.
  enum State {
    /// All of its requests get this outcome; nil: no rule holds for any.
    case settled(Int?)
    /// These candidates are still in question.
    case open([Candidate])
    /// The box holds no request to the card: each of its requests has an answer, and here is none.
    case impossible
  }

  let set: RuleSet
  private let space: Space

  init(_ set: RuleSet, in space: Space) {
    self.set = set
    self.space = space
  }

  /// The candidates within a box.
  func candidates(in box: Box) -> [Candidate] {
    set.rules.indices.flatMap { rule in
      set.rules[rule].holds.filter { $0.intersects(box) }.map { Candidate(rule: rule, box: $0) }
    }
  }

  /// What candidates, all of those that meet a box, come to there.
  func settle(_ candidates: [Candidate], in box: Box) -> State {
    if candidates.isEmpty { return .settled(nil) }
    let covering = Set(
      candidates.lazy.filter { box.isInside($0.box, in: space) }.map(\.rule))
    if covering.isEmpty { return .open(candidates) }
    let present = Set(candidates.lazy.map(\.rule))
    let losers = present.filter { isBeaten($0, byOneOf: covering) }
    let rest = present.subtracting(losers)
    guard let first = rest.first else { return .impossible }
    // A rule that holds everywhere wins there, or one that says the same does.
    if rest.allSatisfy({ set.rules[$0].outcome == set.rules[first].outcome }) {
      return .settled(set.rules[first].outcome)
    }
    let needed = losers.filter { loser in rest.contains { set.beats(loser, $0) } }
    let left = rest.union(needed)
    if let winner = winner(among: covering, left) {
      return .settled(set.rules[winner].outcome)
    }
    let open = candidates.filter { left.contains($0.rule) }
    return open.contains { !covering.contains($0.rule) } ? .open(open) : .impossible
  }

  private func isBeaten(_ rule: Int, byOneOf strong: Set<Int>) -> Bool {
    let beaters = set.beaters[rule]
    return beaters.count < strong.count
      ? beaters.contains(where: strong.contains)
      : strong.contains { beaters.binarySearchFinds($0) }
  }

  /// The rule that wins for all of a box: it covers it, and nothing in question beats it or refuses
  /// beside it.
  private func winner(among covering: Set<Int>, _ left: Set<Int>) -> Int? {
    let unbeaten = covering.filter { left.contains($0) && !isBeaten($0, byOneOf: left) }
    guard
      let best = unbeaten.min(by: { first, second in
        let isDenial = (set.rules[first].isDenial, set.rules[second].isDenial)
        return isDenial.0 != isDenial.1 ? isDenial.0 : precedes(first, second)
      })
    else { return nil }
    // Where a refusal would win that holds, or that is beaten, only in a part of the box, the box
    // has to be cut.
    let isContested = left.contains { other in
      guard !unbeaten.contains(other), set.rules[other].isDenial, !set.beats(best, other) else {
        return false
      }
      return !set.rules[best].isDenial || precedes(other, best)
    }
    return isContested ? nil : best
  }

  private func precedes(_ first: Int, _ second: Int) -> Bool {
    ExactText(set.rules[first].name) < ExactText(set.rules[second].name)
  }
}
