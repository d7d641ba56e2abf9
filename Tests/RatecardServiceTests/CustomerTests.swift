import Foundation
import RatecardJSON
import Testing

extension ServiceTests {
  /// What is known of customers, and how it moves them from tier to tier.
  struct CustomerTests {
    let client: ServiceClient
    let id = "customer-\(UUID().uuidString)"

    init() throws { client = try ServiceTests.shared().client() }

    private func put(_ change: JSONValue) throws -> JSONValue {
      let reply = try client.put("/v1/customers/\(id)", change)
      reply.expect(200)
      return reply.json
    }

    private func known() throws -> JSONValue { try client.get("/v1/customers/\(id)").json }

    private func decide(_ more: [JSONValue.Member] = []) throws -> JSONValue {
      let reply = try client.post(
        "/v1/decide",
        .object(
          [.init("customer", .string(id)), .init("request_type", "chat"), .init("model", "gpt-4o")]
            + more))
      reply.expect(200)
      return reply.json
    }

    private func spend(_ use: String, _ type: String, _ model: String) throws {
      try client.post(
        "/v1/usage",
        [
          "id": .string("\(id) \(use)"), "customer": .string(id), "request_type": .string(type),
          "model": .string(model),
        ]
      ).expect(200)
    }

    @Test func whatIsPutIsKnown() throws {
      #expect(try client.get("/v1/customers/\(id)").status == 404)
      let answer = try put(["plan": "pro", "balance": "12.50", "tier": "slow"])
      #expect(answer == (try known()))
      #expect(answer["customer"]?.string == id)
      #expect(answer["plan"] == "pro")
      #expect(answer["tier"] == "slow")
      #expect(answer["balance"]?["known"] == "12.5")
      #expect(answer["balance"]?["at"]?.string?.hasSuffix("Z") == true)
      #expect(answer["balance"]?["source"]?.string?.isEmpty == false)
      #expect(answer["pending"] == "0")
      #expect(answer["available"] == "12.5")
      #expect(answer["notices"] == [])
      let later = try put(["balance": -3])
      #expect(later["plan"] == "pro", "what is left out stays")
      #expect(later["tier"] == "slow", "what is left out stays")
      #expect(later["available"] == "-3")
      let cleared = try put(["plan": .null, "balance": .null, "tier": .null])
      for member in ["plan", "balance", "tier", "available"] {
        #expect(cleared[member] == .null, "\(member)")
      }
    }

