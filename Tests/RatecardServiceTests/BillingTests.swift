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
      #expect(try shipped() == "2", "what costs nothing is not shipped")
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
