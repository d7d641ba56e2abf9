import Testing

@testable import RatecardAnalysis

/// Which words are taken for `any`, and where.
@Suite struct DefaultKeyTests {
  @Test(arguments: [
    ("default", true), ("DEFAULT", true), ("else", true), ("Other", true), ("others", true),
    ("otherwise", true), ("all", true), ("anything", true), ("everything", true),
    ("any", false), ("defaults", false), ("default*", false), ("another", false), ("", false),
  ])
  func words(_ word: String, _ isFound: Bool) throws {
    for place in [
      "costs: [{name: a, table: [region], cells: {'\(word)': 1, eu: 1}}]",
      "costs: [{name: a, when: {region: '\(word)'}, credits: 1}]",
      "costs: [{name: a, credits: 1}]\nadjustments: [{name: a, when: {region: '\(word)'}, add: 1}]",
      "costs: [{name: a, credits: 1}]\ntiers: [{name: a, tier: b, when: {region: '\(word)'}}]",
      "costs: [{name: a, credits: 1}]\nroutes: [{name: a, model: m, when: {region: '\(word)'}}]",
      "costs: [{name: a, credits: 1}]\nguards: [{name: a, credits: 1, when: {region: '\(word)'}}]",
    ] {
      let card = try #require(SmallCard("attributes: {region: text}\n" + place), "\(place)")
      #expect(try card.found(.defaultKey).count == (isFound ? 1 : 0), "\(place)")
    }
  }

  @Test(arguments: [
    "attributes: {region: [default, eu]}\ncosts: [{when: {region: default}, credits: 1}]",
    "attributes: {region: {type: text, default: default}}\n"
      + "costs: [{when: {region: default}, credits: 1}]",
    "attributes: {region: text}\ncosts: [{when: {region: [default, eu]}, credits: 1}]",
    "attributes: {region: text}\ncosts: [{when: {region: {not: default}}, credits: 1}]",
    "models: {default: {}}\ncosts: [{when: {model: default}, credits: 1}]",
    "models: {m: {class: default}}\ncosts: [{when: {model_class: default}, credits: 1}]",
    "plans: {default: {}}\ncosts: [{when: {plan: default}, credits: 1}]",
    "events: [{on: other, notify: a, when: {event.reason: other}}]\n"
      + "costs: [{name: a, credits: 1}]",
  ])
  func quietWhereThereIsSuchAText(_ text: String) throws {
    let card = try #require(SmallCard(text), "\(text)")
    #expect(try card.found(.defaultKey).isEmpty, "\(text)")
  }
}