    @Test(arguments: [
      (#"{"plan":"por"}"#, "plan"), (#"{"plan":7}"#, "plan"), (#"{"tier":"fast"}"#, "tier"),
      (#"{"balance":"much"}"#, "balance"), (#"{"balance":true}"#, "balance"),
      (#"{"balance":1,"blance":2}"#, "blance"), (#"{"balance":1,"at":"now"}"#, "at"),
      (#"{"balance":1,"at":"2999-01-01T00:00:00Z"}"#, "at"), (#"{"pending":1}"#, "pending"),
    ])
    func whatCannotBeKnownIsRefusedWhole(_ body: String, _ attribute: String) throws {
      let reply = try client.ask("PUT", "/v1/customers/\(id)", body)
      #expect(reply.status == 400)
      #expect(reply.json["error"]?["attribute"]?.string == attribute)
      #expect(try client.get("/v1/customers/\(id)").status == 404)
    }

    @Test(arguments: ["1e18", "1e30", "-1e30", "0.0000000000000000000000001"])
    func aBalanceIsExactOrRefused(_ balance: String) throws {
      let reply = try client.ask("PUT", "/v1/customers/\(id)", #"{"balance":\#(balance)}"#)
      if reply.status == 200 {
        #expect(reply.json["available"] == "1000000000000000000")
      } else {
        #expect(reply.status == 400)
        #expect(reply.errorMessage?.isEmpty == false)
      }
    }

    @Test func anOlderBalanceDoesNotOverrideANewerOne() throws {
      #expect(
        try put(["balance": 50, "at": "2026-02-01T00:00:00Z"])["available"] == "50")
      #expect(try put(["balance": 10, "at": "2026-01-01T00:00:00Z"])["available"] == "50")
      #expect(try put(["balance": 20, "at": "2026-03-01T00:00:00Z"])["available"] == "20")
    }

    @Test(arguments: ["%C3%BCmit%20b%2Fc", "a+b", "%E2%82%AC%25", "a;b=c,d", "..%2F.."])
    func anIdMayHoldWhatItLikes(_ path: String) throws {
      let id = try #require(path.removingPercentEncoding)
      let reply = try client.put("/v1/customers/\(path)", ["plan": "pro"])
      #expect(reply.status == 200)
      #expect(reply.json["customer"]?.string == id)
      let decision = try client.post(
        "/v1/decide", ["customer": .string(id), "request_type": "agent", "model": "gpt-4o"])
      #expect(decision.status == 200)
      #expect(try client.get("/v1/customers/\(path)").json["tier"] == "premium")
    }

    @Test(arguments: ["%00", "a%00b", "%0A", "%FF", "%C3%28", "%", "%4", "%zz"])
    func anIdIsAText(_ path: String) throws {
      for method in ["GET", "PUT"] {
        let body = method == "PUT" ? Array("{}".utf8) : nil
        let reply = try client.ask(method, "/v1/customers/\(path)", body)
        #expect(reply.status == 400)
        #expect(reply.errorCode != nil)
      }
    }

    @Test func aDecisionReadsPlanAndBalanceUnlessTheyAreGiven() throws {
      _ = try put(["plan": "hobby", "balance": 40])
      let denied = try client.post(
        "/v1/decide", ["customer": .string(id), "request_type": "chat", "model": "o1"])
      #expect(denied.json["denied"] == "o1 is not part of the Hobby plan.")
      let given = try client.post(
        "/v1/decide",
        ["customer": .string(id), "request_type": "chat", "model": "o1", "plan": "pro"])
      #expect(given.json["credits"] == "5")
      #expect(try decide()["tier"] == "premium")
      #expect(try decide([.init("balance", 0)])["tier"] == "slow")
      let price = try client.post(
        "/v1/price", ["customer": .string(id), "request_type": "chat", "model": "o1"])
      #expect(price.json["denied"] == "o1 is not part of the Hobby plan.")
    }

    @Test func tiersMoveByTheCardsRulesAndEachMoveIsKept() throws {
      _ = try put(["plan": "pro", "balance": 100])
      #expect(try decide()["tier_rule"] == "premium")
      _ = try put(["balance": 0])
      let slow = try decide()
      #expect(slow["tier_rule"] == "no credits left")
      #expect(slow["model"] == "gpt-4o-mini")
      #expect(slow["queue"] == "standard")
      #expect(try known()["tier"] == "slow")
      // Ten of a hundred are more than none, and less than the fifth that leads back.
      _ = try put(["balance": 10])
      #expect(try decide()["tier_rule"] == "slow until topped up")
      _ = try put(["balance": 19])
      #expect(try decide()["tier"] == "slow")
      _ = try put(["balance": 20])
      #expect(try decide()["tier"] == "premium")
      _ = try put(["balance": 10])
      #expect(try decide()["tier"] == "premium")
      let moves = try known()["tier_changes"]?.items ?? []
      #expect(moves.map { $0["to"] } == ["premium", "slow", "premium"])
      #expect(moves.map { $0["from"] } == [.null, "premium", "slow"])
      for (move, rule) in zip(moves, ["premium", "no credits left", "premium"]) {
        #expect(move["cause"]?.string?.contains(rule) == true)
        #expect(move["at"]?.string?.hasSuffix("Z") == true)
      }
    }

    @Test func whatIsRecordedAndNotYetDeductedIsNoMoreThere() throws {
      _ = try put(["plan": "pro", "balance": 25])
      #expect(try decide()["tier"] == "premium")
      try spend("first", "agent", "gpt-4o")
      #expect(try known()["pending"] == "10")
      #expect(try known()["available"] == "15")
      #expect(try decide()["tier"] == "premium")
      try spend("second", "agent", "gpt-4o")
      try spend("third", "chat", "o1")
      #expect(try known()["available"] == "0")
      #expect(try decide()["tier_rule"] == "no credits left")
    }

    @Test func anUnknownCustomerIsDecidedByTheCardAlone() throws {
      let decision = try decide()
      #expect(decision["tier"] == "premium")
      #expect(decision["credits"] == "1")
    }

    @Test func decidingTwiceMovesOnce() throws {
      for _ in 0..<3 { _ = try decide() }
      #expect(try known()["tier_changes"]?.items?.count == 1)
    }
  }

  /// What a new card does to what is known of customers.
  struct CustomersOfAnotherCardTests {
    @Test func aTierThatIsGoneCountsAsNoneAndAPlanThatIsGoneIsAnError() throws {
      let folder = try CardFolder()
      let client = try ServiceProcess(folder).client()
      try client.put("/v1/customers/ann", ["plan": "hobby", "balance": 0]).expect(200)
      let request: JSONValue = ["customer": "ann", "request_type": "chat", "model": "gpt-4o"]
      #expect(try client.post("/v1/decide", request).json["tier"] == "slow")
      try folder.write("tiers: [{tier: basic}]\n", to: "card/tiers.yaml")
      try client.post("/-/reload").expect(200)
      #expect(try client.post("/v1/decide", request).json["tier"] == "basic")
      try folder.write(
        Shop.header.replacing("hobby: {product: prod_hobby", with: "home: {product: prod_home"),
        to: "card/shop.yaml")
      try folder.write(
        Shop.costs.replacing("plan: hobby", with: "plan: home"), to: "card/costs.yaml")
      try client.post("/-/reload").expect(200)
      let reply = try client.post("/v1/decide", request)
      #expect(reply.status == 400)
      #expect(reply.json["error"]?["attribute"] == "plan")
      #expect(reply.errorMessage?.contains("`hobby`") == true)

      // What was used all the same is no mistake of who reports it, and is not lost.
      let usage: JSONValue = [
        "id": "of a former plan", "customer": "ann", "request_type": "chat", "model": "gpt-4o",
      ]
      let used = try client.post("/v1/usage", usage)
      #expect(used.status == 422)
      #expect(used.errorMessage?.contains("`hobby`") == true)
      try client.put("/v1/customers/ann", ["plan": "home"]).expect(200)
      try client.post("/v1/outbox/of%20a%20former%20plan/retry").expect(200)
      #expect(try client.get("/v1/customers/ann").json["pending"] == "1")
    }
  }
}
