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
  /// The boxes of all rules for which they hold.
  package private(set) var boxes: RuleBoxes
  /// The axes that some rule looks at, ascending.
  package private(set) var axes: [Int]
  /// For each rule, the rules that beat it and that some request meets together with it, ascending.
  package private(set) var beaters: [[Int]]
  /// Pairs, the lesser index first, of which neither beats the other and that some request meets
  /// together.
  package private(set) var rivals: [(Int, Int)] = []
  /// The rivals of each rule, ascending.
  private var rivalsOfRule: [[Int]] = []
  /// Says what the rule at a place says.
  private let wording: @Sendable (Int) -> String

  /// The most pairs of rules that hold together: what more would be compared for too long.
  private static let mostPairs = 10_000_000

  /// Compares every two rules that can hold together.
  ///
  /// Throws when these are too many, or a comparison needs more steps than the search may take.
  package init(
    section: String, rules: [Rule], in space: Space, says: @escaping @Sendable (Int) -> String
  ) throws(RoomSearch.GaveUp) {
    self.section = section
    wording = says
    self.rules = rules
    boxes = RuleBoxes(rules.map(\.holds))
    axes = boxes.axes
    beaters = Array(repeating: [], count: rules.count)
    var compared = Set<UInt64>()
    let hasSeveralBoxes = boxes.boxes.count > rules.count
    var search = RoomSearch(space)
    guard let start = rules.lazy.map(\.span).min() else { return }
    let pairs = try RoomSearch.deciding(
      "which of more than \(Self.mostPairs) pairs of rules of `\(section)` beat each other",
      at: start
    ) { () throws(RoomSearch.GaveUp) in
      try OverlapJoin(boxes.boxes).pairs(atMost: Self.mostPairs)
    }
    for (left, right) in pairs {
      let first = min(boxes.rules[left], boxes.rules[right])
      let second = max(boxes.rules[left], boxes.rules[right])
      guard first != second else { continue }
      if !space.isProduct {
        guard let common = boxes.boxes[left].intersection(boxes.boxes[right]),
          space.isPossible(common)
        else { continue }
      }
      let pair = UInt64(first) << 32 | UInt64(second)
      if hasSeveralBoxes, !compared.insert(pair).inserted { continue }
      try RoomSearch.deciding(
        "whether `\(rules[first].name)` beats `\(rules[second].name)`", at: rules[first].span
      ) { () throws(RoomSearch.GaveUp) in try compare(first, second, &search) }
    }
    for index in beaters.indices { beaters[index].sort() }
    rivals.sort { $0 < $1 }
    rivalsOfRule = Array(repeating: [], count: rules.count)
    for (first, second) in rivals {
      rivalsOfRule[first].append(second)
      rivalsOfRule[second].append(first)
    }
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
    copy.boxes = RuleBoxes(copy.rules.map(\.holds))
    copy.axes = copy.boxes.axes
    return copy
  }

  /// What a rule says, in words for a diagnostic.
  package func words(of rule: Int) -> String { wording(rule) }

  /// Whether every request that `inner` selects is one that `outer` selects.
  package func isInside(
    _ inner: Int, _ outer: Int, _ search: inout RoomSearch
  ) throws(RoomSearch.GaveUp) -> Bool {
    // Most rules have one box each, which two of need no search.
    let answer = rules.withUnsafeBufferPointer { rules -> Bool? in
      let (tight, compares) = (rules[inner].tight.count, rules[outer].compares.count)
      guard tight == 1, compares == 1 else { return nil }
      return rules[inner].tight[0].isInside(rules[outer].compares[0], in: search.space)
    }
    if let answer { return answer }
    return try search.isInside(rules[inner].tight, rules[outer].compares)
  }

  package func beats(_ winner: Int, _ loser: Int) -> Bool {
    beaters[loser].binarySearchFinds(winner)
  }

  /// The rules that some request meets together with a rule and that neither beat it nor are beaten
  /// by it, ascending.
  package func rivals(of rule: Int) -> [Int] { rivalsOfRule[rule] }

  /// The refusals that win where they hold beside a rule that is left; none for a refusal.
  ///
  /// What a rule beats is never left beside it.
  package func refusals(beside rule: Int) -> [Int] {
    rules[rule].isDenial ? [] : rivalsOfRule[rule].filter { rules[$0].isDenial }
  }

  /// Those of the refusals beside a rule that meet some request of `box`.
  ///
  /// O(rivals).
  package func refusals(beside rule: Int, in box: Box) -> [RoomSearch.Refusal] {
    refusals(beside: rule).filter { index in rules[index].holds.contains { $0.intersects(box) } }
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
  package func binarySearchFinds(_ number: Int) -> Bool { place(of: number) != nil }

  /// Where an ascending array holds a number.
  ///
  /// O(log count).
  package func place(of number: Int) -> Int? {
    let place = partitionPoint(count) { self[$0] < number }
    return place < count && self[place] == number ? place : nil
  }
}
