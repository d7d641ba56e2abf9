import RatecardBilling
import RatecardTestSupport
import RatecardValues
import Testing

/// What goes over the wire, and what is made of answers.
struct DodoProviderTests {
  /// Keeps what was sent, and answers as told.
  final class Wire {
    var answer = HTTPResponse(200)
    var last: HTTPRequest?
  }

  let wire = Wire()

  func provider(_ entitlement: String? = nil, limiter: RateLimiter = .init()) -> DodoProvider {
    let wire = wire
    return DodoProvider(
      .init(url: "https://dodo", key: "k", entitlement: entitlement),
      webhooks: DodoWebhooks(WebhookKeys(key: [1])), limiter: limiter, clock: { .noon },
      transport: { request throws(TransportFailure) in
        wire.last = request
        return wire.answer
      })
  }

  @Test(arguments: [
    (#"{"items":[{"balance":"0","overage":"2.50"}]}"#, "-2.5"),
    (#"{"items":[{"balance":"3","overage":"2.50"}]}"#, "3"),
    (#"{"items":[{"balance":"15","x":1}]}"#, "15"), (#"{"items":[{"balance":15.50}]}"#, "15.5"),
    (#"{"items":[]}"#, nil),
  ])
  func readsBalances(_ body: String, _ expected: String?) throws {
    wire.answer = HTTPResponse(200, body: Array(body.utf8))
    let balance = try provider().balance(of: "cus/é .")
    #expect(balance.map(\.description) == expected)
    #expect(wire.last?.url == "https://dodo/customers/cus%2F%C3%A9%20./credit-entitlements")
    #expect(wire.last?.headers.first == .init("Authorization", "Bearer k"))
  }

  @Test func readsOneBalance() throws {
    wire.answer = HTTPResponse(200, body: Array(#"{"balance":"0.10","overage":"0"}"#.utf8))
    let balance = try provider("cde").balance(of: "..")
    #expect(balance.map(\.description) == "0.1")
    #expect(wire.last?.url == "https://dodo/credit-entitlements/cde/balances/%2E%2E")
    wire.answer = HTTPResponse(404)
    #expect(try provider("cde").balance(of: "c") == nil)
  }

  @Test func makesACheckout() throws {
    wire.answer = HTTPResponse(
      200, body: Array(#"{"session_id":"cks_1","checkout_url":null}"#.utf8))
    let order = CheckoutOrder(
      product: "prod_cursor_pro", buyer: .email("developer@example.com", name: nil),
      returnURL: "https://yourapp.com/dashboard")
    #expect(try provider().checkout(order) == CheckoutSession(id: "cks_1", url: nil))
    #expect(
      String(decoding: wire.last?.body ?? [], as: UTF8.self)
        == #"{"product_cart":[{"product_id":"prod_cursor_pro","quantity":1}],"#
        + #""customer":{"email":"developer@example.com"},"#
        + #""return_url":"https://yourapp.com/dashboard"}"#)
  }

  /// Whom the provider does not know by our id is looked for by what the earlier call left.
  @Test func registersOnce() throws {
    var answers = [
      HTTPResponse(404),
      HTTPResponse(
        200,
        body: Array(
          (#"{"items":[{"customer_id":"cus_0","metadata":{}},{"customer_id":"cus_1","#
            + #""metadata":{"ratecard_customer":"ada"}}]}"#).utf8)),
    ]
    var requests: [HTTPRequest] = []
    let provider = DodoProvider(
      .init(url: "https://dodo", key: "k"), webhooks: NoWebhooks(), clock: { .noon },
      transport: { request throws(TransportFailure) in
        requests.append(request)
        return answers.removeFirst()
      })
    #expect(try provider.register(.init(id: "ada", email: "a+b@c.d")) == "cus_1")
    #expect(
      requests.map(\.url) == [
        "https://dodo/customers/ada",
        "https://dodo/customers?email=a%2Bb%40c.d&page_number=0&page_size=100",
      ])
    requests = []
    answers = [
      HTTPResponse(404), HTTPResponse(200, body: Array(#"{"items":[]}"#.utf8)),
      HTTPResponse(200, body: Array(#"{"customer_id":"cus_2"}"#.utf8)),
    ]
    #expect(try provider.register(.init(id: "eve", email: "e@v.e")) == "cus_2")
    #expect(
      String(decoding: requests.last?.body ?? [], as: UTF8.self)
        == #"{"email":"e@v.e","name":"e@v.e","metadata":{"ratecard_customer":"eve"}}"#)
    answers = [HTTPResponse(404)]
    #expect(
      throws: ProviderFailure(.refused, "the provider knows no customer `bob`"),
      performing: { _ = try provider.register(.init(id: "bob")) })
  }

  @Test(arguments: [
    (301, ProviderFailure.Kind.notTaken), (400, .refused), (401, .notTaken), (403, .notTaken),
    (404, .notTaken), (408, .fateUnknown), (409, .fateUnknown), (413, .refused), (422, .refused),
    (429, .notTaken), (500, .fateUnknown), (503, .fateUnknown),
  ])
  func sortsStatuses(_ status: Int, _ kind: ProviderFailure.Kind) {
    wire.answer = HTTPResponse(status, body: Array(#"{"code":3,"message":"m"}"#.utf8))
    do throws(ProviderFailure) {
      try provider().send([])
      Issue.record("no failure")
    } catch {
      #expect(error.kind == kind && error.reason == "status \(status): m")
      #expect(error.isPassing == (status == 429))
    }
  }

  @Test func debitsOnce() throws {
    let event = MeterEvent(
      id: "e", customer: "c", name: "n", at: .noon, property: "p", amount: 100)
    let refusal = Array(#"{"code":"IDEMPOTENCY_KEY_ALREADY_EXISTS","message":"m"}"#.utf8)
    wire.answer = HTTPResponse(409, body: refusal)
    try provider("cde").debit(event, credits: 1)
    let body = String(decoding: wire.last?.body ?? [], as: UTF8.self)
    #expect(body.hasPrefix(#"{"entry_type":"debit","amount":"1","reason":"#))
    #expect(body.contains(#""idempotency_key":"e","metadata":{"event_id":"e","#))
    #expect(throws: ProviderFailure.self) { try provider().debit(event, credits: 1) }
  }

  /// What a proxy or a captive portal answers with is no answer of the provider.
  @Test(arguments: [200, 201, 404, 409])
  func takesNoPageForAnAnswer(_ status: Int) throws {
    let event = MeterEvent(
      id: "e", customer: "c", name: "n", at: .noon, property: "p", amount: 100)
    wire.answer = HTTPResponse(status, body: Array("<!doctype html>".utf8))
    func kind(_ body: () throws(ProviderFailure) -> Void) -> ProviderFailure.Kind? {
      do throws(ProviderFailure) { try body() } catch { return error.kind }
      return nil
    }
    #expect(
      kind { () throws(ProviderFailure) in _ = try provider().has(event: "e") }
        == (status == 409 ? .fateUnknown : .notTaken))
    #expect(
      kind { () throws(ProviderFailure) in try provider("cde").debit(event, credits: 1) }
        == (status == 404 ? .notTaken : .fateUnknown))
  }

  @Test(
    arguments: [
      (["retry-after": "7"], 7), (["retry-after": "99999999999999999999"], 3_600),
      (["retry-after": "soon"], 0), (["x-ratelimit-remaining": "1", "x-ratelimit-reset": "9"], 0),
      (["x-ratelimit-remaining": "0", "x-ratelimit-reset": "9"], 9),
      (["x-ratelimit-remaining": "0", "x-ratelimit-reset": "1795608011"], 11),
      (["x-ratelimit-remaining": "0", "x-ratelimit-reset": "1795608011000"], 12),
    ] as [([String: String], Double)])
  func obeysHeaders(_ headers: [String: String], _ seconds: Double) throws {
    wire.answer = HTTPResponse(429, headers: headers)
    let provider = provider()
    #expect(throws: ProviderFailure.self) { try provider.send([]) }
    #expect(provider.readyAt(.noon) == Instant.noon.plus(seconds))
  }
}
