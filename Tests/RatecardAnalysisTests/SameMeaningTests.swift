import Ratecard
import RatecardDiagnostics
import RatecardModel
import RatecardTestSupport
import Testing

@testable import RatecardAnalysis

/// Changes to a card's text that change nothing of what it means.
@Suite struct SameMeaningTests {
  static let card = """
    attributes:
      request_type: [chat, agent]
      input_tokens: count
      cached: {type: count, part_of: input_tokens}
    models: {sonnet-x: {}, gpt: {aliases: [gpt-*]}, sonnet: {class: big}}
    plans: {free: {credits: 5}, pro: {credits: 50, price: 20 USD per month}}
    windows: {peak: {hours: ["09:00-17:00"]}}
    tiers:
      - {name: fast, tier: fast}
      - {name: slow, tier: slow, when: {balance: {below: 1}}}
    routes:
      - {name: usual, queue: normal}
      - {name: slow lane, when: {tier: slow}, model: gpt}
    costs:
      - name: weights
        table: [request_type, model]
        cells:
          chat: {gpt: 1, sonnet: 2}
          agent: {gpt: 10, sonnet: 20}
      - {name: anything else, credits: 1}
      - {name: refused, when: {plan: free, model: sonnet}, overrides: weights, deny: not for free}
      - {name: by night, when: {window: {not: peak}, request_type: agent}, overrides: [weights, refused, long], credits: 3}
      - {name: long, when: {input_tokens: {above: 200K}, model: sonnet-x}, rates: {input_tokens: 3 per 1M}}
    adjustments:
      - {name: markup, multiply: 1.2}
      - {name: batch, when: {request_type: chat}, multiply: 0.5}
    events:
      - {on: credit.balance_low, tier: slow}

    """

  static func changed(_ edits: [(String, String)]) -> String {
    edits.reduce(card) {
      precondition($0.contains($1.0), "the card says `\($1.0)`")
      return $0.replacing($1.0, with: $1.1)
    }
  }

  static let same: [(what: String, edits: [(String, String)])] = [
    ("a comment", [("costs:", "# prices\ncosts:")]),
    (
      "names",
      [
        ("name: anything else", "name: rest"), ("weights", "prices"), ("name: refused", "name: no"),
        ("refused, long]", "no, long]"), ("name: markup", "name: margin"),
        ("slow lane", "a slow lane"),
      ]
    ),
    (
      "a table split in two",
      [
        (
          "      agent: {gpt: 10, sonnet: 20}\n",
          "  - name: more weights\n    table: model\n    when: {request_type: agent}\n"
            + "    cells: {gpt: 10, sonnet: 20}\n"
        ),
        ("overrides: weights,", "overrides: [weights, more weights],"),
        ("[weights, refused, long]", "[weights, more weights, refused, long]"),
      ]
    ),
    (
      "cells as rules",
      [
        (
          "      agent: {gpt: 10, sonnet: 20}\n",
          "      agent: {gpt: 10}\n"
            + "  - {name: dear, when: {model: sonnet, request_type: agent}, credits: 20}\n"
        ),
        ("overrides: weights,", "overrides: [weights, dear],"),
        ("[weights, refused, long]", "[weights, dear, refused, long]"),
      ]
    ),
    (
      "a rule that says again what holds",
      [
        (
          "  - {name: anything else, credits: 1}\n",
          "  - {name: anything else, credits: 1}\n  - {name: more, when: {plan: pro}, credits: 1}\n"
        ),
        ("name: weights\n", "name: weights\n    overrides: more\n"),
        ("model: sonnet-x}, rates", "model: sonnet-x}, overrides: more, rates"),
        ("[weights, refused, long]", "[weights, refused, long, more]"),
      ]
    ),
    (
      "a condition that always holds",
      [("name: anything else,", "name: anything else, when: {input_tokens: any, plan: any},")]
    ),
    (
      "a number spelled otherwise",
      [("above: 200K", "above: 200_000.0"), ("3 per 1M", "0.003 per 1K")]
    ),
    ("a bound among whole numbers", [("above: 200K", "at_least: 200_001")]),
    ("a complement", [("window: {not: peak}", "window: absent")]),
    (
      "alternatives as rules",
      [
        (
          "{name: long, when: {input_tokens: {above: 200K}, model: sonnet-x},",
          "{name: long, when: [{input_tokens: {above: 200K, at_most: 1M}, model: sonnet-x}, "
            + "{input_tokens: {above: 1M}, model: sonnet-x}],"
        )
      ]
    ),
    (
      "factors that come to the same",
      [("multiply: 1.2}", "multiply: 2}\n  - {name: less, multiply: 0.6}")]
    ),
    (
      "an adjustment that does nothing",
      [("multiply: 1.2}", "multiply: 1.2}\n  - {name: none, add: 0}")]
    ),
    (
      "a route that says again what holds",
      [
        (
          "  - {name: usual, queue: normal}\n",
          "  - {name: usual, queue: normal}\n"
            + "  - {name: again, when: {tier: slow, model: gpt}, model: gpt}\n"
        )
      ]
    ),
    (
      "a test",
      [
        (
          "events:",
          "tests: [{price: {at: 2026-01-01T12:00:00Z}, expect: {credits: 1}}]\nevents:"
        )
      ]
    ),
    ("a guard", [("events:", "guards: [{name: g, priced: true}]\nevents:")]),
    ("a window renamed", [("peak", "office hours")]),
    (
      "a window that nobody looks at",
      [("peak: {hours:", "dawn: {hours: [\"05:00-06:00\"]}, peak: {hours:")]
    ),
  ]

