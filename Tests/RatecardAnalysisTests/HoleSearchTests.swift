import RatecardCompiler
import RatecardDiagnostics
import RatecardModel
import RatecardTestSupport
import RatecardValues
import Testing

@testable import RatecardAnalysis

/// Holes in a timeline are what the definition makes of every request and every instant.
@Suite struct HoleSearchTests {
  @Test(arguments: 0..<250)
  func holesAreThoseOfTheDefinition(_ seed: Int) throws {
    guard let world = TimelineWorld(seed: UInt64(seed)) else { return }
    for toleratesNoRule in [false, true] {
      let expected = world.holes(toleratesNoRule: toleratesNoRule)
      var search = HoleSearch(
        world.space, world.set, world.rules, .afterRouting, toleratesNoRule: toleratesNoRule)
      let found = try search?.holes() ?? []
      #expect(
        Dictionary(uniqueKeysWithValues: found.map { ($0.ending, $0.beginning) }) == expected,
        "\(world.text)")
    }
  }

  /// Enough of the cards load and have holes for the test to mean something.
  @Test func theWorldsAreNotDull() {
    let worlds = (0..<250).compactMap { TimelineWorld(seed: UInt64($0)) }
    #expect(worlds.count > 80)
    #expect(worlds.count { !$0.holes(toleratesNoRule: false).isEmpty } > 15)
    #expect(worlds.count { !$0.holes(toleratesNoRule: true).isEmpty } > 10)
  }
}

/// A small random card of dated costs.
private struct TimelineWorld {
  let text: String
  let space: Space
  let set: RuleSet
  let rules: [DatedRule]
  private let times: TimeDomain
  private let axis: Int
  /// Every combination of values but time.
  private let points: [Box]

  /// Nil: the card does not load, or no rule has a date.
  init?(seed: UInt64) {
    text = Self.text(seed: seed &+ 9_000)
    var bag = DiagnosticBag()
    guard let card = Sample(text).card(into: &bag),
      let compiled = Compiler.compile(card, into: &bag),
      let axis = compiled.space.axis(of: .at, in: .afterRouting),
      case .times(let times) = compiled.space.axes[axis].domain
    else { return nil }
    space = compiled.space
    set = compiled.sets.costs
    rules = card.costs.map { DatedRule($0) }
    self.times = times
    self.axis = axis
    points = Array(Set(PartitionTests.points(of: space).map { $0.without(axis) }))
  }

  /// For each rule with a hole after it, the first rule on its other side.
  func holes(toleratesNoRule: Bool) -> [Int: Int] {
    // What each rule asks apart from its dates: the points with windows.
    let masks = Array(Set(times.atoms.map(\.windows)))
    let asked = rules.map { rule in
      let boxes = space.boxes(rule.others, in: .afterRouting, .holding)
      return Swift.Set(
        points.indices.flatMap { point in
          masks.indices.filter { mask in
            times.atoms.indices.contains { atom in
              times.atoms[atom].windows == masks[mask]
                && boxes.contains { box($0, holds: point, atom) }
            }
          }.map { point * masks.count + $0 }
        })
    }
    var result: [Int: Int] = [:]
    for ending in rules.indices {
      guard let end = rules[ending].end, !asked[ending].isEmpty else { continue }
      let goesOn = rules.indices.contains { other in
        asked[other] == asked[ending] && (rules[other].start ?? .earliest) <= end
          && (rules[other].end.map { end < $0 } ?? true)
      }
      if goesOn { continue }
      let later = rules.indices.filter { rules[$0].start.map { end < $0 } ?? false }
        .sorted { (rules[$0].start ?? .earliest, $0) < (rules[$1].start ?? .earliest, $1) }
      result[ending] = later.first { beginning in
        isHole(ending, beginning, asked, masks, toleratesNoRule)
      }
    }
    return result
  }

  private func isHole(
    _ ending: Int, _ beginning: Int, _ asked: [Swift.Set<Int>], _ masks: [UInt64],
    _ toleratesNoRule: Bool
  ) -> Bool {
    guard let end = rules[ending].end, let start = rules[beginning].start,
      asked[ending].isSubset(of: asked[beginning]) || asked[beginning].isSubset(of: asked[ending])
    else { return false }
    let isShort = [ending, beginning].allSatisfy { rule in
      guard let first = rules[rule].start, let last = rules[rule].end else { return true }
      return start.nanoseconds - end.nanoseconds < last.nanoseconds - first.nanoseconds
    }
    func isBehind(_ rule: Int) -> Bool {
      [ending, beginning].allSatisfy {
        asked[$0].isStrictSubset(of: asked[rule])
          && set.rules[$0].outcome != set.rules[rule].outcome
      }
    }
    guard let first = times.cuts.firstIndex(of: end), let last = times.cuts.firstIndex(of: start)
    else { return false }
    func atom(_ stretch: Int, _ mask: UInt64) -> Int? {
      times.atoms.firstIndex { $0.stretch == stretch && $0.windows == mask }
    }
    return points.indices.contains { point in
      masks.contains { mask in
        guard let before = atom(first, mask), let after = atom(last + 1, mask),
          winner(point, before) == ending, winner(point, after) == beginning
        else { return false }
        let between = (first + 1...last).compactMap { atom($0, mask) }
        return !between.isEmpty
          && between.allSatisfy { atom in
            guard let winner = winner(point, atom) else { return isShort || !toleratesNoRule }
            return isShort && isBehind(winner)
          }
      }
    }
  }

  private func winner(_ point: Int, _ atom: Int) -> Int? {
    let box = points[point].replacing(axis, by: AtomSet(atom: atom))
    return PartitionTests.winner(for: box, set, space)
  }

  private func box(_ box: Box, holds point: Int, _ atom: Int) -> Bool {
    points[point].replacing(axis, by: AtomSet(atom: atom)).isInside(box, in: space)
  }

  private static func text(seed: UInt64) -> String {
    var random = SplitMix(seed: seed)
    func pick(_ choices: [String]) -> String { choices[random.below(choices.count)] }
    var lines = ["attributes:", "  request_type: [a, b, c]"]
    let hasWindow = random.oneIn(4)
    if hasWindow { lines += ["windows:", "  night: {hours: [\"22:00-06:00\"]}"] }
    lines.append("costs:")
    let count = 2 + random.below(5)
    for rule in 0..<count {
      var conditions: [String] = []
      if random.below(5) > 0 {
        conditions.append("request_type: \(pick(["a", "a", "a", "b", "[a, b]", "{not: c}"]))")
      }
      if random.oneIn(3) { conditions.append("plan: \(pick(["p", "p", "{not: p}"]))") }
      if hasWindow, random.oneIn(3) { conditions.append("window: night") }
      let from = 1 + random.below(8)
      var parts = ["name: r\(rule)"]
      switch random.below(6) {
      case 0: break
      case 1: parts.append("until: 2026-0\(from)-01")
      case 2: parts.append("from: 2026-0\(from)-01")
      case 3: conditions.append("at: {below: 2026-0\(from)-01}")
      default:
        parts += ["from: 2026-0\(from)-01", "until: 2026-0\(from + 1 + random.below(9 - from))-01"]
      }
      parts.insert("when: {\(conditions.joined(separator: ", "))}", at: 1)
      parts.append(random.oneIn(6) ? "deny: no \(rule)" : "credits: \(random.below(4))")
      if rule > 0, random.oneIn(2) {
        parts.append("overrides: [r\(random.below(rule))]")
      }
      lines.append("  - {\(parts.joined(separator: ", "))}")
    }
    return lines.joined(separator: "\n")
  }
}
