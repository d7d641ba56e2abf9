import RatecardJSON
import RatecardStore
import RatecardValues
import Testing

@testable import RatecardService

extension ServiceTests {
  /// Customers of whom a store knows much already.
  struct KnownCustomerTests {
    /// A service on a store to which changes were made before.
    private func service(
      _ folder: CardFolder, after changes: (Store) throws -> Void
    ) throws -> ServiceProcess {
      try changes(try Store.open("sqlite:\(folder.at("store.db"))"))
      return try ServiceProcess(folder)
    }

    /// What was shipped long before a balance is in it, whoever tells that balance.
    @Test func anOperatorsBalanceHoldsWhatTheProviderHadBefore() throws {
      let service = try service(try CardFolder()) { store in
        let then = Instant.present.later(milliseconds: -600_000)
        func usage(_ id: String) -> Change {
          .usage(
            UsageEvent(
              id: id, customer: "ann", occurredAt: then, recordedAt: then, credits: Number(30),
              rule: "chat", ratecard: "shop", version: "1", attributes: "{}", fingerprint: [1]))
        }
        _ = try store.commit([usage("a")])
        let shipped = try store.claim(
          limit: 10, owner: "test", now: then, until: then.later(milliseconds: 1_000))
        _ = try store.commit(
          shipped.map { event in
            .shipment(
              Shipment(sequence: event.sequence, owner: "test", result: .shipped(at: then)))
          } + [usage("b")])
        #expect(try store.customer("ann")?.pending == Number(60))
      }
      let client = service.client()
      // Of what was shipped after the moment of the balance nothing is known.
      let before = Instant.present.later(milliseconds: -700_000).description
      let early = try client.put(
        "/v1/customers/ann", ["balance": 200, "at": .string(before)])
      #expect(early.json["pending"] == "60")
      #expect(early.json["available"] == "140")
      let known = try client.put("/v1/customers/ann", ["balance": 100])
      #expect(known.json["pending"] == "30", "\(known.text)")
      #expect(known.json["available"] == "70")
      // The same once more takes nothing more off.
      #expect(try client.put("/v1/customers/ann", ["balance": 100]).json["pending"] == "30")
    }

    @Test func theLatestOfALongHistoryIsShown() throws {
      let service = try service(try CardFolder()) { store in
        let now = Instant.present
        _ = try store.commit(
          (1...150).flatMap { number -> [Change] in
            let from = number == 1 ? nil : number % 2 == 0 ? "slow" : "premium"
            let to = number % 2 == 0 ? "premium" : "slow"
            return [
              .notice(
                Notice(customer: "ann", text: "\(number)", cause: "cause \(number)", at: now)),
              .tier(
                TierChange(customer: "ann", from: from, to: to, cause: "\(number)", at: now)),
            ]
          })
      }
      let shown = try service.client().get("/v1/customers/ann").json
      let wanted = (51...150).map { "\($0)" }
      #expect(shown["notices"]?.items?.map { $0["text"]?.string } == wanted)
      #expect(shown["tier_changes"]?.items?.map { $0["cause"]?.string } == wanted)
    }

    /// However a customer comes to another tier, it is counted, and once.
    @Test func everyMoveIsCounted() throws {
      let client = try ServiceProcess(try CardFolder(Counter.files)).client()
      func moves() throws -> Double? { try client.metrics().value("ratecard_tier_changes_total") }
      #expect(try client.put("/v1/customers/ann", ["balance": 90]).status == 200)
      #expect(try moves() == 0)
      func hold(_ id: String) throws -> HTTPReply {
        try client.post(
          "/v1/reservations",
          ["id": .string(id), "customer": "ann", "request_type": "chat", "model": "big"])
      }
      #expect(try hold("r1").json["tier"] == "premium")
      #expect(try moves() == 1)
      #expect(try hold("r2").status == 200)
      #expect(try moves() == 1)
      #expect(try client.put("/v1/customers/ann", ["balance": 40]).status == 200)
      #expect(try hold("r3").json["tier"] == "slow")
      #expect(try moves() == 2)
      #expect(try client.put("/v1/customers/ann", ["tier": "premium"]).status == 200)
      #expect(try moves() == 3)
      let decision: JSONValue = ["customer": "ann", "request_type": "chat", "model": "big"]
      #expect(try client.post("/v1/decide", decision).json["tier"] == "slow")
      #expect(try moves() == 4)
    }
  }
}
