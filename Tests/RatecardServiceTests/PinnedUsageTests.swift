import Foundation
import RatecardJSON
import Testing

extension ServiceTests {
  /// Usage is priced by what held when it was admitted.
  struct PinnedUsageTests {
    let folder: CardFolder
    let service: ServiceProcess
    let client: ServiceClient

    /// Costs in which everything that a decision settles shows in the price.
    private static func costs(_ factor: Int) -> String {
      """
      costs:
        - name: chats
          when: {request_type: chat}
          rates: {input_tokens: \(factor)}
        - {name: chats of the slow, when: {request_type: chat, tier: slow}, rates: {input_tokens: \(2 * factor)}}
        - name: chats in the old days
          when: {request_type: chat}
          overrides: chats of the slow
          until: 2020-01-01
          rates: {input_tokens: \(3 * factor)}
        - {name: chats on o1, when: {request_type: chat, model: o1}, overrides: [chats of the slow, chats in the old days], rates: {input_tokens: \(5 * factor)}}
        - {name: agents, when: {request_type: agent}, credits: \(factor)}

      """
    }

    init() throws {
      folder = try CardFolder([
        "shop.yaml": Shop.header, "costs.yaml": Self.costs(1), "tiers.yaml": Shop.tiers,
      ])
      service = try ServiceProcess(folder)
      client = service.client()
    }

    /// Decides a chat on gpt-4o and returns the decision's id.
    private func decide(_ more: [JSONValue.Member] = []) throws -> JSONValue {
      let reply = try client.post(
        "/v1/decide",
        .object(
          [.init("customer", "ann"), .init("request_type", "chat"), .init("model", "gpt-4o")]
            + more))
      try #require(reply.status == 200, "\(reply.text)")
      return try #require(reply.json["decision"])
    }

    private func use(
      _ id: String, _ decision: JSONValue, _ more: [JSONValue.Member] = []
    ) throws -> HTTPReply {
      try client.post(
        "/v1/usage",
        .object(
          [.init("id", .string(id)), .init("customer", "ann"), .init("decision", decision)] + more)
      )
    }

