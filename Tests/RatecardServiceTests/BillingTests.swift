import Foundation
import RatecardBilling
import RatecardJSON
import RatecardService
import RatecardValues
import Testing

extension ServiceTests {
  /// What is shipped to the billing provider, and what it tells.
  struct BillingTests {
    private static let secret = "whsec_c2VydmljZSB0ZXN0cw=="

    let folder: CardFolder
    let service: ServiceProcess
    let client: ServiceClient

    init() throws {
      folder = try CardFolder()
      try folder.write(Shop.meter, to: "card/meter.yaml")
      service = try ServiceProcess(
        folder, environment: ["DODO_PAYMENTS_WEBHOOK_KEY": Self.secret])
      client = service.client()
    }

    /// Starts a service that ships to an address, and records one event.
    private func serviceShipping(to address: String, key: String) throws -> ServiceProcess {
      let service = try ServiceProcess(
        folder, store: "other.db",
        environment: ["DODO_PAYMENTS_API_KEY": key, "DODO_PAYMENTS_BASE_URL": address])
      try service.client().post(
        "/v1/usage",
        ["id": "one", "customer": "ann", "request_type": "chat", "model": "gpt-4o"]
      ).expect(200)
      return service
    }

    @Test func aProviderThatWillTakeNothingIsSeenWithWhatToDo() throws {
      // This very program is a provider that knows nothing of events.
      let blocked = try serviceShipping(to: "http://127.0.0.1:\(service.port)", key: "k")
      let client = blocked.client()
      #expect(try isTrue { try client.metrics().value("ratecard_shipping_blocked") == 1 })
      #expect(try client.metrics().value("ratecard_shipping_failing") == 1)
      let shipping = try #require(try client.get("/v1/outbox").json["shipping"])
      #expect(shipping["failing"] == true)
      #expect(shipping["message"]?.string?.hasPrefix("status 404") == true)
      #expect(shipping["help"]?.string?.contains("DODO_PAYMENTS_BASE_URL") == true)
      let line = try #require(eventually { blocked.log("shipping_failed").first })
      #expect(line["level"] == "error" && line["help"] == shipping["help"])
      // Nothing is dead by it, and decisions go on.
      #expect(try client.get("/v1/outbox").json["dead"] == 0)
      #expect(try client.get("/readyz").status == 200)
      #expect(try client.get("/v1/outbox/one").json["code"] == "not_taken")
    }

    @Test func aProviderThatIsDownIsNothingToMend() throws {
      let failing = try serviceShipping(to: "http://127.0.0.1:1", key: "k")
      let client = failing.client()
      #expect(try isTrue { try client.metrics().value("ratecard_shipping_failing") == 1 })
      #expect(try client.metrics().value("ratecard_shipping_blocked") == 0)
      #expect(try client.get("/v1/outbox").json["shipping"]?["help"] == nil)
    }

    @Test func withoutAKeyNoWebhookIsGenuine() throws {
      let other = try ServiceProcess(folder, store: "other.db")
      let keys = try #require(WebhookKeys("whsec_c2VydmljZSB0ZXN0cw=="))
      let now = try #require(Instant(seconds: Int64(Date().timeIntervalSince1970)))
      let webhook = keys.signed(id: "msg_1", body: Array("{}".utf8), at: now)
      let reply = try other.client().ask(
        "POST", "/webhooks/dodo", webhook.body,
        headers: [
          "webhook-id: msg_1", "webhook-timestamp: \(webhook.timestamp)",
          "webhook-signature: \(webhook.signature)",
        ])
      #expect(reply.status == 401)
    }

