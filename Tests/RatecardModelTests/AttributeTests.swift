import RatecardDiagnostics
import RatecardModel
import RatecardTestSupport
import RatecardValues
import Testing

/// What the attributes of a right card come to.
@Suite struct AttributeTests {
  static func card(_ text: String) throws -> Card {
    let sample = Sample(text)
    let (card, diagnostics) = sample.check()
    #expect(diagnostics.isEmpty, "\(sample.describe(diagnostics))")
    return try #require(card)
  }

  @Test func builtInsStandAtTheirPlaces() throws {
    let card = try Self.card("")
    #expect(card.attributes.count == AttributeID.builtInCount)
    #expect(card.attributes.map(\.id.index) == Array(0..<AttributeID.builtInCount))
    #expect(card[.requestType].name == "request_type")
    #expect(card[.balancePercent].origin == .derived)
    #expect(card[.window].kind == .windows)
    #expect(card[.event].origin == .event)
    #expect(card[.tier].kind == .choice([]))
    #expect(card[.plan].kind == .text)
  }

  @Test func setsComeFromTheirSections() throws {
    let card = try Self.card(
      """
      plans: {pro: {}, hobby: {}}
      tiers: [{tier: slow, when: {balance: {below: 1}}}, {tier: fast}]
      models: {o1: {class: reasoning}, o2: {class: cheap}}
      """)
    #expect(card[.plan].kind == .choice(["hobby", "pro"]))
    #expect(card[.tier].kind == .choice(["fast", "slow"]))
    #expect(card[.currentTier].kind == .choice(["fast", "slow"]))
    #expect(card[.modelClass].kind == .choice(["cheap", "reasoning"]))
    #expect(card.tierNames == ["fast", "slow"])
  }

  @Test func builtInsAreNarrowed() throws {
    let card = try Self.card(
      """
      attributes:
        model: [o1, gpt-4o]
        balance: quantity
        plan: {type: text, default: pro}
        request_type: {type: [chat, agent], default: chat}
      plans: {pro: {}, hobby: {}}
      """)
    #expect(card[.model].kind == .choice(["gpt-4o", "o1"]))
    #expect(card[.requestedModel].kind == .choice(["gpt-4o", "o1"]))
    #expect(card[.balance].kind == .quantity)
    #expect(card[.plan].kind == .choice(["hobby", "pro"]))
    #expect(card[.plan].defaultValue == .text("pro"))
    #expect(card[.requestType].defaultValue == .text("chat"))
    #expect(card[.requestType].origin == .builtIn)
    #expect(card[.requestType].span != nil)
  }

  @Test func declaredOnesComeByName() throws {
    let card = try Self.card(
      """
      attributes:
        z: {type: count, part_of: m, default: 1K}
        m: {type: quantity, part_of: a}
        a: quantity
        since: {type: instant, default: 2026-06-01}
        on_sale: {type: flag, default: true}
        word: {type: text, default: "5"}
      """)
    let declared = card.attributes.dropFirst(AttributeID.builtInCount)
    #expect(declared.map(\.name) == ["a", "m", "on_sale", "since", "word", "z"])
    let z = try #require(card.attribute(named: "z"))
    #expect(z.partOf == card.attribute(named: "m")?.id)
    #expect(z.defaultValue == .number(Number(1_000)))
    #expect(card.attribute(named: "m")?.partOf == card.attribute(named: "a")?.id)
    #expect(
      card.attribute(named: "since")?.defaultValue == .instant(try Instant(parsing: "2026-06-01")))
    #expect(card.attribute(named: "on_sale")?.defaultValue == .flag(true))
    #expect(card.attribute(named: "word")?.defaultValue == .text("5"))
  }

  @Test func payloadFieldsTakeTheirKindFromTheirMatchers() throws {
    let card = try Self.card(
      """
      tiers: [{tier: slow}]
      events:
        - {on: a, when: {event.seats: {above: 10}}, tier: slow}
        - {on: b, when: [{event.seats: 5}, {event.reason: {not: [x, "5"]}}], tier: slow}
        - {on: c, when: {event.trial: true, event.ends: {below: 2027-01-01}}, tier: slow}
        - {on: d, when: {event.there: present}, tier: slow}
      """)
    let fields = card.attributes.dropFirst(AttributeID.builtInCount)
    #expect(
      fields.map(\.name) == [
        "event.ends", "event.reason", "event.seats", "event.there", "event.trial",
      ])
    #expect(fields.map(\.kind) == [.instant, .text, .number, .text, .flag])
    #expect(fields.allSatisfy { $0.origin == .event })
  }
}
