import RatecardCompiler

/// The rules of one set, and which of them wins for all requests of a box.
///
/// A *candidate* is a rule as far as it may hold within the box at hand: the place of one of the
/// set's boxes in a pool.
struct Contest {
  /// What is known of a box.
  enum Verdict {
    /// The rule that wins for all of its requests; nil: none holds for any.
    case wins(Int?)
    /// These candidates are still in question, and not all of them cover the box.
    case open([Int])
    /// All that is in question covers the box, and nothing wins: of a card that loads, it holds no
    /// request.
    case nobody
  }

  let set: RuleSet
  /// The candidates of the set.
  let candidates: Range<Int>
  private let space: Space
  /// Whether it is enough to know what the winner says.
  private let isAboutOutcomes: Bool
  /// The mark that each rule bears: rules are sorted out by marks, which cost nothing to take away.
  private var marks: [Int]
  private var lastMark = 0

  /// A contest of the rules of a set, whose boxes stand in a pool from `start` on.
  init(_ set: RuleSet, in space: Space, from start: Int = 0, isAboutOutcomes: Bool = false) {
    self.set = set
    self.space = space
    self.isAboutOutcomes = isAboutOutcomes
    candidates = start..<start + set.boxes.boxes.count
    marks = Array(repeating: 0, count: set.rules.count)
  }

  /// The candidates that meet a box; `rules`, where given, are all that may.
  func candidates(in box: Box, among rules: [Int]? = nil) -> [Int] {
    let start = candidates.lowerBound
    guard let rules else { return set.boxes.meeting(box).map { $0 + start } }
    return set.boxes.boxes(of: rules).filter { set.boxes.boxes[$0].intersects(box) }
      .map { $0 + start }
  }

  func rule(of candidate: Int) -> Int { set.boxes.rules[candidate - candidates.lowerBound] }

  private func box(of candidate: Int) -> Box { set.boxes.boxes[candidate - candidates.lowerBound] }

  /// Whether a candidate holds for all of a box.
  func covers(_ candidate: Int, _ other: Box) -> Bool {
    other.isInside(box(of: candidate), in: space)
  }

  /// What candidates, all of those that meet a box, come to there.
  mutating func verdict(on box: Box, among candidates: [Int]) -> Verdict {
    if candidates.isEmpty { return .wins(nil) }
    let covering = candidates.filter { covers($0, box) }.map { rule(of: $0) }
    if covering.isEmpty { return .open(candidates) }
    let strong = mark(covering)
    let losers = candidates.map { rule(of: $0) }.filter { isBeaten($0, byAnyOf: covering, strong) }
    let lost = mark(losers)
    if isAboutOutcomes {
      // A rule that holds everywhere wins there, or one that says the same does.
      let rest = candidates.map { rule(of: $0) }.filter { marks[$0] != lost }
      guard let first = rest.first else { return .nobody }
      let outcome = set.rules[first].outcome
      if rest.allSatisfy({ set.rules[$0].outcome == outcome }) { return .wins(first) }
    }
    let left = losers.isEmpty ? candidates : withoutLosers(candidates, losers, lost)
    if let winner = winner(covering, left) { return .wins(winner) }
    return left.allSatisfy { covers($0, box) } ? .nobody : .open(left)
  }

  /// The candidates less those that a covering rule beats and that beat nothing still in question.
  private mutating func withoutLosers(_ candidates: [Int], _ losers: [Int], _ lost: Int) -> [Int] {
    // A loser may still beat a rule that nothing else beats.
    var needed: [Int] = []
    for candidate in candidates {
      let rule = rule(of: candidate)
      if marks[rule] == lost { continue }
      if set.beaters[rule].count < losers.count * Self.searchCost {
        needed += set.beaters[rule].filter { marks[$0] == lost }
      } else {
        needed += losers.filter { set.beats($0, rule) }
      }
    }
    for rule in needed { marks[rule] = 0 }
    return candidates.filter { marks[rule(of: $0)] != lost }
  }

  /// The rule that wins for all of a box: it covers it, and nothing in question beats it or
  /// refuses beside it.
  private mutating func winner(_ covering: [Int], _ left: [Int]) -> Int? {
    let rules = left.map { rule(of: $0) }
    let asked = mark(rules)
    let unbeaten = covering.filter { rule in
      marks[rule] == asked && !isBeaten(rule, byAnyOf: rules, asked)
    }
    // Of several, the refusal; of equals, the first by name.
    guard
      let best = unbeaten.min(by: { first, second in
        let isDenial = (set.rules[first].isDenial, set.rules[second].isDenial)
        return isDenial.0 != isDenial.1 ? isDenial.0 : precedes(first, second)
      })
    else { return nil }
    // Where a refusal would win that holds, or that is beaten, only in a part of the box, the box
    // has to be cut.
    let isContested = rules.contains { other in
      guard set.rules[other].isDenial, !unbeaten.contains(other), !set.beats(best, other) else {
        return false
      }
      return !set.rules[best].isDenial || precedes(other, best)
    }
    return isContested ? nil : best
  }

  private func precedes(_ first: Int, _ second: Int) -> Bool {
    set.rules[first].name.utf8.lexicographicallyPrecedes(set.rules[second].name.utf8)
  }

  /// How many marks can be looked up while one rule is searched for among the beaters of another.
  private static let searchCost = 8

  /// Whether some of the rules, which bear a mark, beat a rule.
  private func isBeaten(_ rule: Int, byAnyOf rules: [Int], _ mark: Int) -> Bool {
    let beaters = set.beaters[rule]
    return beaters.count < rules.count * Self.searchCost
      ? beaters.contains { marks[$0] == mark } : rules.contains { set.beats($0, rule) }
  }

  /// Marks rules with a new mark, in place of the one that each bore.
  private mutating func mark(_ rules: [Int]) -> Int {
    lastMark += 1
    for rule in rules { marks[rule] = lastMark }
    return lastMark
  }
}

extension Box {
  /// The axis along which it reaches beyond the most of some boxes of a pool; nil: it lies within
  /// all of them.
  func axisBeyondMost(of others: [Int], in pool: [Box], _ space: Space) -> Int? {
    var counts = [Int](repeating: 0, count: space.axes.count)
    for other in others {
      if case .along(let axis) = reach(beyond: pool[other], in: space, &counts) {
        counts[axis] += 1
      }
    }
    guard let most = counts.max(), most > 0 else { return nil }
    return counts.firstIndex(of: most)
  }
}
