import Foundation
import RatecardJSON
import RatecardTestSupport
import Synchronization
import Testing

extension ServiceTests {
  /// Sessions in which plans are bought, at the stand-in of the provider.
  struct CheckoutTests {
    private static let price =
      #"{"type":"recurring_price","price":2000,"currency":"USD","discount":0,"#
      + #""purchasing_power_parity":false,"payment_frequency_count":1,"#
      + #""payment_frequency_interval":"Month","subscription_period_count":20,"#
      + #""subscription_period_interval":"Year"}"#
    private static let secret = "whsec_c2VydmljZSB0ZXN0cw=="

    let provider: StandIn
    let folder: CardFolder
    let service: ServiceProcess
    let client: ServiceClient

    init() throws {
      provider = try StandIn()
      folder = try CardFolder()
      let product = try provider.ask(
        "POST", "/products", #"{"name":"Pro","tax_category":"saas","price":\#(Self.price)}"#)
      let id = try #require(try JSONValue(parsing: product)["product_id"]?.string)
      try folder.write(
        "lock: 1\nprovider: dodo\nenvironment: test\nproducts: {pro: \(id)}\n",
        to: "card/.provider/test.lock.yaml")
      service = try ServiceProcess(
        folder,
        environment: provider.environment.merging(
          ["DODO_PAYMENTS_WEBHOOK_KEY": Self.secret]) { $1 })
      client = service.client()
    }

    private func buy(_ more: [JSONValue.Member] = []) throws -> HTTPReply {
      try client.post("/v1/checkout", .object([.init("plan", "pro")] + more))
    }

    @Test func whatIsBoughtReachesTheCustomer() throws {
      let hook = #"{"url":"http://127.0.0.1:\#(service.port)/webhooks/dodo","#
      try provider.control("endpoints", hook + #""secret":"\#(Self.secret)"}"#)
      // A session has the time of the stand-in, and webhooks ours.
      try provider.control("clock", #"{"following":true,"now":"\#(Date.now.ISO8601Format())"}"#)
      let reply = try buy([
        .init("customer", "ada"), .init("email", "ada@example.com"),
        .init("return_url", "https://shop.example/done"),
      ])
      #expect(reply.status == 200, "\(reply.text)")
      let session = try #require(reply.json["session_id"]?.string)
      #expect(reply.json["checkout_url"]?.string?.hasSuffix(session) == true)
      try provider.control("checkouts/\(session)/complete", "{}")
      #expect(
        try isTrue { try client.get("/v1/customers/ada").json["plan"] == "pro" },
        "\(service.log)")
      // The same customer buys again under the same id.
      #expect(try buy([.init("customer", "ada")]).status == 200)
      let customers = try JSONValue(parsing: try provider.ask("GET", "/customers"))["items"]?.items
      #expect(customers?.count == 1)
      #expect(customers?.first?["metadata"] == ["ratecard_customer": "ada"])
    }

    @Test func whoIsUnknownNeedsAnAddress() throws {
      let reply = try buy([.init("customer", "eve")])
      #expect(reply.status == 422)
      #expect(reply.json["error"]?["code"] == "refused")
      try provider.control("customers", #"{"customer_id":"eve","email":"eve@example.com"}"#)
      #expect(try buy([.init("customer", "eve")]).status == 200)
    }

    @Test func aLostAnswerIsToldOf() throws {
      try provider.control(
        "faults", #"{"kind":"reset","path":"/checkouts","times":1,"effect":true}"#)
      // The calls before leave a connection open, on which the next could be sent twice.
      let reply = try buy([.init("email", "a@example.com"), .init("customer", "ada")])
      #expect(reply.status == 502, "\(reply.text)")
      #expect(reply.json["error"]?["code"] == "fate_unknown")
    }

    /// Who has asked is told what is not known; who waits in line, that nothing was made.
    @Test func aProviderThatDoesNotAnswerDoesNotHoldUpTheEnd() throws {
      try provider.control("faults", #"{"kind":"silence","path":"/checkouts"}"#)
      let port = service.port
      let replies = Mutex<[HTTPReply]>([])
      let buyers = Threads(6) { number in
        let reply = try ServiceClient(port: port).post(
          "/v1/checkout", ["plan": "pro", "email": .string("\(number)@example.com")])
        replies.withLock { $0.append(reply) }
      }
      #expect(try isTrue { try client.metrics().value("ratecard_http_active_requests") == 7 })
      // The calls have begun, as far as there are threads for them.
      #expect(
        try isTrue {
          let ledger = try JSONValue(parsing: try provider.control("ledger?parts=calls"))
          let calls = (ledger["calls"]?["counts"]?.members ?? [])
            .filter { $0.name.hasPrefix("POST /checkouts") }
          return !calls.isEmpty || replies.withLock { !$0.isEmpty }
        })
      let began = Date()
      #expect(service.stop() == 0)
      #expect(Date().timeIntervalSince(began) < 5)
      #expect(buyers.join().isEmpty)
      let found = replies.withLock { $0 }
      #expect(found.count == 6)
      for reply in found {
        #expect(
          (reply.status, reply.errorCode) == (502, "fate_unknown")
            || (reply.status, reply.errorCode) == (503, "stopping"), "\(reply.text)")
      }
      #expect(found.contains { $0.errorCode == "fate_unknown" })
      #expect(service.log("stopped").first?["clean"] == true)
    }

    @Test func aProviderThatWantsFewerCallsIsAskedAgain() throws {
      try provider.control(
        "faults", #"{"kind":"status","status":429,"path":"/checkouts","times":1}"#)
      #expect(try buy([.init("email", "a@example.com")]).status == 200)
    }

    @Test func otherFailuresAreTold() throws {
      try provider.control("faults", #"{"kind":"status","status":401,"path":"/checkouts"}"#)
      let reply = try buy([.init("email", "a@example.com")])
      #expect(reply.status == 502)
      #expect(reply.json["error"]?["code"] == "provider_failed")
      try provider.ask("DELETE", "/__control/faults")
      try provider.control(
        "faults", #"{"kind":"status","status":429,"retry_after":30,"path":"/checkouts"}"#)
      let later = try buy([.init("email", "a@example.com")])
      #expect(later.status == 503)
      #expect(later.json["error"]?["code"] == "provider_unavailable")
      #expect(later["retry-after"] == "30")
    }

    @Test(arguments: [
      (#"{"plan":"prp","email":"a@b.c"}"#, "did you mean `pro`?"),
      (#"{"plan":"pro","emial":"a@b.c"}"#, "did you mean `email`?"),
      (#"{"email":"a@b.c"}"#, "a checkout is for a `plan`"),
      (#"{"plan":"pro","email":1}"#, "`email` is a text"),
      (#"{"plan":"pro","email":"a@b.c","seats":1.5}"#, "`seats` is a number from 1 to 10000"),
      (#"{"plan":"pro","email":"a@b.c","seats":"2"}"#, "`seats` is a number"),
      ("[]", "a request is a JSON object"),
    ])
    func saysWhatIsWrong(_ body: String, _ part: String) throws {
      let reply = try client.ask("POST", "/v1/checkout", body)
      #expect(reply.status == 400)
      #expect(reply.json["error"]?["code"] == "invalid_request")
      #expect(reply.json["error"]?["message"]?.string?.contains(part) == true, "\(reply.text)")
    }

    @Test func aLockOfAnotherEnvironmentIsRefused() throws {
      let program = try Program(
        ServiceProcess.arguments(folder, store: "other.db")
          + ["--lock", folder.at("card/.provider/test.lock.yaml")],
        environment: ["DODO_PAYMENTS_ENVIRONMENT": "live_mode"])
      #expect(program.waitForEnd() == 3)
      #expect(program.lines.contains { $0.contains("is of the test environment") })
    }
  }
}
