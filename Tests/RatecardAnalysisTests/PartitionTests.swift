import Ratecard
import RatecardCompiler
import RatecardDiagnostics
import RatecardModel
import RatecardTestSupport
import RatecardValues
import Testing

@testable import RatecardAnalysis

/// A partition holds every request once, with the rule that the definition of "beats" leaves.
@Suite struct PartitionTests {
  @Test(arguments: 0..<1500)
  func piecesAreDisjointAndRight(_ seed: Int) throws {
    guard let compiled = RandomCosts(seed: UInt64(seed)).compiled() else { return }
    let (space, set) = (compiled.space, compiled.sets.costs)
    var partition = Partition(space, set)
    let pieces = try partition.pieces()
    for point in Self.points(of: space) {
      let holding = pieces.filter { point.isInside($0.box, in: space) }
      #expect(holding.count == 1, "\(point) lies in \(holding.count) pieces")
      #expect(holding.first?.winner == Self.winner(for: point, set, space))
    }
  }

  @Test(arguments: 0..<300)
  func piecesThatMeetSuspectsAreNotLeftOut(_ seed: Int) throws {
    guard let compiled = RandomCosts(seed: UInt64(seed)).compiled() else { return }
    let (space, set) = (compiled.space, compiled.sets.costs)
    let suspects = set.boxes.boxes.enumerated().filter { $0.offset % 2 == seed % 2 }.map(\.element)
    var partition = Partition(space, set)
    let pieces = try partition.pieces(meeting: suspects)
    var answers = AnswerPartition(space, [set])
    let answered = try answers.pieces(of: .everything, suspects: suspects)
    for point in Self.points(of: space)
    where suspects.contains(where: { point.isInside($0, in: space) }) {
      let winner = Self.winner(for: point, set, space)
      #expect(pieces.filter { point.isInside($0.box, in: space) }.map(\.winner) == [winner])
      let outcome = winner.map { set.rules[$0].outcome }
      #expect(
        answered.filter { point.isInside($0.box, in: space) }.map(\.answers) == [[outcome]])
    }
  }

  @Test(arguments: 0..<300)
  func mergedRegionsHoldTheSame(_ seed: Int) throws {
    guard let compiled = RandomCosts(seed: UInt64(seed)).compiled() else { return }
    let (space, set) = (compiled.space, compiled.sets.costs)
    var partition = Partition(space, set)
    let gaps = try partition.gaps()
    let region = Region(gaps, in: space)
    for point in Self.points(of: space) {
      let inGaps = gaps.count { point.isInside($0, in: space) }
      #expect(inGaps == (Self.winner(for: point, set, space) == nil ? 1 : 0))
      #expect(region.boxes.count { point.isInside($0, in: space) } == inGaps)
    }
  }

  /// A refusal that holds everywhere may be beaten in a part only, by a rule that loses itself.
  @Test func refusalsAreBeatenWhereTheirBeatersHold() throws {
    let text = """
      attributes: {n: count, request_type: [a, b], batch: flag}
      costs:
        - {name: refused, when: {n: {not: {at_least: 3}}}, deny: too few}
        - {name: exception, when: {n: {not: {below: 3}}, request_type: [a, b], batch: absent}, overrides: refused, credits: 2}
        - {name: cheap, when: {request_type: a}, overrides: exception, credits: 1}
      """
    var bag = DiagnosticBag()
    let card = try #require(Sample(text).card(into: &bag))
    let compiled = try #require(Compiler.compile(card, into: &bag))
    let (space, set) = (compiled.space, compiled.sets.costs)
    var partition = Partition(space, set)
    let pieces = try partition.pieces()
    for point in Self.points(of: space) {
      let holding = pieces.filter { point.isInside($0.box, in: space) }
      #expect(holding.map(\.winner) == [Self.winner(for: point, set, space)])
    }
  }

  /// Every combination of atoms that some request has.
  static func points(of space: Space) -> [Box] {
    var points = [Box.everything]
    for axis in space.axes.indices {
      points = points.flatMap { point in
        (0..<space.axes[axis].count).map { atom in
          point.replacing(axis, by: AtomSet(atom: atom))
        }
      }
    }
    return points.filter(space.isPossible)
  }

  /// The winner by the definition, among the rules that hold at a point.
  static func winner(for point: Box, _ set: RuleSet, _ space: Space) -> Int? {
    let matching = set.rules.indices.filter { rule in
      set.rules[rule].holds.contains { point.isInside($0, in: space) }
    }
    let left = matching.filter { rule in !matching.contains { set.beats($0, rule) } }
    let refusals = left.filter { set.rules[$0].isDenial }
    return (refusals.isEmpty ? left : refusals).min {
      set.rules[$0].name.utf8.lexicographicallyPrecedes(set.rules[$1].name.utf8)
    }
  }
}

/// A small random card of costs in which `overrides` settle every ambiguity that can be settled so.
struct RandomCosts {
  private let text: String

  init(seed: UInt64) {
    var random = SplitMix(seed: seed &+ 77)
    var lines = [
      "attributes:", "  request_type: [a, b, c]", "  input_tokens: count",
      "  cached: {type: count, part_of: input_tokens}", "  batch: flag", "costs:",
    ]
    for rule in 0..<(2 + random.below(6)) {
      var conditions: [String] = []
      if random.oneIn(2) {
        conditions.append("request_type: \(["a", "b", "[a, c]", "{not: b}"][random.below(4)])")
      }
      if random.oneIn(2) {
        conditions.append("model: \(["m", "'m*'", "[m, n]", "{not: 'm*'}"][random.below(4)])")
      }
      if random.oneIn(3) {
        let key = ["above", "at_least", "below", "at_most"][random.below(4)]
        conditions.append("input_tokens: {\(key): \(1 + random.below(3))}")
      }
      if random.oneIn(4) { conditions.append("cached: {at_least: \(1 + random.below(3))}") }
      if random.oneIn(4) { conditions.append("batch: \(["true", "absent"][random.below(2)])") }
      let outcome = random.oneIn(5) ? "deny: no \(rule)" : "credits: \(rule)"
      let overrides =
        rule > 0 && random.oneIn(2)
        ? ", overrides: [\(Set((0..<2).map { _ in "r\(random.below(rule))" }).sorted().joined(separator: ", "))]"
        : ""
      lines.append(
        "  - {name: r\(rule), when: {\(conditions.joined(separator: ", "))}, \(outcome)\(overrides)}"
      )
    }
    text = lines.joined(separator: "\n")
  }

  /// The card's files.
  var sample: Sample { Sample(text) }

  /// The card as the compiler leaves it; nil when it does not load.
  func compiled() -> Compiler.Compiled? {
    var bag = DiagnosticBag()
    guard let card = sample.card(into: &bag) else { return nil }
    return Compiler.compile(card, into: &bag)
  }
}
