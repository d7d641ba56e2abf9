import Ratecard
import RatecardReplay
import RatecardTestSupport
import Testing

/// Which cells and bounds tests reach.
@Suite struct TestCoverageTests {
  static let card = """
    attributes: {kind: [a, b, c], tokens: count, seconds: quantity, level: number, used: {type: quantity, default: 0}}
    windows: {night: {hours: ["22:00-06:00"]}}
    plans: {pro: {credits: 100}}
    costs:
      - {name: grid, table: [kind], when: {level: absent}, cells: {a: 1, b: 2, c: {rates: {seconds: {volume: [{up_to: 10, rate: 1}, {rate: 2}]}}}}}
      - {name: long, when: {kind: a, tokens: {above: 10}}, overrides: grid, credits: 5}
      - {name: longer, when: {kind: a, tokens: {above: 100}}, overrides: grid, credits: 6}
      - {name: seven, when: {kind: b, level: 7}, credits: 7}
      - {name: dated, when: {kind: b, level: 8}, from: 2026-05-01, credits: 8}
      - {name: metered, when: {kind: c, level: 9}, rates: {seconds: {graduated: [{up_to: 10, rate: 1}], after: used}}}
      - {name: rest, credits: 0}
    tiers:
      - {tier: fast}
      - {name: low, tier: slow, when: {balance_percent: {below: 20}}}
    """

  /// Tests, and the bounds that they reach.
  @Test(arguments: [
    ([], []),
    // Both sides of the bound, in its own atoms.
    (["price: {kind: a, tokens: 10}", "price: {kind: a, tokens: 11}"], ["long tokens 10"]),
    (["price: {kind: a, tokens: 1}", "price: {kind: a, tokens: 100}"], ["long tokens 10"]),
    // Beyond the next bound is not beside this one; without a value is on no side of it.
    (["price: {kind: a, tokens: 10}", "price: {kind: a, tokens: 101}"], []),
    (["price: {kind: a}", "price: {kind: a, tokens: 11}"], []),
    // Outside, all else must hold.
    (["price: {kind: b, tokens: 10}", "price: {kind: a, tokens: 11}"], []),
    // The lower rule wins just below the higher one, and a test counts for both.
    (
      [
        "price: {kind: a, tokens: 10}", "price: {kind: a, tokens: 100}",
        "price: {kind: a, tokens: 101}",
      ],
      ["long tokens 10", "longer tokens 100"]
    ),
    // A single value has two sides.
    (["price: {kind: b, level: 7}", "price: {kind: b, level: 6.99}"], []),
    (
      ["price: {kind: b, level: 7}", "price: {kind: b, level: 6}", "price: {kind: b, level: 7.1}"],
      ["seven level 7"]
    ),
    (
      ["price: {kind: b, level: 8, at: 2026-04-30}", "price: {kind: b, level: 8, at: 2027-01-01}"],
      ["dated at 2026-05-01"]
    ),
    // A test without `at` asks at all times.
    (
      [
        "price: {kind: b, level: 8, at: 2027-01-01}", "price: {kind: b, level: 7.5}",
        "price: {kind: b, level: 8.5}",
      ], ["dated level 8"]
    ),
    (["price: {kind: c, seconds: 10}", "price: {kind: c, seconds: 10.5}"], ["grid/c seconds 10"]),
    (["price: {kind: c, seconds: 10}", "price: {kind: c}"], []),
    // Past the last band there is no price, but the rule is reached.
    (
      [
        "price: {kind: c, level: 9, seconds: 1, used: 9}",
        "price: {kind: c, level: 9, seconds: 1, used: 10}",
      ], ["metered seconds 10"]
    ),
    (
      ["request: {plan: pro, balance: 19}", "request: {plan: pro, balance: 20}"],
      ["low balance_percent 20"]
    ),
    (["request: {plan: pro, balance: 19}", "request: {balance: 20}"], []),
  ])
  func reachesBounds(_ tests: [String], _ expected: [String]) throws {
    let card = try Self.load(tests)
    let boundaries = CardTestRun(card).coverage().boundaries
    #expect(boundaries.count == 9)
    #expect(
      boundaries.filter(\.isReached).map { "\($0.rule) \($0.bound)" }.sorted() == expected.sorted())
  }

  @Test func countsCellsApart() throws {
    let card = try Self.load(["price: {kind: a}", "price: {kind: b, level: 7}"])
    let coverage = CardTestRun(card).coverage()
    #expect(coverage.cells.map(\.rule) == ["grid/a", "grid/b", "grid/c"])
    #expect(coverage.cells.allSatisfy { $0.table == "grid" })
    #expect(coverage.cells.map(\.isReached) == [true, false, false])
    #expect(coverage.rules.filter(\.isReached).map(\.rule) == ["seven"])
  }

  private static func load(_ tests: [String]) throws -> RateCard {
    let items = tests.map {
      "  - {\($0), expect: {\($0.hasPrefix("price") ? "adjustments: []" : "params: {}")}}"
    }
    let text = tests.isEmpty ? "" : "\ntests:\n" + items.joined(separator: "\n")
    let sample = Sample(card + text)
    let result = RateCard.load(files: sample.files)
    return try #require(result.card, "\(sample.describe(result.report.diagnostics))")
  }
}
