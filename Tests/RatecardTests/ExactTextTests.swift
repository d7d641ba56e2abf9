import Ratecard
import RatecardDiagnostics
import RatecardTestSupport
import RatecardValues
import Testing

/// Texts are their bytes, also where Swift takes two of them for one: an accented letter, and the
/// letter and its accent.
@Suite struct ExactTextTests {
  static let composed = "\u{E9}"
  static let decomposed = "e\u{301}"

  static func load(_ text: String) throws -> RateCard {
    let sample = Sample(text)
    let result = RateCard.load(files: sample.files)
    return try #require(result.card, "\(sample.describe(result.report.diagnostics))")
  }

  static let card = #"""
    attributes: {region: ["\u00E9", "e\u0301"], K: count}
    models:
      "\u00E9": {aliases: ["\u00E8"], class: "\u00E9"}
      "e\u0301": {aliases: ["e\u0300"], class: "e\u0301"}
    plans: {"\u00E9": {credits: 100}, "e\u0301": {credits: 200}}
    windows: {"\u00E9": {days: [mon]}, "e\u0301": {days: [tue]}}
    tiers:
      - {name: composed, tier: "\u00E9", when: {plan: "\u00E9"}}
      - {name: decomposed, tier: "e\u0301", when: {plan: "e\u0301"}}
    costs:
      - {name: "\u00E9", when: {region: "\u00E9"}, credits: 1}
      - {name: "e\u0301", when: {region: "e\u0301"}, credits: 2}
      - {name: composed model, when: {region: absent, model_class: "\u00E9"}, credits: 3}
      - {name: decomposed model, when: {region: absent, model_class: "e\u0301"}, credits: 4}
      - name: nearly empty
        when: {region: absent, model: absent, balance_percent: {below: 50}}
        credits: 5
      - name: monday
        when: {region: absent, model: absent, window: "\u00E9"}
        overrides: nearly empty
        credits: 6
      - name: tuesday
        when: {region: absent, model: absent, window: "e\u0301"}
        overrides: nearly empty
        credits: 7
    """#

  /// Requests without what they share, and the rule that prices each.
  static let requests: [([String: RequestValue], rule: String)] = [
    (["region": .text(composed)], composed), (["region": .text(decomposed)], decomposed),
    (["model": .text(composed)], "composed model"),
    (["model": .text(decomposed)], "decomposed model"),
    (["model": "\u{E8}"], "composed model"), (["model": "e\u{300}"], "decomposed model"),
    (["plan": .text(decomposed), "balance": 60], "nearly empty"),
    (["at": "2026-06-01"], "monday"), (["at": "2026-06-02"], "tuesday"),
  ]

  @Test(arguments: requests)
  func requestsMeetTheirRules(_ given: [String: RequestValue], _ rule: String) throws {
    let card = try Self.load(Self.card)
    let request = given.merging(["at": "2026-06-03"]) { own, _ in own }
    #expect(Array(try card.price(request).rule.utf8) == Array(rule.utf8))
    // The walk over the model sees the same.
    let costs = card.explain(request, costAlone: true).stages.first { $0.section == "costs" }
    #expect((costs?.winner).map { Array($0.utf8) } == Array(rule.utf8))
  }

  /// Of two plans each has its own credits: 60 of 100 are not below half, 60 of 200 are.
  @Test func aGrantIsItsPlans() throws {
    let card = try Self.load(Self.card)
    let request: [String: RequestValue] = [
      "plan": .text(Self.composed), "balance": 60, "at": "2026-06-03",
    ]
    #expect(throws: RequestError.self) { try card.price(request) }
  }

  @Test(arguments: [composed, decomposed])
  func aTierIsTheOneThatWasWritten(_ plan: String) throws {
    let card = try Self.load(Self.card)
    let decision = try card.decide(["plan": .text(plan), "region": .text(plan)])
    #expect(decision.tier.map { Array($0.utf8) } == Array(plan.utf8))
  }

  /// The Kelvin sign is canonically equivalent to the letter.
  @Test func anAttributeHasOneName() throws {
    let card = try Self.load(Self.card)
    #expect(throws: Never.self) { try card.handle("K") }
    #expect(throws: RequestError.self) { try card.handle("\u{212A}") }
    #expect(throws: RequestError.self) {
      try card.price(["\u{212A}": 1, "region": .text(Self.composed)])
    }
  }

  /// A test whose answer changes to a text that looks the same depends on time all the same.
  @Test func aTestSeesEveryChange() throws {
    let sample = Sample(
      #"""
      costs:
        - {name: first, deny: "\u00E9"}
        - {name: later, from: 2026-06-01, deny: "e\u0301"}
      tests: [{price: {}, expect: {denied: "\u00E9"}}]
      """#)
    let found = RateCard.load(files: sample.files).report.diagnostics
    #expect(found.map(\.code) == [.testDependsOnTime], "\(sample.describe(found))")
  }
}
