import Ratecard
import RatecardDiagnostics
import RatecardTestSupport
import Testing

/// A card's version: the same for all spellings of one card, another for every other card.
@Suite struct CardVersionTests {
  static let card = """
    ratecard: 1
    name: versions
    credit: {unit: u, decimals: 2, worth: 0.04 USD}
    attributes: {kind: [a, b], n: count, part: {type: count, part_of: n}}
    models: {m: {aliases: [x, y-*], class: c}, k: {}}
    windows: {night: {hours: ["22:00-06:00", "12:00-13:00"], days: [mon, tue]}}
    costs:
      - {name: all, credits: 1}
      - {name: some, when: [{kind: [a, b], model: m}, {n: {above: 1K}}], credits: 2}
      - {name: over, when: {kind: a}, overrides: some, credits: 3}
    adjustments: [{name: half, when: {window: night}, multiply: 0.5}]
    tiers: [{tier: t}]
    routes: [{name: r, model: m, fallbacks: [k], params: {p: 1, q: "1"}}]
    events: [{on: e, tier: t, notify: hello}]
    plans: {p: {credits: 5, price: 1 USD per month}}
    meter: {event: ai.request, properties: [kind, model]}
    tests:
      - {name: one, price: {kind: a, at: 2026-01-01}, expect: {credits: 3}}
      - {name: two, price: {kind: b, at: 2026-01-01}, expect: {credits: 1}}
    guards: [{name: g, credits: {at_least: 0}}, {name: h, priced: true}]

    """

  private func version(_ text: String) throws -> String {
    let sample = Sample(text)
    let result = RateCard.load(files: sample.files)
    let findings = sample.describe(result.report.diagnostics)
    guard let card = result.card else {
      Issue.record("\(findings)\(text)")
      return ""
    }
    return card.version
  }

  @Test(arguments: [
    ("a comment", "# hello\n" + card),
    ("quotes", card.replacing("name: all,", with: "name: \"all\",")),
    ("number spelling", card.replacing("above: 1K", with: "above: 1_000.0")),
    ("order of a list", card.replacing("[a, b], model", with: "[b, a], model")),
    ("order of keys", card.replacing("{name: all, credits: 1}", with: "{credits: 1, name: all}")),
    ("currency", card.replacing("name: all, credits: 1", with: "name: all, credits: 0.04 USD")),
    (
      "order of alternatives",
      card.replacing(
        "[{kind: [a, b], model: m}, {n: {above: 1K}}]",
        with: "[{n: {above: 1K}}, {kind: [a, b], model: m}]")
    ),
    ("order of aliases", card.replacing("[x, y-*]", with: "[y-*, x]")),
    (
      "order of hours",
      card.replacing("\"22:00-06:00\", \"12:00-13:00\"", with: "\"12:00-13:00\", \"22:00-06:00\"")
    ),
    ("order of params", card.replacing("{p: 1, q: \"1\"}", with: "{q: \"1\", p: 1}")),
    ("order of properties", card.replacing("[kind, model]}", with: "[model, kind]}")),
    (
      "order of guards",
      card.replacing(
        "{name: g, credits: {at_least: 0}}, {name: h, priced: true}",
        with: "{name: h, priced: true}, {name: g, credits: {at_least: 0}}")
    ),
    (
      "order of rules",
      card.replacing("  - {name: all, credits: 1}\n", with: "")
        .replacing(
          "  - {name: over, when: {kind: a}, overrides: some, credits: 3}\n",
          with: "  - {name: over, when: {kind: a}, overrides: [some], credits: 3}\n"
            + "  - {name: all, credits: 1}\n")
    ),
    ("files", card.replacing("plans:", with: "### deep/plans.yaml\nplans:")),
    ("an anchor", card.replacing("[k], params", with: "[&k k], params")),
    ("what is the default", card.replacing("decimals: 2", with: "decimals: 2, rounding: half_up")),
  ])
  func isTheSame(_ what: String, _ text: String) throws {
    #expect(text != Self.card)
    #expect(try version(text) == version(Self.card), "\(what)")
  }

