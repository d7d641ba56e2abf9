import RatecardCompiler

/// Divides requests by who decides them: into disjoint boxes, each with the rule that wins there.
///
/// A box is cut along the axis on which most of its rules begin or end, into the classes of atoms
/// that the rules do not tell apart, until one rule wins in all of it. Rules that have lost for
/// good are dropped on the way, so cards of tables and a fallback need about one piece a cell.
/// Exponential at worst, hence the budget.
struct Partition {
  /// Some requests, and who wins there.
  struct Piece {
    let box: Box
    /// The rule, as an index into the set; nil: none holds.
    let winner: Int?
  }

  private let space: Space
  private let set: RuleSet
  private let budget: ProofBudget
  private var pieces: [Piece] = []
  /// The mark that each rule bears: rules are sorted out by marks, which cost nothing to take away.
  private var marks: [Int]
  private var lastMark = 0

  /// The boxes of all rules.
  ///
  /// A candidate is a rule as far as it may hold within the box at hand: an index of these. Behind
  /// them stand the suspects of the search at hand, if there are any.
  private var boxes: [Box]
  private let ruleOfBox: [Int]

  /// A partition by the rules of a set that may look at `steps` rules in all.
  init(_ space: Space, _ set: RuleSet, steps: Int) {
    self.init(space, set, ProofBudget(steps: steps))
  }

  /// A partition by the rules of a set that takes its steps from a budget.
  init(_ space: Space, _ set: RuleSet, _ budget: ProofBudget) {
    self.space = space
    self.set = set
    self.budget = budget
    marks = Array(repeating: 0, count: set.rules.count)
    boxes = set.boxes.boxes
    ruleOfBox = set.boxes.rules
  }

  /// A partition by the rules of a set, as one proof.
  init(_ space: Space, _ set: RuleSet) {
    self.init(space, set, ProofBudget(rules: set.rules.count))
  }

  /// The pieces of a box, in no order that means anything; only possible requests count.
  ///
  /// `rules`, where given, are all that hold for some request of the box, and maybe others. Where
  /// there are `suspects`, pieces that meet none of them may be left out.
  mutating func pieces(
    of box: Box = .everything, among rules: [Int]? = nil, meeting suspects: [Box]? = nil
  ) throws(RoomSearch.GaveUp) -> [Piece] {
    pieces = []
    guard let tight = space.tightened(box) else { return [] }
    let rules = candidates(in: tight, among: rules)
    guard let suspects else {
      try divide(tight, rules, [], .all)
      return pieces
    }
    let near = suspects.filter { $0.intersects(tight) }
    guard !near.isEmpty else { return [] }
    boxes += near
    defer { boxes.removeLast(near.count) }
    try divide(tight, rules, Array(ruleOfBox.count..<boxes.count), .suspected)
    return pieces
  }

  /// The boxes of a box in which no rule holds, disjoint.
  ///
  /// Takes less than all pieces do.
  mutating func gaps(in box: Box = .everything) throws(RoomSearch.GaveUp) -> [Box] {
    pieces = []
    guard let tight = space.tightened(box) else { return [] }
    try divide(tight, candidates(in: tight), [], .gaps)
    return pieces.map(\.box)
  }

  private func candidates(in box: Box, among rules: [Int]? = nil) -> [Int] {
    guard let rules else { return set.boxes.meeting(box) }
    return set.boxes.boxes(of: rules).filter { boxes[$0].intersects(box) }
  }

  /// Which pieces are asked for.
  private enum Wanted {
    case all
    /// Those in which no rule holds.
    case gaps
    /// Those that meet a suspect.
    case suspected
  }

  private mutating func divide(
    _ box: Box, _ candidates: [Int], _ suspects: [Int], _ wanted: Wanted
  ) throws(RoomSearch.GaveUp) {
    try budget.take(4 + candidates.count)
    guard !candidates.isEmpty else { return pieces.append(Piece(box: box, winner: nil)) }
    let covering = candidates.filter { box.isInside(boxes[$0], in: space) }.map { ruleOfBox[$0] }
    var left = candidates
    if !covering.isEmpty {
      if wanted == .gaps { return }
      left = withoutLosers(candidates, covering)
      if let winner = winner(covering, left) {
        return pieces.append(Piece(box: box, winner: winner))
      }
    }
    guard let axis = axisToCut(box, left) else {
      preconditionFailure("rules that all cover a box leave one winner in a card that loads")
    }
    let classes = try AtomClasses(
      of: box[axis] ?? space.all(axis), on: axis, by: boxes, left + suspects, budget)
    for part in classes.classes {
      var inside = box
      inside.restrict(axis, to: part.atoms)
      var members = part.members + classes.everywhere
      if !space.isProduct {
        guard let tight = space.tightened(inside) else { continue }
        inside = tight
        members = members.filter { boxes[$0].intersects(tight) }
      }
      if wanted == .suspected {
        let suspects = members.filter { $0 >= ruleOfBox.count }
        if suspects.isEmpty { continue }
        members.removeAll { $0 >= ruleOfBox.count }
        try divide(inside, members, suspects, wanted)
      } else {
        try divide(inside, members, [], wanted)
      }
    }
  }

  // MARK: Who wins

  /// The candidates less those that a covering rule beats and that beat nothing still in question.
  private mutating func withoutLosers(
    _ candidates: [Int], _ covering: [Int]
  ) -> [Int] {
    let strong = mark(covering)
    let losers = candidates.map { ruleOfBox[$0] }.filter { isBeaten($0, byAnyOf: covering, strong) }
    guard !losers.isEmpty else { return candidates }
    // A loser may still beat a rule that nothing else beats.
    let lost = mark(losers)
    var needed: [Int] = []
    for candidate in candidates {
      let rule = ruleOfBox[candidate]
      if marks[rule] == lost { continue }
      if set.beaters[rule].count < losers.count * Self.searchCost {
        needed += set.beaters[rule].filter { marks[$0] == lost }
      } else {
        needed += losers.filter { set.beats($0, rule) }
      }
    }
    for rule in needed { marks[rule] = 0 }
    return candidates.filter { marks[ruleOfBox[$0]] != lost }
  }

  /// The rule that wins for all of a box: it covers it, and nothing in question beats it or
  /// refuses beside it.
  private mutating func winner(_ covering: [Int], _ left: [Int]) -> Int? {
    let rules = left.map { ruleOfBox[$0] }
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

  // MARK: Where to cut

  /// The axis along which most candidates do not cover the box; nil: all cover it.
  private func axisToCut(_ box: Box, _ candidates: [Int]) -> Int? {
    var counts = [Int](repeating: 0, count: space.axes.count)
    for candidate in candidates {
      if case .along(let axis) = box.reach(beyond: boxes[candidate], in: space, &counts) {
        counts[axis] += 1
      }
    }
    guard let most = counts.max(), most > 0 else { return nil }
    return counts.firstIndex(of: most)
  }
}
