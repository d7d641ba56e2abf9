import RatecardCompiler
import RatecardDiagnostics
import RatecardModel
import RatecardTestSupport
import RatecardValues
import Testing

@testable import RatecardAnalysis

/// Rules that could be one change no answer when they are, and none that could are missed.
@Suite struct MergeSearchTests {
  @Test(arguments: 0..<400)
  func mergingChangesNoAnswer(_ seed: Int) throws {
    guard let world = MergeWorld(seed: UInt64(seed)) else { return }
    for merge in try world.merges() {
      #expect(world.isHarmless(merge.members), "\(merge.members) of\n\(world.text)")
      for point in world.points {
        #expect(
          world.outcome(at: point) == world.outcome(at: point, merging: merge.members),
          "\(merge.members) of\n\(world.text)")
      }
      // The condition that is written selects what the members select.
      let union = Set(merge.members.flatMap { world.held[$0] })
      #expect(world.held(by: merge) == union, "\(merge.members) of\n\(world.text)")
    }
  }

  @Test(arguments: 0..<400)
  func noPairIsMissed(_ seed: Int) throws {
    guard let world = MergeWorld(seed: UInt64(seed)) else { return }
    let merges = try world.merges()
    for (first, second, attribute) in world.mergeablePairs {
      #expect(
        merges.contains { merge in
          merge.attribute == attribute
            && (merge.members.contains(first) || merge.members.contains(second))
        }, "\(first) and \(second) of\n\(world.text)")
    }
  }

  /// Enough of the cards load and have rules to merge, or nearly so, for the tests to mean something.
  @Test func theWorldsAreNotDull() throws {
    let worlds = (0..<400).compactMap { MergeWorld(seed: UInt64($0)) }
    #expect(worlds.count > 100)
    #expect(try worlds.count { try !$0.merges().isEmpty } > 30)
    #expect(worlds.count { $0.harmfulPairs > 0 } > 20)
  }
}

/// A small random card of costs with few outcomes.
private struct MergeWorld {
  let text: String
  let points: [Int]
  /// For each rule the points it holds for.
  let held: [Set<Int>]
  private let card: Card
  private let space: Space
  private let set: RuleSet
  private let boxes: [Box]

  /// Nil: the card does not load.
  init?(seed: UInt64) {
    text = Self.text(seed: seed &+ 20_000)
    var bag = DiagnosticBag()
    guard let card = Sample(text).card(into: &bag),
      let compiled = Compiler.compile(card, into: &bag)
    else { return nil }
    self.card = card
    let space = compiled.space
    self.space = space
    set = compiled.sets.costs
    let boxes = PartitionTests.points(of: space)
    self.boxes = boxes
    points = Array(boxes.indices)
    held = set.rules.map { rule in
      Set(
        boxes.indices.filter { point in rule.holds.contains { boxes[point].isInside($0, in: space) }
        })
    }
  }

  func merges() throws -> [MergeSearch.Merge] {
    var search = MergeSearch(
      space, MergeSearch.entries(card.costs, outcomes: set.rules.map(\.outcome)), set, .afterRouting
    )
    return try search.merges()
  }

  /// The points of the rule that a merge makes.
  func held(by merge: MergeSearch.Merge) -> Set<Int> {
    let conditions = card.costs[merge.members[0]].scope.alternatives[0].map { condition in
      condition.attribute == merge.attribute
        ? Condition(merge.attribute, merge.matcher, span: condition.span) : condition
    }
    let merged = space.boxes(RuleScope(alternatives: [conditions]), in: .afterRouting, .holding)
    return Set(points.filter { point in merged.contains { boxes[point].isInside($0, in: space) } })
  }

  /// Whether every other rule stands to the merged rule as to each member that it meets.
  func isHarmless(_ members: [Int]) -> Bool {
    let union = Set(members.flatMap { held[$0] })
    return held.indices.filter { !members.contains($0) }.allSatisfy { other in
      let relation = relation(
        union, members.flatMap { set.rules[$0].overrides }.contains(other), held[other],
        !Set(set.rules[other].overrides).isDisjoint(with: members))
      return members.allSatisfy { member in
        held[member].isDisjoint(with: held[other])
          || (set.beats(member, other), set.beats(other, member)) == relation
      }
    }
  }

  private func relation(
    _ first: Set<Int>, _ overrides: Bool, _ second: Set<Int>, _ isOverridden: Bool
  ) -> (Bool, Bool) {
    if overrides || isOverridden { return (overrides, isOverridden) }
    return (first.isStrictSubset(of: second), second.isStrictSubset(of: first))
  }