  @Test(arguments: [
    ("name: versions", "name: version"), ("unit: u", "unit: v"), ("decimals: 2", "decimals: 3"),
    ("decimals: 2", "decimals: 2, rounding: up"), ("worth: 0.04 USD", "worth: 0.05 USD"),
    ("decimals: 2", "decimals: 2, expires_after_days: 30"), ("kind: [a, b],", "kind: [a, b, c],"),
    ("n: count", "n: quantity"), (", part_of: n}", "}"),
    ("type: count,", "type: count, default: 0,"),
    ("[x, y-*]", "[x, z-*]"), ("class: c", "class: d"), ("k: {}", "k: {}, l: {}"),
    ("12:00-13:00", "12:00-14:00"), ("[mon, tue]", "[mon]"),
    ("days: [", "zone: Asia/Tokyo, days: ["),
    ("days: [", "except: [2026-01-01], days: ["), ("name: all", "name: every"),
    ("name: all, credits: 1", "name: all, credits: 1.5"),
    ("name: all, credits: 1", "name: all, deny: nothing"),
    ("name: all, credits: 1", "name: all, credits: 1, adjust: false"),
    ("name: all, credits: 1", "name: all, credits: 1, minimum: 0.5"),
    ("name: all, credits: 1", "name: all, rates: {n: 1}"),
    ("name: all, credits: 1", "name: all, rates: {n: {volume: [{up_to: 3, rate: 1}, {rate: 2}]}}"),
    ("name: all, credits: 1", "name: all, rates: {n: {volume: [{below: 3, rate: 1}, {rate: 2}]}}"),
    ("name: all, credits: 1", "name: all, rates: {n: {rate: 1, round: up to 2}}"),
    ("above: 1K", "at_least: 1K"), ("model: m}", "model: k}"),
    (", fallbacks: [k]", ""), ("multiply: 0.5", "multiply: 0.6"),
    ("name: half,", "name: half, group: g,"), ("multiply: 0.5", "minimum: 0.5"),
    ("tiers: [{tier: t}]", "tiers: [{tier: t}, {name: u, tier: u, when: {plan: p}}]"),
    ("model: m, fallbacks", "model: k, queue: q, fallbacks"), ("q: \"1\"", "q: 1"),
    ("notify: hello", "notify: hallo"), ("on: e,", "on: f,"), ("credits: 5", "credits: 6"),
    ("1 USD per month", "1 USD per year"), ("1 USD per month", "1 USD per seat per month"),
    ("event: ai.request", "event: ai.use"), ("[kind, model]}", "[kind]}"),
    ("name: one", "name: uno"), ("expect: {credits: 3}", "expect: {credits: 3, rule: over}"),
    ("at_least: 0}", "at_least: 0.5}"), ("priced: true", "never_denied: true"),
  ])
  func isAnother(_ old: String, _ new: String) throws {
    let changed = Self.card.replacing(old, with: new, maxReplacements: 1)
    #expect(changed != Self.card)
    #expect(try version(changed) != version(Self.card))
  }

  @Test func everyRolloverIsAnother() throws {
    let ends = ["", ", for: 1 month", ", for: 2 months", ", times: 1", ", for: 1 month, times: 1"]
    let versions = try ends.map { end in
      try version(
        Self.card.replacing("decimals: 2", with: "decimals: 2, rollover: {percent: 5\(end)}"))
    }
    #expect(Set(versions).count == ends.count)
  }

  /// Texts that only look the same make two cards.
  @Test(arguments: [
    ("[x, y-*]", #"["e\u0301"]"#, #"["\u00E9", "e\u0301"]"#),
    ("{kind: a}", #"{customer: ["\u00E9"]}"#, #"{customer: ["\u00E9", "e\u0301"]}"#),
    ("{kind: a, at", #"{"\u00E9": 1, at"#, #"{"\u00E9": 1, "e\u0301": 1, at"#),
  ])
  func looksTheSameAndIsAnother(_ old: String, _ first: String, _ second: String) throws {
    let cards = [first, second].map { Self.card.replacing(old, with: $0, maxReplacements: 1) }
    #expect(try version(cards[0]) != version(cards[1]))
  }

  @Test func isASHA256InHexadecimal() throws {
    let version = try version(Self.card)
    #expect(version.utf8.count == 64)
    #expect(version.allSatisfy { $0.isHexDigit && !$0.isUppercase })
  }
}
