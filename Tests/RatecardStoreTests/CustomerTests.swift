import RatecardStore
import RatecardValues
import Testing

@testable import RatecardStore

struct CustomerTests {
  private func balance(_ amount: String, _ second: Int, _ source: String = "webhook") -> Change {
    .customer(
      CustomerChange(
        id: "c", balance: Known(number(amount), at: at(second), source: source), cause: source,
        at: at(second)))
  }

  private func plan(_ plan: String?, _ second: Int) -> Change {
    .customer(
      CustomerChange(
        id: "c", plan: Known(plan, at: at(second), source: "webhook"), cause: "w", at: at(second)))
  }

  /// An older value never replaces a newer one, and of two at one time the content decides.
  @Test(arguments: Engine.available)
  func endsTheSameInEveryOrder(_ engine: Engine) throws {
    let changes = [
      balance("10", 5), balance("7.5", 5), balance("7.5", 5, "read"), balance("99", 4),
      plan("pro", 3), plan(nil, 2),
    ]
    var ends: Set<Customer> = []
    for order in permutations(of: Array(changes.indices)).shuffled().prefix(60) {
      let place = try Place(engine)
      defer { place.remove() }
      let store = try place.open()
      for index in order { _ = try store.commit([changes[index], changes[order[0]]]) }
      var customer = try #require(try store.customer("c"))
      customer.updatedAt = at(0)
      ends.insert(customer)
    }
    var expected = Customer(id: "c", updatedAt: at(0))
    expected.balance = Known(number("7.5"), at: at(5), source: "webhook")
    expected.plan = Known("pro", at: at(3), source: "webhook")
    #expect(ends == [expected])
  }

  @Test(arguments: Engine.available)
  func movesOnlyFromTheTierItIsIn(_ engine: Engine) throws {
    let place = try Place(engine)
    defer { place.remove() }
    let store = try place.open()
    func move(_ from: String?, _ to: String?, _ cause: String) throws -> String? {
      let change = TierChange(customer: "c", from: from, to: to, cause: cause, at: at(1))
      guard case .customer(let customer)? = try store.commit([.tier(change)]).first else {
        Issue.record("a tier change answers with the customer")
        return nil
      }
      #expect(try store.customer("c") == customer)
      return customer.tier
    }
    #expect(try move("slow", "premium", "no") == nil)
    #expect(try move(nil, "premium", "grant") == "premium")
    #expect(try move("premium", "slow", "low balance") == "slow")
    #expect(try move("premium", "slow", "again") == "slow")
    #expect(try move("slow", "slow", "nothing") == "slow")
    _ = try store.commit([
      .customer(CustomerChange(id: "c", tier: .some(nil), cause: "operator", at: at(2))),
      .customer(CustomerChange(id: "c", tier: .some(nil), cause: "operator", at: at(3))),
    ])
    #expect(try store.customer("c")?.tier == nil)
    let history = try store.tierChanges(of: "c")
    #expect(history.map(\.value.cause) == ["grant", "low balance", "operator"])
    let last = try store.tierChanges(of: "c", after: history[1].sequence)
    #expect(
      last.map(\.value) == [
        TierChange(customer: "c", from: "slow", to: nil, cause: "operator", at: at(2))
      ])
    #expect(try store.tierChanges(of: "c", limit: 1).count == 1)
  }

  @Test(arguments: Engine.available)
  func isToldOnceForOneCause(_ engine: Engine) throws {
    let place = try Place(engine)
    defer { place.remove() }
    let store = try place.open()
    let notice = Notice(customer: "c", text: "your credits are low", cause: "low-1", at: at(1))
    var other = notice
    other.customer = "d"
    var again = notice
    again.text = "another text"
    #expect(
      try store.commit([.notice(notice), .notice(again), .notice(other)])
        == [.done, .seenBefore, .done])
    #expect(try store.notices(of: "c").map(\.value) == [notice])
  }

  @Test(arguments: Engine.available)
  func owesWhatTheProviderHasNotDeducted(_ engine: Engine) throws {
    let place = try Place(engine)
    defer { place.remove() }
    let store = try place.open()
    _ = try store.commit([
      balance("10", 1), .usage(usage("a", "c", "4")), .usage(usage("b", "c", "0.5")),
    ])
    #expect(try store.customer("c")?.available == number("5.5"))
    func deduct(_ amount: String) throws {
      _ = try store.commit([
        .customer(
          CustomerChange(id: "c", deducted: number(amount), cause: "deducted", at: at(2)))
      ])
    }
    try deduct("4")
    #expect(try store.customer("c")?.pending == number("0.5"))
    try deduct("4")
    #expect(try store.customer("c")?.pending == .zero)
    #expect(try store.customer("nobody") == nil)
  }

  @Test(arguments: Engine.available)
  func namesDifferByTheirBytes(_ engine: Engine) throws {
    let place = try Place(engine)
    defer { place.remove() }
    let store = try place.open()
    let composed = "caf\u{e9}"
    let decomposed = "cafe\u{301}"
    let events = [usage(composed, composed, "1"), usage(decomposed, decomposed, "2")]
    #expect(
      try store.commit(events.map { .usage($0) }) == [.recorded(events[0]), .recorded(events[1])])
    #expect(try store.customer(composed)?.pending == number("1"))
    #expect(try store.customer(decomposed)?.pending == number("2"))
    let move = TierChange(customer: "c", from: nil, to: composed, cause: "x", at: at(1))
    let back = TierChange(customer: "c", from: decomposed, to: "slow", cause: "x", at: at(1))
    _ = try store.commit([.tier(move), .tier(back)])
    #expect(try store.customer("c")?.tier.map { Array($0.utf8) } == Array(composed.utf8))
  }
}
