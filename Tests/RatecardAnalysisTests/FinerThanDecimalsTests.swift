import Ratecard
import RatecardCompiler
import RatecardDiagnostics
import RatecardModel
import RatecardTestSupport
import RatecardValues
import Testing

@testable import RatecardAnalysis

/// An amount is called too fine just when pricing every request shows it, before it is rounded.
@Suite struct FinerThanDecimalsTests {
  @Test(arguments: 0..<200)
  func amountsAreThoseThatAreRounded(_ seed: Int) throws {
    guard let world = try AmountWorld(seed: UInt64(seed)) else { return }
    let found = try LintRule.finerThanDecimals.check(world.inspection)
    #expect(Set(found.map(\.span)) == world.roundedSpans, "\(world.text)")
  }

  /// Enough of the cards load and have findings, and enough have none, for the test to mean
  /// something.
  @Test func theWorldsAreNotDull() throws {
    let worlds = try (0..<200).compactMap { try AmountWorld(seed: UInt64($0)) }
    #expect(worlds.count > 80)
    #expect(worlds.count { !$0.roundedSpans.isEmpty } > 40)
    #expect(worlds.count { $0.roundedSpans.isEmpty } > 5)
  }
}

/// A small random card of flat prices and adjustments, whose amounts never come to the same by
/// chance.
private struct AmountWorld {
  let text: String
  let inspection: Inspection
  /// The places of rules and adjustments whose amount some request pays but for rounding.
  private(set) var roundedSpans: Set<Span> = []

  /// Nil: the card does not load.
  init?(seed: UInt64) throws {
    text = Self.text(seed: seed &+ 31_000)
    let sample = Sample("credit: {unit: credit, decimals: 0}\n" + text)
    let exact = Sample("credit: {unit: credit, decimals: 10}\n" + text)
    var bag = DiagnosticBag()
    guard let card = sample.card(into: &bag), let compiled = Compiler.compile(card, into: &bag),
      let loaded = RateCard.load(files: exact.files).card
    else { return nil }
    inspection = Inspection(
      card: card, space: compiled.space, sets: compiled.sets, now: .earliest, plan: compiled.plan)
    let space = compiled.space
    for point in PartitionTests.points(of: space) {
      let request = Dictionary(
        uniqueKeysWithValues: Witness(in: point, axes: [], of: space).pairs.map {
          ($0.name, RequestValue.text($0.value))
        })
      guard let quote = try? loaded.price(request), case .priced(let paid) = quote.outcome,
        let index = card.costs.firstIndex(where: { $0.name == quote.rule }),
        case .price(let price) = card.costs[index].outcome, let flat = price.flatParts.first?.amount
      else { continue }
      let amount = try Rational(paid)
      if !paid.isInteger, amount == flat { roundedSpans.insert(card.costs[index].span) }
      for adjustment in card.adjustments where quote.adjustments.contains(adjustment.name) {
        switch adjustment.outcome.action {
        case .add(let added):
          let sum = try flat + added
          if flat.denominator == 1, amount == sum, added.denominator != 1 {
            roundedSpans.insert(adjustment.span)
          }
        case .minimum(let bound), .maximum(let bound):
          if bound.denominator != 1 { roundedSpans.insert(adjustment.span) }
        default: break
        }
      }
    }
  }

  private static func text(seed: UInt64) -> String {
    var random = SplitMix(seed: seed)
    func pick(_ choices: [String]) -> String { choices[random.below(choices.count)] }
    func conditions() -> String {
      var parts: [String] = []
      if random.below(3) > 0 {
        parts.append("request_type: \(pick(["a", "b", "[a, c]", "{not: b}"]))")
      }
      if random.oneIn(3) { parts.append("batch: \(pick(["true", "false", "absent"]))") }
      return "{\(parts.joined(separator: ", "))}"
    }
    var lines = ["attributes:", "  request_type: [a, b, c]", "  batch: flag", "costs:"]
    for rule in 0..<(1 + random.below(4)) {
      var outcome = "credits: \(pick(["1", "2", "0.25", "0.5", "1.5"]))"
      if random.oneIn(5) { outcome += ", minimum: \(pick(["0.75", "3"]))" }
      if random.oneIn(5) { outcome += ", maximum: \(pick(["0.125", "4"]))" }
      if random.oneIn(5) { outcome += ", adjust: false" }
      if random.oneIn(6) { outcome = "deny: no" }
      let overrides = overriding("r", below: rule)
      lines.append(
        "  - {name: r\(rule), when: \(conditions())\(overrides), \(outcome)}")
    }
    let count = random.below(5)
    if count > 0 { lines.append("adjustments:") }
    var grouped: [Int] = []
    for index in 0..<count {
      let action = pick([
        "multiply: 3", "multiply: 7", "add: 0.0625", "add: 11", "minimum: 1.2", "maximum: 29.5",
        "multiply: 5, of: credits", "add: 0.03125",
      ])
      var group = ""
      if random.oneIn(2) {
        group = ", group: g"
        if !grouped.isEmpty {
          group += ", overrides: [\(grouped.map { "a\($0)" }.joined(separator: ", "))]"
        }
        grouped.append(index)
      }
      lines.append("  - {name: a\(index), when: \(conditions()), \(action)\(group)}")
    }
    return lines.joined(separator: "\n")
  }
}