  @Test(arguments: same.indices)
  func meansTheSame(_ index: Int) throws {
    let (what, edits) = Self.same[index]
    let old = try Self.load(Self.changed([]))
    let new = try Self.load(Self.changed(edits))
    let difference = try new.difference(from: old)
    #expect(difference.details.isEmpty, "\(what): \(difference.details)")
    #expect(
      difference.regions.isEmpty,
      "\(what): \(difference.regions.map { ($0.section, $0.requests, $0.before, $0.after) })")
  }

  @Test func filesAndOrderMeanNothing() throws {
    let text = Self.changed([])
    let sections = text.split(separator: "\n").reduce(into: [[Substring]]()) { sections, line in
      if line.first?.isLetter == true { sections.append([]) }
      sections[sections.count - 1].append(line)
    }
    let moved = sections.reversed().enumerated().map { index, lines in
      "### part\(index).yaml\n" + lines.joined(separator: "\n") + "\n"
    }
    let difference = try Self.load(moved.joined()).difference(from: Self.load(text))
    #expect(difference.isEmpty)
  }

  /// A rule that three others cover together, across two attributes, is never asked.
  @Test func aCoveredRuleMayGo() throws {
    let rest = """
      attributes: {n: count, batch: flag}
      costs:
        - {name: small, when: {n: {below: 10}}, credits: 1}
        - {name: large, when: {n: {at_least: 10}, batch: true}, credits: 2}
        - {name: large alone, when: {n: {at_least: 10}, batch: {not: true}}, credits: 3}
        - {name: unknown, when: {n: absent}, credits: 4}

      """
    var cards: [Card] = []
    for text in [rest, rest + "  - {name: covered, when: {n: present}, credits: 9}\n"] {
      var bag = DiagnosticBag()
      cards.append(try #require(Sample(text).card(into: &bag)))
    }
    #expect(try CardDifference.between(cards[0], cards[1]).isEmpty)
    #expect(try CardDifference.between(cards[1], cards[0]).isEmpty)
  }

  static func load(_ text: String) throws -> RateCard {
    let sample = Sample(text)
    let result = RateCard.load(files: sample.files)
    // Not by a requirement on the result, which would show every byte of a large card.
    let findings = sample.describe(result.report.diagnostics)
    let card = result.card
    return try #require(card, "\(findings.prefix(2000))\n\(text.prefix(4000))")
  }
}
