import Foundation
import Ratecard
import RatecardBilling
import RatecardStore
import RatecardTestSupport
import RatecardValues
import Testing

/// What is sold, and what is tried again.
struct CheckoutTests {
  /// A provider that fails as told, one failure a call, and then does what it is asked.
  final class Till: BillingProvider {
    var failures: [ProviderFailure] = []
    var registrationFailures: [ProviderFailure] = []
    var ready = Instant.noon
    private(set) var orders: [CheckoutOrder] = []
    private(set) var registrations: [CustomerRegistration] = []

    func readyAt(_ now: Instant) -> Instant { max(now, ready) }
    func send(_ events: [MeterEvent]) throws(ProviderFailure) {}
    func has(event id: String) throws(ProviderFailure) -> Bool { false }
    func debit(_ event: MeterEvent, credits: Number) throws(ProviderFailure) {}
    func balance(of customer: String) throws(ProviderFailure) -> Number? { nil }
    func register(_ customer: CustomerRegistration) throws(ProviderFailure) -> String {
      registrations.append(customer)
      if !registrationFailures.isEmpty { throw registrationFailures.removeFirst() }
      return "cus_\(customer.id)"
    }
    func checkout(_ order: CheckoutOrder) throws(ProviderFailure) -> CheckoutSession {
      orders.append(order)
      if !failures.isEmpty { throw failures.removeFirst() }
      return CheckoutSession(id: "cks_\(orders.count)", url: "https://pay/\(orders.count)")
    }
    var webhooks: any WebhookReader { NoWebhooks() }
  }

  let till = Till()

  /// Asks for a session, with a clock that jumps to what is waited for.
  func buy(
    _ request: CheckoutRequest = .init(plan: "pro", email: "a@b.c"), lock: ProviderLock? = nil
  ) -> (result: Result<CheckoutSession, CheckoutFailure>, seconds: Double) {
    final class Clock { var now = Instant.noon }
    let clock = Clock()
    let calls = CheckoutCalls(
      till,
      world: .init(
        now: { clock.now }, wait: { clock.now = max(clock.now, $0) }, random: { $0.upperBound }))
    let result = Result { () throws(CheckoutFailure) in
      try calls.session(for: request, of: Scene.card, lock: lock)
    }
    let nanoseconds = clock.now.nanoseconds - Instant.noon.nanoseconds
    return (result, Double(nanoseconds) / 1e9)
  }

  @Test func sellsTheCardsProduct() throws {
    let session = try buy().result.get()
    #expect(session == CheckoutSession(id: "cks_1", url: "https://pay/1"))
    #expect(
      till.orders == [CheckoutOrder(product: "prod_pro", buyer: .email("a@b.c", name: nil))])
    #expect(till.registrations.isEmpty)
  }

  @Test func sellsWhatWasMadeForThePlanFirst() throws {
    var lock = ProviderLock(environment: .test)
    lock.set(product: "pdt_1", of: "pro")
    _ = try buy(lock: lock).result.get()
    _ = try buy(.init(plan: "hobby", email: "a@b.c"), lock: lock).result.get()
    #expect(till.orders.map(\.product) == ["pdt_1", "prod_hobby"])
  }

  @Test func aCustomerIsRegisteredFirst() throws {
    let request = CheckoutRequest(
      plan: "pro", email: "a@b.c", name: "Ada", customer: "ada", returnURL: "https://shop/done")
    _ = try buy(request).result.get()
    #expect(
      till.registrations == [CustomerRegistration(id: "ada", email: "a@b.c", name: "Ada")])
    #expect(
      till.orders == [
        CheckoutOrder(
          product: "prod_pro", buyer: .customer(id: "cus_ada"), returnURL: "https://shop/done",
          metadata: ["ratecard_customer": "ada"])
      ])
  }

  @Test func whatWasSurelyNotTakenIsTriedAgain() throws {
    till.failures = [
      ProviderFailure(.notTaken, "no connection", isPassing: true),
      ProviderFailure(.notTaken, "status 429", retryAfterSeconds: 2, isPassing: true),
    ]
    let (result, seconds) = buy()
    #expect(try result.get().id == "cks_3")
    #expect(seconds == 2.5)
  }

  @Test(arguments: [
    ProviderFailure(.refused, "status 422"), ProviderFailure(.notTaken, "status 401"),
    ProviderFailure(.fateUnknown, "no whole answer in time"),
    ProviderFailure(.notTaken, "status 429", retryAfterSeconds: 60, isPassing: true),
  ])
  func allElseIsNotTriedAgain(_ failure: ProviderFailure) {
    till.failures = [failure]
    let (result, seconds) = buy()
    #expect(result == .failure(.provider(failure)))
    #expect(till.orders.count == 1)
    #expect(seconds == 0)
  }

  @Test func givesUpAfterAWhile() {
    till.failures = Array(
      repeating: ProviderFailure(.notTaken, "no connection", isPassing: true), count: 9)
    let (result, seconds) = buy()
    guard case .failure(.provider(let failure)) = result else {
      Issue.record("a session came out of nothing")
      return
    }
    #expect(failure.isPassing)
    #expect(till.orders.count == 4)
    #expect(seconds == 3.5)
  }

  /// Whoever is registered twice is found the second time.
  @Test func aRegistrationOfUnknownFateIsTriedAgain() throws {
    till.registrationFailures = [ProviderFailure(.fateUnknown, "no whole answer in time")]
    _ = try buy(.init(plan: "pro", email: "a@b.c", customer: "ada")).result.get()
    #expect(till.registrations.count == 2)
    #expect(till.orders.count == 1)
  }

  @Test func keepsToTheProvidersLimits() {
    till.ready = Instant.noon.plus(3)
    #expect(buy().seconds == 3)
    till.ready = Instant.noon.plus(30)
    let (result, seconds) = buy()
    #expect(
      result
        == .failure(
          .provider(
            ProviderFailure(
              .notTaken, "its limits allow no call for 30 s", retryAfterSeconds: 30,
              isPassing: true))))
    #expect(seconds == 0)
    #expect(till.orders.count == 1)
  }

  @Test(arguments: [
    (CheckoutRequest(plan: "por", email: "a@b.c"), "plan", "did you mean `pro`?"),
    (CheckoutRequest(plan: "team", email: "a@b.c"), "plan", "its plans are hobby, pro"),
    (
      CheckoutRequest(plan: "pro"), "email",
      "give an `email`, or a `customer` whom the provider knows"
    ),
    (CheckoutRequest(plan: "pro", email: "@"), "email", nil),
    (CheckoutRequest(plan: "pro", email: "a b@c"), "email", nil),
    (CheckoutRequest(plan: "pro", email: "a@b", name: ""), "name", nil),
    (CheckoutRequest(plan: "pro", email: "a@b", customer: "x\n"), "customer", nil),
    (
      CheckoutRequest(plan: "pro", email: "a@b", returnURL: "javascript:1"), "return_url",
      "write one that begins with https://"
    ),
    (CheckoutRequest(plan: "pro", email: "a@b", seats: 2), "seats", nil),
    (CheckoutRequest(plan: "pro", email: "a@b", seats: 0), "seats", nil),
  ])
  func saysWhatIsWrong(_ request: CheckoutRequest, _ attribute: String, _ help: String?) {
    guard case .failure(.request(let error)) = buy(request).result else {
      Issue.record("it was sold")
      return
    }
    #expect(error.code == .invalidRequest)
    #expect(error.attribute == attribute)
    #expect(error.help == help)
    #expect(till.orders.isEmpty)
  }

  @Test func adviceFitsTheFailure() {
    #expect(ProviderFailure(.refused, "r").advice == "the billing provider refuses this: r")
    #expect(ProviderFailure(.notTaken, "r").advice.hasSuffix("nothing was made: r"))
    #expect(ProviderFailure(.notTaken, "r", isPassing: true).advice.hasSuffix("; ask again later"))
    #expect(ProviderFailure(.fateUnknown, "r").advice.contains("asking again"))
  }
}

