import Ratecard
import RatecardDiagnostics
import RatecardModel
import RatecardReplay
import RatecardTestSupport
import Testing

/// Running a card's own tests: what passes, what is said of what does not, what is covered.
@Suite struct CardTestRunTests {
  static let rules = """
    attributes: {request_type: [chat, agent, image], batch: flag}
    costs:
      - {name: chat, when: {request_type: chat}, credits: 1}
      - {name: agent, when: {request_type: agent}, credits: 10}
      - {name: no hobby agents, when: {request_type: agent, plan: hobby}, deny: no agents}
    adjustments:
      - {name: b, when: {batch: true}, multiply: 2}
      - {name: a, when: {batch: true}, add: 1}
    tiers:
      - {tier: fast}
      - {name: broke, tier: slow, when: {balance: {at_most: 0}}}
    routes:
      - {name: big, model: big, queue: q, fallbacks: [x, y], params: {n: 2, s: "2"}}
      - {name: none, when: {customer: evil}, deny: go away}
    events:
      - {name: low, on: credit.balance_low, tier: slow, notify: low}
    """

  static func load(_ tests: String) throws -> RateCard {
    let sample = Sample(rules + "\ntests:\n" + tests)
    let result = RateCard.load(files: sample.files)
    return try #require(result.card, "\(sample.describe(result.report.diagnostics))")
  }

  /// A test and what is said of it: nothing when it passes.
  @Test(arguments: [
    ("price: {request_type: chat}, expect: {credits: 1, rule: chat, adjustments: []}", []),
    ("price: {request_type: chat}, expect: {credits: 1.0}", []),
    ("price: {request_type: chat}, expect: {credits: 2}", ["credits: expected 2, got 1"]),
    (
      "price: {request_type: chat, batch: true}, expect: {credits: 4, adjustments: [b, a]}", []
    ),
    (
      "price: {request_type: chat, batch: true}, expect: {adjustments: [b]}",
      ["adjustments: expected [b], got [a, b]"]
    ),
    ("price: {request_type: agent, plan: hobby}, expect: {denied: no agents}", []),
    (
      "price: {request_type: agent, plan: hobby}, expect: {denied: true, rule: no hobby agents}", []
    ),
    (
      "price: {request_type: agent, plan: hobby}, expect: {credits: 10}",
      ["credits: expected 10, got nothing"]
    ),
    (
      "price: {request_type: agent}, expect: {denied: present}",
      ["denied: expected present, got nothing"]
    ),
    ("price: {request_type: image}, expect: {error: unpriced}", []),
    ("price: {request_type: chta}, expect: {error: invalid_request}", []),
    ("price: {rquest_type: chat}, expect: {error: invalid_request}", []),
    (
      "price: {request_type: image}, expect: {error: invalid_request}",
      ["error: expected invalid_request, got unpriced"]
    ),
    ("price: {request_type: chat}, expect: {error: absent}", []),
    (
      "price: {request_type: chat}, expect: {error: unpriced}",
      ["error: expected unpriced, got nothing"]
    ),
    (
      "request: {request_type: chat, model: small}, expect: {tier: fast, tier_rule: fast, "
        + "model: big, requested_model: small, queue: q, route: big, fallbacks: [x, y], "
        + "params: {s: \"2\", n: 2}}",
      []
    ),
    (
      "request: {request_type: chat}, expect: {fallbacks: [y, x], params: {n: 2, s: 2}, requested_model: absent}",
      ["params: expected {n: 2, s: 2}, got {n: 2, s: 2}", "fallbacks: expected [y, x], got [x, y]"]
    ),
    ("request: {customer: evil, request_type: chat}, expect: {denied: go away, rule: none}", []),
    ("request: {request_type: chat, balance: 0}, expect: {tier: slow, tier_rule: broke}", []),
    ("event: {on: credit.balance_low, customer: c}, expect: {tier: slow, notify: low}", []),
    ("event: {on: other, customer: c}, expect: {tier: absent, rule: absent}", []),
    ("event: {on: other}, expect: {tier: slow}", ["tier: expected slow, got nothing"]),
  ])
  func saysWhatDiffers(_ test: String, _ expected: [String]) throws {
    let card = try Self.load("  - {\(test)}\n")
    let run = CardTestRun(card)
    let result = try #require(run.results.first)
    let said = result.mismatches.map {
      "\($0.part): expected \($0.expected), got \($0.actual ?? "nothing")"
    }
    #expect(Set(said) == Set(expected), "\(result.answer.summary)")
    #expect(result.passes == expected.isEmpty)
    #expect(run.failures == (expected.isEmpty ? 0 : 1))
  }

