import RatecardBilling
import RatecardStore
import RatecardValues
import Testing

/// Reading balances from the provider.
final class BalanceReaderTests {
  private let scene: Scene
  private var now = Instant.noon
  private var answer: (HTTPRequest) throws(TransportFailure) -> HTTPResponse = { _ in
    HTTPResponse(200, body: Array(#"{"balance":"12.5","overage":"0"}"#.utf8))
  }
  private var requests: [HTTPRequest] = []
  private var calls: [Instant] = []

  init() throws { scene = try Scene() }

  private func reader(patient: Bool = true) -> BalanceReader {
    let webhooks = DodoWebhooks(WebhookKeys(key: [1]))
    let provider = DodoProvider(
      .init(url: "https://dodo", key: "k", entitlement: "cde_1"), webhooks: webhooks,
      clock: { [self] in now }
    ) { [self] request throws(TransportFailure) in
      requests.append(request)
      calls.append(now)
      return try answer(request)
    }
    let store = scene.store
    return BalanceReader(
      provider: provider,
      world: .init(
        now: { [self] in now },
        wait: { [self] in
          if patient { now = max(now, $0) }
          return patient
        }, random: { $0.upperBound })
    ) { changes throws(StoreFailure) in try store.commit(changes) }
  }

  private func ship(_ id: String, _ credits: Number, at shipped: Instant) throws {
    _ = try scene.store.commit([.usage(Scene.usage(id, at: shipped, credits: credits))])
    let event = try #require(try scene.store.outboxEvent(id))
    _ = try scene.store.commit([
      .shipment(Shipment(sequence: event.sequence, owner: "s", result: .shipped(at: shipped)))
    ])
  }

  /// What was shipped three minutes before the call is in the balance, and nothing that came later.
  @Test func settlesWhatWasShippedBeforeTheCall() throws {
    try ship("before", 1, at: now.plus(-180.001))
    try ship("just then", 2, at: now.plus(-180))
    try ship("after", 4, at: now.plus(-5))
    answer = { [self] _ in
      now = now.plus(20)
      return HTTPResponse(200, body: Array(#"{"balance":"12.5","overage":"0"}"#.utf8))
    }
    #expect(try reader().read("cus_1") == .told(number("12.5")))
    #expect(requests[0].url == "https://dodo/credit-entitlements/cde_1/balances/cus_1")
    let customer = try #require(try scene.store.customer("cus_1"))
    #expect(customer.balance == Known(.some(number("12.5")), at: .noon, source: "read"))
    #expect(customer.pending == 6)
    #expect(customer.available == number("6.5"))
  }

  /// A webhook that was sent before the call is older than what was read, whenever it comes.
  @Test func isNewerThanWhatWasToldBefore() throws {
    #expect(try reader().read("cus_1") == .told(number("12.5")))
    _ = try scene.store.commit([
      .customer(
        CustomerChange(
          id: "cus_1", balance: Known(99, at: now.plus(-1), source: "webhook"), cause: "w", at: now)
      )
    ])
    #expect(try scene.store.customer("cus_1")?.balance?.value == number("12.5"))
  }

  @Test func changesNothingWhereTheProviderKnowsNothing() throws {
    answer = { _ in HTTPResponse(404, body: []) }
    #expect(try reader().read("cus_1") == .unknown)
    #expect(try scene.store.customer("cus_1") == nil)
  }

  @Test func pausesAfterAFailure() throws {
    answer = { _ in HTTPResponse(503, headers: ["retry-after": "7"]) }
    let reader = reader()
    guard case .failed(let reason) = try reader.read("cus_1") else {
      Issue.record("the call did not fail")
      return
    }
    #expect(reason.contains("503"))
    #expect(try scene.store.customer("cus_1") == nil)
    _ = try reader.read("cus_2")
    #expect(calls[1] >= calls[0].plus(7))
  }

  /// Half of what the provider allows is left to whoever ships.
  @Test func takesItsShareOfTheLimits() throws {
    let reader = reader()
    for place in 0..<300 { _ = try reader.read("cus_\(place)") }
    for place in calls.indices.dropFirst(120) {
      #expect(calls[place] >= calls[place - 120].plus(60))
    }
    for place in calls.indices.dropFirst(20) {
      #expect(calls[place] >= calls[place - 20].plus(1))
    }
    let hasty = self.reader(patient: false)
    for place in 0..<20 { #expect(try hasty.read("cus_\(place)") != .unasked) }
    #expect(try hasty.read("cus_99") == .unasked)
  }

  private func number(_ text: String) -> Number {
    (try? Number(parsing: text, signed: true)) ?? .zero
  }
}
