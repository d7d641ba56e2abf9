import RatecardDiagnostics
import RatecardModel
import RatecardTestSupport
import RatecardValues
import Testing

/// What header, plans, meter, windows, tests and guards of a right card come to.
@Suite struct SectionTests {
  @Test func headerHasDefaults() throws {
    let credit = try AttributeTests.card("").credit
    #expect(credit.decimals == 0)
    #expect(credit.rounding == .halfUp)
    #expect(credit.worth == nil)
    #expect(credit.grant == GrantTerms())
  }

  @Test func creditIsRead() throws {
    let credit = try AttributeTests.card(
      """
      credit:
        unit: premium request
        decimals: 4
        rounding: half_even
        worth: 0.04 USD
        expires_after_days: 30
        rollover: {percent: 12.5, for: 2 weeks, times: 3}
        overage: {rate: 0.05 EUR, limit: 1K, settle: carry_deficit}
      """
    ).credit
    #expect(credit.unit == "premium request")
    #expect(credit.decimals == 4)
    #expect(credit.rounding == .halfEven)
    #expect(credit.worth == Money(amount: try Number(parsing: "0.04"), currency: "USD"))
    #expect(credit.grant.expiresAfterDays == 30)
    #expect(credit.grant.rolloverPercent == (try Number(parsing: "12.5")))
    #expect(credit.grant.rolloverTerm == .init(2, .week))
    #expect(credit.grant.rolloverTimes == 3)
    #expect(credit.grant.overage?.limit == Number(1_000))
    #expect(credit.grant.overage?.settlement == .carryDeficit)
    #expect(credit.grant.overage?.rate?.currency == "EUR")
  }

  static let prices: [(String, Int, Plan.Interval, Bool)] = [
    ("20 USD per month", 20, .month, false),
    ("20 USD per seat per month", 20, .month, true),
    ("1_000 USD per year", 1_000, .year, false),
    ("5 USD per seat per year", 5, .year, true),
    ("99 USD once", 99, .once, false),
    ("0 USD per month", 0, .month, false),
  ]

  @Test(arguments: prices)
  func planPrice(_ text: String, _ amount: Int, _ interval: Plan.Interval, _ perSeat: Bool) throws {
    let plan = try #require(AttributeTests.card("plans: {pro: {price: \(text)}}").plans.first)
    #expect(plan.price == Money(amount: Number(amount), currency: "USD"))
    #expect(plan.interval == interval)
    #expect(plan.isPerSeat == perSeat)
  }

  @Test func meterHasDefaults() throws {
    let meter = try #require(AttributeTests.card("meter: {event: ai.request}").meter)
    #expect(meter.aggregation == "sum")
    #expect(meter.property == "credit_cost")
    #expect(meter.unitsPerCredit == .one)
    #expect(meter.properties.isEmpty)
    #expect(!meter.sendsZeroCost)
    #expect(try AttributeTests.card("").meter == nil)
  }

  @Test func meterPropertiesComeByName() throws {
    let card = try AttributeTests.card(
      "meter: {event: e, properties: [request_type, model, customer], zero_cost: send}")
    #expect(card.meter?.properties == [.customer, .model, .requestType])
    #expect(card.meter?.sendsZeroCost == true)
  }

  @Test func windowIsRead() throws {
    let card = try AttributeTests.card(
      """
      windows:
        peak:
          hours: ["22:30-04:00", "00:00-24:00"]
          zone: America/New_York
          days: [mon, sun]
          except: [2027-01-01]
        weekend: {days: sat}
      """)
    #expect(card.windows.map(\.name) == ["peak", "weekend"])
    let peak = card.windows[0].window
    #expect(peak.hours.map(\.start) == [0, 81_000])
    #expect(peak.hours.map(\.end) == [86_400, 14_400])
    #expect(peak.zone.name == "America/New_York")
    #expect(peak.daysZone.name == "America/New_York")
    #expect(peak.days == [.monday, .sunday])
    #expect(card.windows[1].window.hours.isEmpty)
    #expect(card.windows[1].window.zone.name == "UTC")
  }

  @Test func testIsRead() throws {
    let card = try AttributeTests.card(
      """
      tests:
        - request: {model: "o1", balance: 0, at: 2026-12-01, plan: ~}
          expect: {credits: 0.50, tier: "absent", queue: absent, fallbacks: [a, b], params: {n: 5, t: "5", f: true}}
        - {name: refused, price: {}, expect: {denied: true}}
        - {name: said, price: {}, expect: {denied: "true"}}
        - {name: woken, event: {on: credit.added}, expect: {tier: fast, notify: absent}}
      """)
    let first = card.tests[0]
    #expect(first.name == "at: 2026-12-01, balance: 0, model: o1, plan: ~")
    #expect(first.question == .decision)
    #expect(first.inputs.map(\.name) == ["at", "balance", "model", "plan"])
    #expect(first.inputs.map(\.text) == ["2026-12-01", "0", "o1", "~"])
    let answers = Dictionary(uniqueKeysWithValues: first.expected.map { ($0.part, $0.answer) })
    #expect(answers[.credits] == .number(try Number(parsing: "0.5")))
    #expect(answers[.tier] == .text("absent"))
    #expect(answers[.queue] == .absent)
    #expect(answers[.fallbacks] == .texts(["a", "b"]))
    #expect(
      answers[.params]
        == .parameters([
          .init(name: "f", value: .flag(true)), .init(name: "n", value: .number(Number(5))),
          .init(name: "t", value: .text("5")),
        ]))
    #expect(card.tests[1].name == "refused")
    #expect(card.tests[1].expected[0].answer == .present)
    #expect(card.tests[2].expected[0].answer == .text("true"))
    #expect(card.tests[3].question == .event)
  }

  @Test func guardIsRead() throws {
    let card = try AttributeTests.card(
      """
      attributes: {tokens: count}
      guards:
        - {never_falls_in: tokens}
        - {changes: {at_most: 3x}}
        - {denied: true}
        - {never_denied: true}
        - {priced: true}
      """)
    let tokens = try #require(card.attribute(named: "tokens"))
    #expect(
      card.guards.map(\.promise) == [
        .neverFallsIn([tokens.id]), .changes(atMost: Number(3), atLeast: nil), .denied,
        .neverDenied, .priced,
      ])
    #expect(card.guards.map(\.name) == Array(repeating: "always", count: 5))
  }
}
