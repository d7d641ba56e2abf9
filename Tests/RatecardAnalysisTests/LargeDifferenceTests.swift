import Foundation
import Ratecard
import RatecardDiagnostics
import RatecardTestSupport
import RatecardWorkloads
import Testing

@testable import RatecardAnalysis

/// Differences of cards with thousands of rules.
@Suite struct LargeDifferenceTests {
  /// A card of 2,000 rules: a table of models and request types, and narrower rules over four more
  /// attributes, some of which override each other.
  static let lines: [String] = {
    var random = SplitMix(seed: 7)
    var lines = [
      "attributes:", "  request_type: [a, b, c, d]", "  region: text", "  input_tokens: count",
      "  batch: flag", "plans: {free: {}, pro: {}, team: {}}", "costs:",
      "  - {name: rest, rates: {input_tokens: 5 per 1M}}", "  - name: weights",
      "    table: [request_type, model]", "    cells:",
    ]
    for type in ["a", "b", "c", "d"] {
      lines.append("      \(type):")
      for model in 0..<100 { lines.append("        m\(model): \(1 + random.below(90))") }
    }
    for number in 0..<1600 {
      var conditions = [
        "model: m\(number % 100)", "request_type: \(["a", "b", "c", "d"][number / 100 % 4])",
      ]
      switch number / 400 {
      case 0: conditions.append("plan: \(["free", "pro", "team"][random.below(3)])")
      case 1: conditions += ["plan: pro", "region: 'eu-*'"]
      case 2: conditions += ["plan: [pro, free]", "region: eu-1", "batch: true"]
      default:
        conditions += [
          "plan: [free, pro, team]", "region: {not: us}",
          "input_tokens: {above: \(1000 * (1 + number % 7))}",
        ]
      }
      let below = stride(from: number % 400, to: number, by: 400).map { "n\($0)" }
      let overrides = number < 400 ? "" : ", overrides: [\(below.joined(separator: ", "))]"
      lines.append(
        "  - {name: n\(number), when: {\(conditions.joined(separator: ", "))}, "
          + "credits: \(1 + random.below(90))\(overrides)}")
    }
    return lines
  }()

  /// The card, with something changed in the rule of a name.
  static func card(_ name: String = "", _ text: String = "", _ other: String = "") throws
    -> RateCard
  {
    let lines = Self.lines.map { line in
      line.contains("name: \(name),") ? line.replacing(text, with: other) : line
    }
    return try SameMeaningTests.load(lines.joined(separator: "\n"))
  }

  @Test func oneTokenIsFoundAmongThousandsOfRules() throws {
    let old = try Self.card()
    // 1300 % 7 is 5, so that the rule begins above 6000; 6001 is named nowhere.
    let new = try Self.card("n1300", "above: 6000", "at_least: 6002")
    let difference = try new.difference(from: old)
    #expect(difference.details.isEmpty)
    for change in difference.regions {
      #expect(change.section == .costs)
      for requests in change.requests {
        #expect(requests.conditions.contains("input_tokens: 6001"))
        #expect(requests.conditions.contains("model: m0"))
        #expect(requests.conditions.contains("request_type: b"))
      }
    }
    #expect(!difference.regions.isEmpty)
    #expect(try old.difference(from: old).isEmpty)
  }

  /// In a realistic card of ten thousand rules too.
  @Test func oneTokenIsFoundAmongTenThousandRules() throws {
    let text = LargeCard(rules: 10_000).text
    // The first rule that begins above 128000 begins above 128001; that number is named nowhere.
    let place = try #require(text.firstRange(of: "{above: 128K}"))
    let changed = text.replacingCharacters(in: place, with: "{at_least: 128002}")
    let difference = try SameMeaningTests.load(changed)
      .difference(from: try SameMeaningTests.load(text))
    #expect(difference.details.isEmpty && !difference.regions.isEmpty)
    for requests in difference.regions.flatMap(\.requests) {
      #expect(requests.conditions.contains("input_tokens: 128001"))
    }
  }

  /// When every price changes, every cell is a change and nothing else is.
  @Test func allPricesMayChange() throws {
    let old = try Self.card()
    let all = Self.lines.map { line in
      line.hasPrefix("        m") ? line + "00" : line
    }
    let new = try SameMeaningTests.load(all.joined(separator: "\n"))
    let difference = try new.difference(from: old)
    #expect(difference.trend == .rises)
    #expect(difference.regions.allSatisfy { $0.section == .costs })
    #expect(Set(difference.regions.map(\.before)).count > 50)
  }
}

/// Bounds on change between cards of thousands of rules.
@Suite struct LargeChangeTests {
  private static let guards = """

    guards:
      - {name: a hundredfold, changes: {at_most: 100x}}
      - {name: less than that, changes: {at_most: 99x}}
      - {name: never cheaper, changes: {at_least: 1x}}
      - {name: all change, when: {plan: absent, region: absent}, changes: {at_least: 1.5x}}
    """

  private static func findings(of lines: [String]) throws -> [String] {
    let old = try LargeDifferenceTests.card()
    let new = try SameMeaningTests.load(lines.joined(separator: "\n") + guards)
    return new.brokenChanges(since: old).diagnostics.map(\.message)
  }

  @Test func everyCellMayChange() throws {
    let found = try Self.findings(
      of: LargeDifferenceTests.lines.map { $0.hasPrefix("        m") ? $0 + "00" : $0 })
    #expect(found.count == 2)
    #expect(found.first?.hasPrefix("the guard `less than that` does not hold") ?? false)
    // What no cell prices stays as it is.
    #expect(found.last?.hasPrefix("the guard `all change` does not hold") ?? false)
  }

  @Test func oneRuleOfThousandsMayChange() throws {
    let found = try Self.findings(
      of: LargeDifferenceTests.lines.map { line in
        line.contains("name: n1300,") ? line.replacing("credits: ", with: "credits: 99") : line
      })
    #expect(found.count == 3)
    #expect(found.first?.hasPrefix("the guard `a hundredfold` does not hold") ?? false)
  }
}
