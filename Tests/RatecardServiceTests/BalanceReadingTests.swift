import Foundation
import RatecardJSON
import RatecardTestSupport
import Testing

extension ServiceTests {
  /// Balances read from the billing provider while requests are answered.
  struct BalanceReadingTests {
    private let provider: StandIn
    private let entitlement: String

    init() throws {
      provider = try StandIn()
      let made = try provider.ask(
        "POST", "/credit-entitlements",
        #"""
        {"name": "Credits", "precision": 1, "unit": "credits", "rollover_enabled": false,
         "overage_enabled": false}
        """#)
      entitlement = try #require(try JSONValue(parsing: made)["id"]?.string)
      try provider.control("customers", #"{"customer_id": "ada", "email": "ada@example.com"}"#)
    }

    private func adjust(_ amount: String) throws {
      try provider.ask(
        "POST", "/credit-entitlements/\(entitlement)/balances/ada/ledger-entries",
        #"{"entry_type": "credit", "amount": "\#(amount)"}"#)
    }

    private func service(age: String) throws -> ServiceProcess {
      try ServiceProcess(
        try CardFolder(Counter.files), options: ["--balance-age", age],
        environment: provider.environment.merging([
          "DODO_PAYMENTS_CREDIT_ENTITLEMENT": entitlement
        ]) { $1 })
    }

    private let request: JSONValue = ["request_type": "chat", "customer": "ada"]

    @Test func aCustomerIsReadWhenFirstSeenAndWhenTheBalanceIsOld() throws {
      try adjust("49")
      let client = try service(age: "1").client()
      // Nobody waits: the first decision knows no balance.
      #expect(try client.post("/v1/decide", request).json["tier"] == "premium")
      #expect(try client.get("/v1/customers/nobody").status == 404)
      #expect(
        try isTrue { try client.get("/v1/customers/ada").json["balance"]?["known"] == "49" })
      #expect(try client.get("/v1/customers/ada").json["balance"]?["source"] == "read")
      #expect(try client.post("/v1/decide", request).json["tier"] == "slow")
      try adjust("30")
      #expect(try isTrue { try client.post("/v1/decide", request).json["tier"] == "premium" })
      #expect(
        try isTrue {
          try client.metrics().value("ratecard_balance_reads_total", ["result": "read"]) ?? 0 >= 2
        })
      // Of whom the provider knows nothing no balance is stored.
      _ = try client.post("/v1/decide", ["request_type": "chat", "customer": "nobody"])
      #expect(
        try isTrue {
          try client.metrics().value("ratecard_balance_reads_total", ["result": "unknown"]) == 1
        })
      #expect(try client.get("/v1/customers/nobody").json["balance"] == .null)
      #expect(try !calls().isEmpty)
    }

    @Test func decisionsDoNotWaitForAProviderThatIsSilent() throws {
      try adjust("49")
      try provider.control("faults", #"{"kind": "silence"}"#)
      let service = try service(age: "1")
      let client = service.client()
      let began = Date()
      for _ in 0..<50 { #expect(try client.post("/v1/decide", request).status == 200) }
      let reservation = try client.post(
        "/v1/reservations", ["id": "r", "customer": "ada", "request_type": "chat"])
      #expect(reservation.status == 200)
      // The provider would not have answered within half a minute.
      #expect(Date().timeIntervalSince(began) < 10)
    }

    @Test func aBalanceIsNotReadWhereThatIsSwitchedOff() throws {
      try adjust("49")
      let service = try service(age: "0")
      for _ in 0..<5 { _ = try service.client().post("/v1/decide", request) }
      #expect(service.stop() == 0)
      #expect(try calls() == [])
    }

    /// How often the provider was asked for a balance, by how it answered.
    private func calls() throws -> [JSONValue.Member] {
      let ledger = try JSONValue(parsing: try provider.control("ledger?parts=calls"))
      return (ledger["calls"]?["counts"]?.members ?? []).filter {
        $0.name.hasPrefix("GET /credit-entitlements/")
      }
    }
  }
}
