package import RatecardDiagnostics
import RatecardModel
import RatecardValues

/// The rules of one section, or of one group of adjustments, as far as precedence is concerned:
/// what they select, what they say, and which of them beats which.
package struct RuleSet: Sendable {
  /// One rule.
  package struct Rule: Sendable {
    package let name: String
    package let span: Span
    /// Equal for rules with equal outcomes.
    package fileprivate(set) var outcome: Int
    package let isDenial: Bool
    /// What it says, in words for a diagnostic.
    package let says: String
    /// The requests it holds for; empty when no request can meet it.
    package fileprivate(set) var holds: [Box]
    /// The requests it selects as rules are compared.
    package let compares: [Box]
    /// `compares`, each box less what no request in it can have.
    package let tight: [Box]
    /// Indices of the rules it overrides, ascending.
    package let overrides: [Int]
  }

  /// What the set is called in a diagnostic: `costs`.
  package let section: String
  package private(set) var rules: [Rule]
  /// For each rule, the rules that beat it and that some request meets together with it, ascending.
  package private(set) var beaters: [[Int]]
  /// Pairs, the lesser index first, of which neither beats the other and that some request meets
  /// together.
  package private(set) var rivals: [(Int, Int)] = []
  /// The rules that refuse, ascending.
  package let denials: [Int]

  /// Compares every two rules that can hold together.
  ///
  /// Throws when a comparison needs more steps than the search may take.
  package init(section: String, rules: [Rule], in space: Space) throws(RoomSearch.GaveUp) {
    self.section = section
    self.rules = rules
    beaters = Array(repeating: [], count: rules.count)
    denials = rules.indices.filter { rules[$0].isDenial }
    var compared = Set<UInt64>()
    let boxes = rules.indices.flatMap { rule in rules[rule].holds.map { (rule, $0) } }
    let hasSeveralBoxes = boxes.count > rules.count
    var search = RoomSearch(space)
    for (left, right) in OverlapJoin(boxes.map(\.1)).pairs() {
      let first = min(boxes[left].0, boxes[right].0)
      let second = max(boxes[left].0, boxes[right].0)
      guard first != second, let common = boxes[left].1.intersection(boxes[right].1),
        space.isPossible(common)
      else { continue }
      let pair = UInt64(first) << 32 | UInt64(second)
      if hasSeveralBoxes, !compared.insert(pair).inserted { continue }
      try compare(first, second, &search)
    }
    for index in beaters.indices { beaters[index].sort() }
    rivals.sort { $0 < $1 }
  }

  private mutating func compare(
    _ first: Int, _ second: Int, _ search: inout RoomSearch
  ) throws(RoomSearch.GaveUp) {
    let firstOverrides = rules[first].overrides.binarySearchFinds(second)
    let secondOverrides = rules[second].overrides.binarySearchFinds(first)
    var firstBeats = firstOverrides
    var secondBeats = secondOverrides
    if !firstOverrides, !secondOverrides {
      let firstInside = try isInside(first, second, &search)
      let secondInside = try isInside(second, first, &search)
      firstBeats = firstInside && !secondInside
      secondBeats = secondInside && !firstInside
    }
    if firstBeats { beaters[second].append(first) }
    if secondBeats { beaters[first].append(second) }
    if !firstBeats, !secondBeats { rivals.append((first, second)) }
  }

  /// The same rules with the same precedence, where each holds for other boxes and says another
  /// outcome: those of another space.
  package func carried(
    outcomes: [Int], holds: (Rule) -> [Box] = { $0.holds }
  ) -> RuleSet {
    var copy = self
    for (index, rule) in rules.enumerated() {
      copy.rules[index].outcome = outcomes[index]
      copy.rules[index].holds = holds(rule)
    }
    return copy
  }

  /// Whether every request that `inner` selects is one that `outer` selects.
  package func isInside(
    _ inner: Int, _ outer: Int, _ search: inout RoomSearch
  ) throws(RoomSearch.GaveUp) -> Bool {
    try search.isInside(rules[inner].tight, rules[outer].compares)
  }

  package func beats(_ winner: Int, _ loser: Int) -> Bool {
    beaters[loser].binarySearchFinds(winner)
  }

  /// The refusals that may win where a rule is left: those that meet some request of `box`.
  ///
  /// None for a rule that refuses itself. O(refusals).
  package func refusals(beside rule: Int, in box: Box) -> [RoomSearch.Refusal] {
    guard !rules[rule].isDenial else { return [] }
    return denials.filter { index in rules[index].holds.contains { $0.intersects(box) } }
      .map { index in
        RoomSearch.Refusal(
          holds: rules[index].holds, beaters: beaters[index].map { rules[$0].holds })
      }
  }
}

extension Array where Element == Int {
  /// Whether an ascending array holds a number.
  ///
  /// O(log count).
  package func binarySearchFinds(_ number: Int) -> Bool {
    let place = partitionPoint(count) { self[$0] < number }
    return place < count && self[place] == number
  }
}