  /// What the card answers at a point, by the definition, with some rules put together.
  func outcome(at point: Int, merging members: [Int] = []) -> Int? {
    struct Holding {
      let places: [Int]
      let points: Set<Int>
      let outcome: Int
      let isDenial: Bool
    }
    var matching = held.indices.filter { held[$0].contains(point) && !members.contains($0) }.map {
      Holding(
        places: [$0], points: held[$0], outcome: set.rules[$0].outcome,
        isDenial: set.rules[$0].isDenial)
    }
    let union = Set(members.flatMap { held[$0] })
    if union.contains(point) {
      let rule = set.rules[members[0]]
      matching.append(
        Holding(places: members, points: union, outcome: rule.outcome, isDenial: rule.isDenial))
    }
    func beats(_ first: Holding, _ second: Holding) -> Bool {
      let overrides = first.places.contains {
        !Set(set.rules[$0].overrides).isDisjoint(with: second.places)
      }
      let isOverridden = second.places.contains {
        !Set(set.rules[$0].overrides).isDisjoint(with: first.places)
      }
      return relation(first.points, overrides, second.points, isOverridden).0
    }
    let left = matching.filter { rule in
      !matching.contains { $0.places != rule.places && beats($0, rule) }
    }
    let refusals = left.filter(\.isDenial)
    let outcomes = Set((refusals.isEmpty ? left : refusals).map(\.outcome))
    return outcomes.count > 1 && refusals.isEmpty ? -1 : outcomes.min()
  }

  /// Pairs of rules that differ in one condition, which one list or range can say.
  private var pairs: [(Int, Int, AttributeID)] {
    var result: [(Int, Int, AttributeID)] = []
    for first in held.indices {
      for second in held.indices where second > first {
        guard set.rules[first].outcome == set.rules[second].outcome else { continue }
        let left = conditions(first)
        let right = conditions(second)
        guard left.keys.sorted() == right.keys.sorted() else { continue }
        let differing = left.keys.filter { left[$0] != right[$0] }
        guard differing.count == 1, let attribute = differing.first,
          let one = left[attribute], let other = right[attribute], isOneCondition(one, other)
        else { continue }
        result.append((first, second, attribute))
      }
    }
    return result
  }

  var mergeablePairs: [(Int, Int, AttributeID)] { pairs.filter { isHarmless([$0.0, $0.1]) } }
  var harmfulPairs: Int { pairs.count { !isHarmless([$0.0, $0.1]) } }

  private func conditions(_ rule: Int) -> [AttributeID: Matcher] {
    Dictionary(
      uniqueKeysWithValues: card.costs[rule].scope.alternatives[0].map {
        ($0.attribute, $0.matcher)
      })
  }

  /// Two lists, or two ranges of counts (1, 2, 3 or more) without a number between them.
  private func isOneCondition(_ first: Matcher, _ second: Matcher) -> Bool {
    switch (first, second) {
    case (.oneOf, .oneOf): return true
    case (.not, _), (_, .not), (.absent, _), (_, .absent): return false
    default:
      func numbers(_ matcher: Matcher) -> Set<Int> {
        guard case .range(let lower, let upper) = matcher else { return [] }
        return Set(
          (0..<20).filter { value in
            let cut = Cut.before(Number(value))
            return (lower.map { $0.asLowerCut <= cut } ?? true)
              && (upper.map { cut < $0.asUpperCut } ?? true)
          })
      }
      let all = numbers(first).union(numbers(second))
      guard let least = all.min(), let most = all.max() else { return false }
      return all.count == most - least + 1
    }
  }

  private static func text(seed: UInt64) -> String {
    var random = SplitMix(seed: seed)
    func pick(_ choices: [String]) -> String { choices[random.below(choices.count)] }
    var lines = [
      "attributes:", "  request_type: [a, b, c]", "  input_tokens: count", "  batch: flag",
      "costs:",
    ]
    let types = ["a", "b", "c", "[a, c]", "{not: b}"]
    let models = ["m", "n", "'m*'", "[m, n]", "{not: 'm*'}"]
    let counts = ["{below: 2}", "{at_least: 2}", "{at_least: 2, below: 4}", "{above: 3}", "absent"]
    let flags = ["true", "false"]
    // Most rules vary one condition of the same few.
    let choices = [
      ("request_type", types), ("model", models), ("input_tokens", counts), ("batch", flags),
    ]
    let varied = choices[random.below(choices.count)]
    let common = choices.filter { $0.0 != varied.0 && random.oneIn(3) }.map { ($0.0, pick($0.1)) }
    for rule in 0..<(3 + random.below(4)) {
      var conditions = Dictionary(uniqueKeysWithValues: common)
      conditions[varied.0] = pick(varied.1)
      if random.oneIn(4) {
        let other = choices[random.below(choices.count)]
        conditions[other.0] = random.oneIn(2) ? nil : pick(other.1)
      }
      let when = conditions.sorted { $0.key < $1.key }.map { "\($0): \($1)" }
      let outcome = random.oneIn(6) ? "deny: no" : "credits: \(random.below(2))"
      let overrides = rule > 0 && random.oneIn(2) ? ", overrides: r\(random.below(rule))" : ""
      lines.append(
        "  - {name: r\(rule), when: {\(when.joined(separator: ", "))}, \(outcome)\(overrides)}")
    }
    return lines.joined(separator: "\n")
  }
}