    /// Of numbers that have more digits than may be written out.
    @Test(arguments: ["1e60", "12.5e60", "-0", "1e-60", "0.125e-60"])
    func aDecisionCarriesEveryNumber(_ number: String) throws {
      let reply = try client.ask(
        "POST", "/v1/decide",
        #"""
        {"customer":"ann","request_type":"agent","audio_seconds":\#(number),
        "at":"2026-01-01T00:00:00Z"}
        """#)
      #expect(reply.status == 200, "\(reply.text)")
      let used = try use("used \(number)", try #require(reply.json["decision"]))
      #expect(used.status == 200, "\(used.text)")
    }

    /// Texts are told apart by their bytes, also those that look the same.
    @Test func aDecisionIsOneCustomersOnly() throws {
      let ask: JSONValue = [
        "customer": "Jos\u{E9}", "request_type": "chat", "model": "gpt-4o", "input_tokens": 1,
      ]
      let decision = try #require(try client.post("/v1/decide", ask).json["decision"])
      for (customer, status) in [("Jose\u{301}", 400), ("Jos\u{E9}", 200)] {
        let reply = try client.post(
          "/v1/usage",
          ["id": "looks the same", "customer": .string(customer), "decision": decision])
        #expect(reply.status == status, "\(reply.text)")
      }
    }

    private func changeCard(to factor: Int) throws {
      try folder.write(Self.costs(factor), to: "card/costs.yaml")
      try #require(try client.post("/-/reload").status == 200)
    }

    @Test func theCardOfTheDecisionPrices() throws {
      let decision = try decide()
      try changeCard(to: 100)
      #expect(try use("u", decision, [.init("input_tokens", 7)]).json["credits"] == "7")
      // Without the decision the present card does.
      let plain = try client.post(
        "/v1/usage",
        [
          "id": "p", "customer": "ann", "request_type": "chat", "model": "gpt-4o",
          "tier": "premium", "input_tokens": 7,
        ])
      #expect(plain.json["credits"] == "700")
    }

    @Test func theTierOfTheDecisionPrices() throws {
      try client.put("/v1/customers/ann", ["plan": "pro", "balance": 0]).expect(200)
      let decision = try decide()
      try client.put("/v1/customers/ann", ["balance": 100]).expect(200)
      #expect(
        try client.post("/v1/decide", ["customer": "ann", "request_type": "agent"]).json["tier"]
          == "premium")
      #expect(try use("u", decision, [.init("input_tokens", 7)]).json["credits"] == "14")
    }

    @Test func theMomentOfTheDecisionPrices() throws {
      let decision = try decide([.init("at", "2019-06-01T00:00:00Z")])
      #expect(try use("u", decision, [.init("input_tokens", 7)]).json["credits"] == "21")
      let event = try client.get("/v1/outbox/u")
      #expect(event.json["occurred_at"] == "2019-06-01T00:00:00Z")
    }

    /// What a card will ask is no secret; what was used was used by now.
    @Test func aDecisionAboutTheFutureRecordsNothing() throws {
      let soon = Date().addingTimeInterval(240).formatted(.iso8601)
      let later = Date().addingTimeInterval(360).formatted(.iso8601)
      #expect(try use("soon", try decide([.init("at", .string(soon))])).status == 200)
      let ask: JSONValue = [
        "customer": "ann", "request_type": "agent", "at": .string(later),
      ]
      let preview = try client.post("/v1/decide", ask)
      preview.expect(200)
      #expect(preview.json["credits"] == "1")
      #expect(preview.json["decision"] == nil)
      let reply = try client.post(
        "/v1/usage", ["id": "a", "customer": "ann", "request_type": "agent", "at": .string(later)])
      reply.expect(400)
      #expect(reply.json["error"]?["attribute"] == "at")
      #expect(try client.get("/v1/outbox/a").status == 404)
    }

    /// However many cards a batch names, and in whatever order: each is loaded once, and so many at most.
    @Test func aBatchMayNameManyCards() throws {
      var decisions: [JSONValue] = []
      for factor in 2...70 {
        decisions.append(try decide())
        try changeCard(to: factor)
      }
      // Started anew, it has but the present card in memory.
      #expect(service.stop() == 0)
      let next = try ServiceProcess(folder).client()
      func lines(_ numbers: some Sequence<Int>) -> [String] {
        numbers.map { number in
          let decision = decisions[number % decisions.count].string ?? ""
          return
            #"{"id":"u\#(number)","customer":"ann","decision":"\#(decision)","input_tokens":1}"#
        }
      }
      let reply = try next.post("/v1/usage", lines: lines(0..<690))
      reply.expect(200)
      let answers = try reply.text.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
      #expect(answers.count == 690)
      var failed: [Int] = []
      for (number, answer) in answers.enumerated() {
        if answer["recorded"] == true {
          #expect(answer["credits"]?.string == String(number % decisions.count + 1))
        } else {
          #expect(answer["status"] == 503)
          #expect(answer["error"]?["code"] == "busy")
          failed.append(number)
        }
      }
      // 69 cards, of which 64 are loaded for one request.
      #expect(Set(failed.map { $0 % decisions.count }).count == 5)
      let again = try next.post("/v1/usage", lines: lines(failed))
      #expect(!again.text.contains("error"), "\(again.text)")
      // A server's thread loads none.
      let single = try next.ask("POST", "/v1/usage", lines([690])[0])
      #expect(single.json["credits"] == "1")
    }

    @Test func theModelThatServedAndTheQuantitiesMayBeNew() throws {
      let decision = try decide([.init("input_tokens", 1)])
      let reply = try use("u", decision, [.init("model", "o1"), .init("input_tokens", 7)])
      #expect(reply.json["credits"] == "35")
      // What admission said holds where usage says nothing.
      #expect(try use("v", decision).json["credits"] == "1")
    }

    @Test(arguments: [
      JSONValue.Member("request_type", "agent"), .init("plan", "pro"), .init("balance", 5),
      .init("current_tier", "slow"), .init("tier", "slow"), .init("customer", "bob"),
      .init("at", "2026-01-01T00:00:00Z"), .init("version", "0000"),
      .init("granted", 5), .init("requested_model", "o1"),
    ])
    func nothingElseMayBeNew(_ member: JSONValue.Member) throws {
      let decision = try decide()
      var members: [JSONValue.Member] = [
        .init("id", "u"), .init("customer", "ann"), .init("decision", decision),
        .init("input_tokens", 1),
      ]
      members.removeAll { $0.name == member.name }
      let reply = try client.post("/v1/usage", .object(members + [member]))
      #expect(reply.status == 400)
      #expect(reply.json["error"]?["attribute"]?.string == member.name, "\(reply.text)")
      #expect(try client.get("/v1/outbox/u").status == 404)
    }

    @Test func whatWasDecidedMayBeSaidAgain() throws {
      let reply = try client.post(
        "/v1/decide", ["customer": "ann", "request_type": "chat", "model": "gpt-4o"])
      let decision = try #require(reply.json["decision"])
      let usage = try use(
        "u", decision,
        [
          .init("request_type", "chat"), .init("model", "gpt-4o"), .init("input_tokens", 2),
          .init("at", try #require(reply.json["at"])),
          .init("version", try #require(reply.json["version"])),
        ])
      #expect(usage.json["credits"] == "2", "\(usage.text)")
    }

    @Test func aDecisionThatWasTamperedWithIsRefused() throws {
      let decision = try #require(try decide().string)
      var forgeries = [
        String(decision.dropLast()), String(decision.dropLast(20)), decision + "A",
        "dec_" + decision, decision.uppercased(), "",
      ]
      for place in stride(from: 4, to: decision.count, by: 17) {
        var characters = Array(decision)
        characters[place] = characters[place] == "A" ? "B" : "A"
        forgeries.append(String(characters))
      }
      for forgery in forgeries {
        let reply = try use("u", .string(forgery), [.init("input_tokens", 1)])
        #expect(reply.status == 400, "\(forgery)")
        #expect(reply.json["error"]?["attribute"] == "decision", "\(forgery)")
      }
      #expect(try use("u", .string(decision), [.init("input_tokens", 1)]).status == 200)
    }

    @Test func aDecisionOfAnotherServiceIsRefused() throws {
      let other = try ServiceProcess(folder, store: "other.db")
      let reply = try other.client().post(
        "/v1/decide", ["customer": "ann", "request_type": "chat", "model": "gpt-4o"])
      let decision = try #require(reply.json["decision"])
      #expect(try use("u", decision, [.init("input_tokens", 1)]).status == 400)
    }

    @Test func theSameDecisionMayBeUsedByManyAndTheSameUsageOnce() throws {
      let decision = try decide()
      for _ in 0..<2 {
        #expect(try use("a", decision, [.init("input_tokens", 2)]).json["credits"] == "2")
        #expect(try use("b", decision, [.init("input_tokens", 3)]).json["credits"] == "3")
        try changeCard(to: 9)
      }
      #expect(try use("a", try decide(), [.init("input_tokens", 2)]).status == 409)
      #expect(try client.get("/v1/customers/ann").json["pending"] == "5")
    }

    @Test func anEarlierVersionPricesWhereItIsNamed() throws {
      let version = try #require(try client.get("/v1/ratecard").json["version"])
      for factor in [10, 100] { try changeCard(to: factor) }
      let reply = try client.post(
        "/v1/usage",
        [
          "id": "u", "customer": "ann", "request_type": "chat", "model": "gpt-4o",
          "tier": "premium", "input_tokens": 7, "version": version,
        ])
      #expect(reply.json["credits"] == "7")
    }

    @Test func theMomentOfUsagePricesWhereItIsNamed() throws {
      for (moment, credits) in [
        ("2019-12-31T23:59:59.999Z", "21"), ("2020-01-01T00:00:00Z", "7"),
        ("2020-01-01T00:59:59+01:00", "21"),
      ] {
        let reply = try client.post(
          "/v1/usage",
          [
            "id": .string(moment), "customer": "ann", "request_type": "chat", "model": "gpt-4o",
            "tier": "premium", "input_tokens": 7, "at": .string(moment),
          ])
        #expect(reply.json["credits"]?.string == credits, "\(moment)")
      }
    }

    @Test func aDecisionOutlivesTheProcess() throws {
      let decision = try decide()
      try changeCard(to: 100)
      service.crash()
      let next = try ServiceProcess(folder)
      let reply = try next.client().post(
        "/v1/usage",
        ["id": "u", "customer": "ann", "decision": decision, "input_tokens": 7])
      #expect(reply.json["credits"] == "7")
    }

    @Test func aLargeDecisionIsADecisionToo() throws {
      let model = String(repeating: "m", count: 60_000)
      let reply = try client.post(
        "/v1/decide", ["customer": "ann", "request_type": "chat", "model": .string(model)])
      reply.expect(200)
      let decision = try #require(reply.json["decision"])
      let usage = try use("u", decision, [.init("model", "gpt-4o"), .init("input_tokens", 7)])
      #expect(usage.json["credits"] == "7", "\(usage.text)")
    }

    @Test func aDecisionThatRefusesPricesNothing() throws {
      try folder.write(
        Self.costs(1)
          + "  - {name: no mini, when: {request_type: chat, model: gpt-4o-mini}, deny: no}\n",
        to: "card/costs.yaml")
      try client.post("/-/reload").expect(200)
      let reply = try client.post(
        "/v1/decide", ["customer": "ann", "request_type": "chat", "model": "gpt-4o-mini"])
      #expect(reply.json["denied"] == "no")
      if let decision = reply.json["decision"] {
        let usage = try use("u", decision, [.init("input_tokens", 7)])
        #expect(usage.status == 422)
        #expect(usage.errorCode == "denied")
      }
    }

    @Test func theNamesOfACustomerCannotEnterADecision() throws {
      // What is sealed is divided by a line's end, which a name may hold as JSON writes it.
      let name = "ann\",\"tier\":\"slow"
      let reply = try client.post(
        "/v1/decide",
        ["customer": .string(name), "request_type": "chat", "model": "a\n{\"tier\":\"slow\"}"])
      let decision = try #require(reply.json["decision"])
      let usage = try client.post(
        "/v1/usage",
        ["id": "u", "customer": .string(name), "decision": decision, "input_tokens": 7])
      #expect(usage.json["credits"] == "7", "\(usage.text)")
    }
  }
}

extension HTTPReply {
  /// Records an issue where the status is another.
  func expect(_ status: Int, sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(self.status == status, "\(text)", sourceLocation: sourceLocation)
  }
}