/// A provider that knows customers by ids of its own.
struct IdentifiedProviderTests {
  @Test func isAskedByItsOwnIDs() throws {
    let scene = try Scene()
    let till = CheckoutTests.Till()
    let provider = IdentifiedProvider(till, store: scene.store)
    for _ in 0..<2 { #expect(try provider.register(.init(id: "ada", email: "a@b.c")) == "cus_ada") }
    #expect(till.registrations.count == 1, "who is known is not registered again")
    #expect(try scene.store.customer(providerID: "cus_ada") == "ada")
  }

  /// Clients are told, and the outbox keeps, what a provider fails with.
  @Test func aStoreThatFailsIsNotNamed() throws {
    let scene = try Scene()
    let store = try Store.open(
      "sqlite:\(scene.folder.path)/other.db",
      faults: { point throws(StoreFailure.Reason) in
        if point == .beforeWrite { throw .diskFull }
      })
    let provider = IdentifiedProvider(CheckoutTests.Till(), store: store)
    do throws(ProviderFailure) {
      _ = try provider.register(.init(id: "ada", email: "a@b.c"))
      Issue.record("the id cannot be noted")
    } catch {
      #expect(error.kind == .notTaken)
      #expect(!error.advice.contains("other.db"), "\(error.advice)")
    }
  }

  @Test func usageGoesUnderThem() throws {
    let scene = try Scene()
    let dodo = FakeDodo(now: .noon)
    let wire = DodoProvider(
      .init(url: "https://dodo", key: "k", entitlement: "cde"), webhooks: NoWebhooks(),
      clock: { dodo.now },
      transport: { request throws(TransportFailure) in try dodo.send(request) })
    let provider = IdentifiedProvider(wire, store: scene.store)
    _ = try scene.store.commit([.identify(customer: "ada", providerID: "cus_1")])
    func event(_ id: String, _ customer: String) -> MeterEvent {
      MeterEvent(
        id: id, customer: customer, name: "n", at: .noon, property: "credit_cost", amount: 1)
    }
    try provider.send([event("1", "ada"), event("2", "bob")])
    try provider.debit(event("3", "ada"), credits: 1)
    let texts = dodo.requests.map { $0.url + String(decoding: $0.body ?? [], as: UTF8.self) }
    #expect(texts[0].contains(#""event_id":"1","customer_id":"cus_1""#))
    #expect(texts[0].contains(#""event_id":"2","customer_id":"bob""#))
    #expect(
      texts[1].hasPrefix("https://dodo/credit-entitlements/cde/balances/cus_1/ledger-entries"))
  }
}
