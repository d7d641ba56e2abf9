import RatecardStore
import RatecardValues
import Testing

@testable import RatecardStore

struct UpkeepTests {
  private func card(_ version: String, second: Int) -> CardSource {
    CardSource(
      version: version, name: "cursor",
      files: [
        CardSource.File(path: "a.yaml", bytes: Array("ratecard: 1\n".utf8)),
        CardSource.File(path: "b/é.yaml", bytes: [0, 255, 10]),
        CardSource.File(path: "empty.yaml", bytes: []),
      ], usedAt: at(second))
  }

  @Test(arguments: Engine.available)
  func keepsTheSourcesOfCards(_ engine: Engine) throws {
    let place = try Place(engine)
    defer { place.remove() }
    let store = try place.open()
    var first = card("v1", second: 1)
    #expect(
      try store.commit([
        .card(first), .card(card("v1", second: 5)), .card(card("v1", second: 3)),
        .cardUsed(version: "v1", at: at(4)), .cardUsed(version: "v2", at: at(9)),
      ]) == [.done, .done, .done, .done, .missing])
    first.usedAt = at(5)
    #expect(try store.card("v1") == first)
    #expect(try store.card("v2") == nil)
  }

  @Test(arguments: Engine.available)
  func forgetsCardsButTheLast(_ engine: Engine) throws {
    let place = try Place(engine)
    defer { place.remove() }
    let store = try place.open()
    _ = try store.commit((1...5).map { .card(card("v\($0)", second: $0)) })
    #expect(try store.prune(Pruning(cardsUsedBefore: at(3), limit: 1)) == 1)
    #expect(try store.prune(Pruning(cardsUsedBefore: at(3))) == 1)
    #expect(try store.prune(Pruning(cardsUsedBefore: at(99))) == 2)
    #expect(try store.prune(Pruning(cardsUsedBefore: at(99))) == 0)
    #expect(try store.card("v4") == nil)
    #expect(try store.card("v5") == card("v5", second: 5))
  }

  @Test(arguments: Engine.available)
  func forgetsWhatIsAskedAndNothingElse(_ engine: Engine) throws {
    let place = try Place(engine)
    defer { place.remove() }
    let store = try place.open()
    _ = try store.commit([
      .usage(usage("waits", second: 1)), .usage(usage("free", "c", "0", second: 2, ships: false)),
      .usage(usage("young", "c", "0", second: 50, ships: false)),
      .webhook(id: "w1", at: at(1), changes: []), .webhook(id: "w2", at: at(60), changes: []),
      .notice(Notice(customer: "c", text: "t", cause: "1", at: at(1))),
      .tier(TierChange(customer: "c", from: nil, to: "slow", cause: "1", at: at(1))),
    ])
    #expect(try store.prune(Pruning()) == 0)
    #expect(try store.prune(Pruning(usageBefore: at(50))) == 1)
    #expect(try store.usage("waits") != nil)
    #expect(try store.usage("young") != nil)
    #expect(try store.usage("free") == nil)
    #expect(try store.prune(Pruning(webhooksBefore: at(50))) == 1)
    #expect(
      try store.commit([
        .webhook(id: "w1", at: at(61), changes: []), .webhook(id: "w2", at: at(61), changes: []),
      ]) == [.first([]), .seenBefore])
    #expect(try store.prune(Pruning(noticesBefore: at(2), tierChangesBefore: at(2))) == 2)
    #expect(try store.notices(of: "c").isEmpty && store.tierChanges(of: "c").isEmpty)
    #expect(try store.customer("c")?.tier == "slow")
  }

  @Test(arguments: Engine.available)
  func appliesAWebhookOnce(_ engine: Engine) throws {
    let place = try Place(engine)
    defer { place.remove() }
    let store = try place.open()
    let changes: [Change] = [
      .usage(usage("a", "c", "1")),
      .customer(CustomerChange(id: "c", deducted: number("0.25"), cause: "w", at: at(1))),
      .webhook(id: "inner", at: at(1), changes: []),
    ]
    let webhook = Change.webhook(id: "w", at: at(1), changes: changes)
    var customer = Customer(id: "c", updatedAt: at(1))
    customer.pending = number("0.75")
    let first = Outcome.first([
      .recorded(usage("a", "c", "1")), .customer(customer), .refused(.malformed),
    ])
    #expect(try store.commit([webhook, webhook]) == [first, .seenBefore])
    #expect(try store.commit([webhook]) == [.seenBefore])
    #expect(try store.customer("c")?.pending == number("0.75"))
  }

  @Test(arguments: Engine.available)
  func makesASecretOnce(_ engine: Engine) throws {
    let place = try Place(engine)
    defer { place.remove() }
    let secret = try place.open().secret(named: "decisions")
    #expect(secret.count == 32 && Set(secret).count > 1)
    #expect(try place.open().secret(named: "decisions") == secret)
    #expect(try place.open().secret(named: "others") != secret)
  }
}