    @Test func whatMakesNoSenseIsKeptAndSeen() throws {
      let keys = try #require(WebhookKeys(Self.secret))
      let now = try #require(Instant(seconds: Int64(Date().timeIntervalSince1970)))
      func send(_ id: String, _ body: String) throws {
        let webhook = keys.signed(id: id, body: Array(body.utf8), at: now)
        try client.ask(
          "POST", "/webhooks/dodo", webhook.body,
          headers: [
            "webhook-id: \(id)", "webhook-timestamp: \(webhook.timestamp)",
            "webhook-signature: \(webhook.signature)",
          ]
        ).expect(200)
      }
      try send("msg_1", "{")
      try send("msg_2", #"{"type":"moon.risen"}"#)
      try send("msg_2", #"{"type":"moon.risen"}"#)
      let letters = try client.get("/v1/outbox?reason=senseless_webhook").json["letters"]
      #expect(letters?.items?.map { $0["event_id"] } == ["webhook:msg_1"])
      #expect(try client.get("/v1/outbox/webhook:msg_1").json["body"] == "{")
      let metrics = try client.metrics()
      #expect(
        metrics.value("ratecard_webhooks_total", ["result": "ignored", "type": "moon.risen"]) == 2)
      #expect(metrics.value("ratecard_webhooks_total", ["result": "kept", "type": ""]) == 1)
      #expect(metrics.value("ratecard_usage_total", ["result": "unpriced"]) == 0)
      let vain = try client.post("/v1/outbox/webhook:msg_1/retry")
      #expect(vain.status == 422 && vain.errorCode == "senseless_webhook")
      #expect(try client.delete("/v1/outbox/webhook:msg_1").status == 200)
    }

    private func shipped() throws -> String? {
      try client.get("/metrics").text.split(separator: "\n")
        .first { $0.hasPrefix(#"ratecard_shipments_total{result="shipped"}"#) }
        .map { String($0.split(separator: " ").last ?? "") }
    }

    @Test func usageIsShippedAndLeavesTheOutbox() throws {
      for (id, type) in [("one", "chat"), ("two", "agent"), ("free", "tab_completion")] {
        let report: JSONValue = [
          "id": .string(id), "customer": "ann", "request_type": .string(type), "model": "gpt-4o",
        ]
        #expect(try client.post("/v1/usage", report).status == 200)
      }
      #expect(try isTrue { try client.get("/v1/outbox").json["depth"] == 0 })
      // It is counted once it is stored.
      #expect(try isTrue { try shipped() == "2" }, "what costs nothing is not shipped")
      // The provider has not said yet that it deducted them.
      #expect(try client.get("/v1/customers/ann").json["pending"] == "11")
    }

    @Test func whatCostsNothingIsShippedWhereTheCardSaysSo() throws {
      try folder.write(Shop.meter + "\n  zero_cost: send\n", to: "card/meter.yaml")
      #expect(try client.post("/-/reload").status == 200)
      let report: JSONValue = [
        "id": "free", "customer": "ann", "request_type": "tab_completion", "model": "gpt-4o",
      ]
      #expect(try client.post("/v1/usage", report).status == 200)
      #expect(try isTrue { try shipped() == "1" })
    }

    @Test func aWebhookSaysWhatTheBalanceIs() throws {
      let now = Instant(nanoseconds: Int128(Date().timeIntervalSince1970) * 1_000_000_000)
      let body: JSONValue = [
        "business_id": "bus_1", "type": "credit.added",
        "timestamp": .string(try #require(now).description),
        "data": [
          "payload_type": "CreditLedgerEntry", "id": "cle_1", "customer_id": "ann",
          "credit_entitlement_id": "cde_1", "transaction_type": "credit_added",
          "amount": "500", "is_credit": true, "balance_before": "0", "balance_after": "500",
          "overage_before": "0", "overage_after": "0",
        ],
      ]
      let keys = try #require(WebhookKeys(Self.secret))
      let webhook = keys.signed(
        id: "msg_1", body: Array(body.text().utf8), at: try #require(now))
      func send(_ signature: String) throws -> HTTPReply {
        try client.ask(
          "POST", "/webhooks/dodo", webhook.body,
          headers: [
            "webhook-id: \(webhook.id)", "webhook-timestamp: \(webhook.timestamp)",
            "webhook-signature: \(signature)",
          ])
      }
      let forged = try send("v1,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")
      #expect(forged.status == 401)
      #expect(forged.json == ["error": "Invalid signature"])
      #expect(try client.get("/v1/customers/ann").status == 404)
      for _ in 0..<2 {
        let reply = try send(webhook.signature)
        #expect(reply.status == 200)
        #expect(reply.json == ["received": true])
      }
      let customer = try client.get("/v1/customers/ann").json
      #expect(customer["balance"]?["known"] == "500")
      #expect(customer["available"] == "500")
    }
  }
}