  /// Texts and names that only look the same are not what was expected, nor reached.
  @Test func comparesBytes() throws {
    let sample = Sample(
      #"""
      costs:
        - {name: "\u00E9", when: {request_type: a}, deny: "\u00E9"}
        - {name: "e\u0301", credits: 1}
      routes: [{name: all, queue: "\u00E9", fallbacks: ["\u00E9"], params: {p: "\u00E9"}}]
      tests:
        - price: {request_type: a}
          expect: {denied: "e\u0301", rule: "e\u0301"}
        - request: {request_type: a}
          expect: {queue: "e\u0301"}
        - price: {request_type: a}
          expect: {denied: "\u00E9", rule: "\u00E9"}
      """#)
    let card = try #require(RateCard.load(files: sample.files).card)
    let run = CardTestRun(card)
    #expect(run.results.map { $0.mismatches.map(\.part) } == [["rule", "denied"], ["queue"], []])
    let missed = run.coverage().rules.filter { !$0.isReached }.map { Array($0.rule.utf8) }
    #expect(missed == [Array("e\u{301}".utf8)])
  }

  @Test func filtersByName() throws {
    let card = try Self.load(
      """
        - {name: one, price: {request_type: chat}, expect: {credits: 1}}
        - {name: two, price: {request_type: chat}, expect: {credits: 2}}

      """)
    #expect(CardTestRun(card).results.map(\.test.name) == ["one", "two"])
    #expect(CardTestRun(card) { $0 == "two" }.results.map(\.test.name) == ["two"])
    #expect(CardTestRun(card) { $0 == "one" }.failures == 0)
  }

  /// What the answers name is reached, whichever part names it.
  @Test func countsRulesThatAnswersName() throws {
    let card = try Self.load(
      """
        - {request: {request_type: chat, batch: true}, expect: {error: absent}}
        - {request: {request_type: chat, customer: evil}, expect: {denied: true}}
        - {event: {on: credit.balance_low}, expect: {tier: slow}}

      """)
    let coverage = CardTestRun(card).coverage()
    let missed = coverage.rules.filter { !$0.isReached }.map { "\($0.section) \($0.rule)" }
    #expect(missed == ["costs agent", "costs no hobby agents", "tiers broke"])
    #expect(coverage.rules.count == 10 && coverage.cells.isEmpty)
  }

  @Test func failuresAreFindings() throws {
    let card = try Self.load(
      """
        - {name: right, price: {request_type: chat}, expect: {credits: 1}}
        - {name: dear, price: {request_type: chat}, expect: {credits: 2, rule: agent}}
      """)
    let report = card.failingTests()
    #expect(report.files.map(\.path) == card.files.map(\.path))
    let finding = try #require(report.diagnostics.first)
    #expect(report.diagnostics.count == 1)
    #expect(finding.code == .testFails)
    #expect(finding.message == "the test `dear` fails: the answer is credits 1 by chat")
    #expect(
      finding.notes.map(\.message) == [
        "`credits` is expected to be `2`, and is `1`",
        "`rule` is expected to be `agent`, and is `chat`",
      ])
  }

  /// The catalogue's examples are what they say they are.
  @Test func theCatalogueShowsAFailure() throws {
    let code = DiagnosticCode.testFails
    func failures(_ text: String) throws -> [DiagnosticCode] {
      let card = try #require(RateCard.load(files: Sample(text).files).card)
      return card.failingTests().diagnostics.map(\.code)
    }
    #expect(try failures(code.wrong) == [code])
    #expect(try failures(code.right).isEmpty)
  }
}
