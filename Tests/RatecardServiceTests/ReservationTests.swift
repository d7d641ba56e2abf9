import Foundation
import RatecardJSON
import Synchronization
import Testing

extension ServiceTests {
  /// `/v1/reservations`: credits held until what was used is known.
  struct ReservationTests {
    let client: ServiceClient

    init() throws { client = try Self.shared().client() }

    private static let held = Mutex<ServiceProcess?>(nil)

    private static func shared() throws -> ServiceProcess {
      try held.withLock { held in
        if let held { return held }
        let service = try ServiceProcess(try CardFolder(Counter.files))
        held = service
        atexit { ReservationTests.held.withLock { $0 = nil } }
        return service
      }
    }

    private func set(_ customer: String, _ balance: JSONValue, plan: String = "pro") throws {
      let reply = try client.put(
        "/v1/customers/\(customer)", ["balance": balance, "plan": .string(plan)])
      #expect(reply.status == 200)
    }

    private func reserve(
      _ id: String, _ customer: String, _ more: [JSONValue.Member] = []
    ) throws -> HTTPReply {
      var members: [JSONValue.Member] = [
        .init("id", .string(id)), .init("customer", .string(customer)),
      ]
      if !more.contains(where: { $0.name == "request_type" }) {
        members.append(.init("request_type", "agent"))
      }
      return try client.post("/v1/reservations", .object(members + more))
    }

    private func settle(_ id: String, _ body: JSONValue = [:]) throws -> HTTPReply {
      try client.post("/v1/reservations/\(id)/settle", body)
    }

    private func credits(_ customer: String) throws -> [String?] {
      let known = try client.get("/v1/customers/\(customer)").json
      return ["pending", "held", "available"].map { known[$0]?.string }
    }

    @Test func holdsTheDearestOfTheChainAndFreesWhatWasNotUsed() throws {
      try set("chain", 60)
      let reply = try reserve("chain-1", "chain")
      #expect(reply.status == 200)
      // Served by `big`, and dearest by the first of its fallbacks.
      #expect(reply.json["model"] == "big")
      #expect(reply.json["credits"] == "4")
      #expect(reply.json["held"] == "7")
      #expect(reply.json["reservation"] == "chain-1")
      #expect(reply.json["decision"]?.string?.hasPrefix("dec_") == true)
      let times = try ["at", "expires_at"].map { try #require(reply.json[$0]?.string) }
      #expect(times[0] < times[1])
      #expect(try credits("chain") == ["0", "7", "53"])
      let settled = try settle("chain-1", ["model": "small"])
      #expect(settled.status == 200)
      #expect(
        settled.json == [
          "event_id": "chain-1", "credits": "2", "recorded": true, "reservation": "settled",
        ])
      #expect(try credits("chain") == ["2", "0", "58"])
      // Once more it is the same answer and the same event; with other content it is another.
      #expect(try settle("chain-1", ["model": "small"]).json == settled.json)
      #expect(try settle("chain-1", ["model": "medium"]).errorCode == "conflict")
      #expect(try credits("chain") == ["2", "0", "58"])
    }

    @Test func theSameRequestIsTheSameReservation() throws {
      try set("twice", 60)
      let first = try reserve("twice-1", "twice")
      #expect(try reserve("twice-1", "twice").body == first.body)
      #expect(try credits("twice") == ["0", "7", "53"])
      let other = try reserve("twice-1", "twice", [.init("request_type", "chat")])
      #expect(other.status == 409)
      #expect(other.errorCode == "conflict")
      #expect(try settle("twice-1").status == 200)
      let late = try reserve("twice-1", "twice")
      #expect(late.status == 409)
      #expect(late.errorCode == "reservation_ended")
      #expect(try credits("twice") == ["4", "0", "56"])
    }

    @Test func anIDOfRecordedUsageIsTaken() throws {
      try set("taken", 60)
      let usage: JSONValue = [
        "id": "taken-1", "customer": "taken", "request_type": "chat", "model": "big",
      ]
      #expect(try client.post("/v1/usage", usage).status == 200)
      #expect(try reserve("taken-1", "taken").errorCode == "conflict")
    }

    @Test func refusesWithoutCreditsAsTheCardAndTheBalanceSay() throws {
      try set("short", 3)
      // Slow, and so `small` for 2; the second one has only 1 left.
      #expect(try reserve("short-1", "short").json["held"] == "2")
      let short = try reserve("short-2", "short")
      #expect(short.status == 402)
      #expect(short.errorCode == "insufficient_credits")
      #expect(short.json["needed"] == "2")
      #expect(short.json["available"] == "1")
      // A chat is 0.5, twice.
      for id in ["short-3", "short-4"] {
        #expect(try reserve(id, "short", [.init("request_type", "chat")]).status == 200)
      }
      let denied = try reserve("short-5", "short", [.init("request_type", "chat")])
      #expect(denied.status == 402)
      #expect(denied.errorCode == "denied")
      #expect(denied.errorMessage == "There are no credits left.")
      #expect(denied.json["rule"] == "nothing left")
      #expect(try credits("short") == ["0", "3", "0"])
      // Refused is not reserved: the same id may come again.
      #expect(try client.delete("/v1/reservations/short-1").status == 200)
      #expect(try reserve("short-5", "short", [.init("request_type", "chat")]).status == 200)
    }

    @Test func overageIsWhatThePlanAllows() throws {
      try set("open", 1, plan: "open")
      for place in 1...5 { #expect(try reserve("open-\(place)", "open").status == 200) }
      #expect(try credits("open") == ["0", "10", "-9"])
      try set("ajar", 1, plan: "ajar")
      for place in 1...3 { #expect(try reserve("ajar-\(place)", "ajar").status == 200) }
      let refused = try reserve("ajar-4", "ajar")
      #expect(refused.errorCode == "insufficient_credits")
      #expect(refused.json["available"] == "-5")
    }

    @Test func holdsWhereNoBalanceIsKnown() throws {
      #expect(try reserve("unknown-1", "unknown").json["held"] == "7")
      let strict = try ServiceProcess(
        try CardFolder(Counter.files), options: ["--unknown-balance", "refuse"])
      let reply = try strict.client().post(
        "/v1/reservations", ["id": "r", "customer": "unknown", "request_type": "agent"])
      #expect(reply.status == 402)
      #expect(reply.errorCode == "insufficient_credits")
      #expect(reply.json["available"] == nil)
    }

    @Test func letsGoWhenTold() throws {
      try set("let", 60)
      #expect(try reserve("let-1", "let").status == 200)
      #expect(try client.get("/v1/reservations/let-1").json["state"] == "held")
      for _ in 0..<2 {
        let reply = try client.delete("/v1/reservations/let-1")
        #expect(reply.status == 200)
        #expect(reply.json == ["reservation": "let-1", "state": "released"])
      }
      #expect(try credits("let") == ["0", "0", "60"])
      #expect(try client.get("/v1/reservations/let-1").status == 404)
      // It was used all the same.
      #expect(try settle("let-1").json["reservation"] == "released")
      #expect(try credits("let") == ["4", "0", "56"])
      #expect(try reserve("let-2", "let").status == 200)
      #expect(try settle("let-2").status == 200)
      #expect(try client.delete("/v1/reservations/let-2").errorCode == "reservation_ended")
      for reply in [
        try client.delete("/v1/reservations/never"), try settle("never"),
        try client.get("/v1/reservations/never"),
      ] {
        #expect(reply.status == 404)
        #expect(reply.errorCode == "not_found")
      }
    }

    @Test func letsGoByItselfAndRecordsWhatComesTooLate() throws {
      try set("late", 60)
      #expect(try reserve("late-1", "late", [.init("expires_in", 3)]).status == 200)
      #expect(try credits("late") == ["0", "7", "53"])
      // Decisions see it as well, whose customers are kept in memory.
      #expect(try isTrue { try credits("late") == ["0", "0", "60"] })
      #expect(try client.get("/v1/reservations/late-1").json["state"] == "expired")
      #expect(try client.delete("/v1/reservations/late-1").json["state"] == "expired")
      for _ in 0..<2 {
        let settled = try settle("late-1", ["model": "medium"])
        #expect(settled.status == 200)
        #expect(settled.json["credits"] == "7")
        #expect(settled.json["reservation"] == "expired")
      }
      #expect(try credits("late") == ["7", "0", "53"])
    }

    @Test func usageWithoutAPriceIsKeptAndTheCreditsStayHeld() throws {
      try set("odd", 60)
      #expect(try reserve("odd-1", "odd").status == 200)
      let odd = try settle("odd-1", ["model": "enormous"])
      #expect(odd.status == 422 || odd.status == 400)
      #expect(try credits("odd") == ["0", "7", "53"])
      #expect(try settle("odd-1", ["model": "big"]).status == 200)
      #expect(try credits("odd") == ["4", "0", "56"])
    }

    @Test func settlesWhatWasUsedAtThePriceThatHeld() throws {
      let folder = try CardFolder(Counter.files)
      let service = try ServiceProcess(folder)
      let client = service.client()
      _ = try client.put("/v1/customers/p", ["balance": 60, "plan": "pro"])
      let body: JSONValue = [
        "id": "p-1", "customer": "p", "request_type": "chat", "output_tokens": 1_000,
      ]
      let reply = try client.post("/v1/reservations", body)
      #expect(reply.json["held"] == "10")
      try folder.write(
        Counter.card.replacing("rates: {output_tokens: 0.01}", with: "rates: {output_tokens: 1}"),
        to: "card/counter.yaml")
      #expect(try client.post("/-/reload").status == 200)
      let settled = try client.post("/v1/reservations/p-1/settle", ["output_tokens": 250])
      #expect(settled.json["credits"] == "2.5")
      let wrong = try client.post(
        "/v1/reservations/p-1/settle", ["output_tokens": 250, "customer": "q"])
      #expect(wrong.status == 400)
      #expect(wrong.json["error"]?["attribute"] == "customer")
    }

    @Test(arguments: [
      (#"{"customer":"w"}"#, "id"), (#"{"id":"w"}"#, "customer"),
      (#"{"id":"w","customer":"w","expires_in":0}"#, "expires_in"),
      (#"{"id":"w","customer":"w","expires_in":1.5}"#, "expires_in"),
      (#"{"id":"w","customer":"w","expires_in":86401}"#, "expires_in"),
      (#"{"id":"w","customer":"w","expires_in":"9"}"#, "expires_in"),
      (#"{"id":"w","customer":"w","balance":1}"#, "balance"),
      (#"{"id":"w","customer":"w","at":"2026-01-01T00:00:00Z"}"#, "at"),
      (#"{"id":"w","customer":"w","request_tpye":"chat"}"#, "request_tpye"),
    ])
    func saysWhatIsWrong(_ body: String, _ attribute: String) throws {
      let reply = try client.ask("POST", "/v1/reservations", body)
      #expect(reply.status == 400)
      #expect(reply.errorCode == "invalid_request")
      #expect(reply.json["error"]?["attribute"]?.string == attribute)
    }

    @Test func isCounted() throws {
      let service = try ServiceProcess(try CardFolder(Counter.files))
      let client = service.client()
      _ = try client.put("/v1/customers/m", ["balance": 60, "plan": "pro"])
      for id in ["a", "a", "b", "c"] {
        _ = try client.post(
          "/v1/reservations", ["id": .string(id), "customer": "m", "request_type": "agent"])
      }
      _ = try client.post("/v1/reservations/a/settle", [:])
      _ = try client.delete("/v1/reservations/b")
      _ = try client.post("/v1/reservations/b/settle", [:])
      let metrics = try client.metrics()
      for (result, count) in [
        ("held", 3.0), ("repeated", 1), ("settled", 1), ("settled_late", 1), ("released", 1),
        ("insufficient", 0), ("denied", 0),
      ] {
        #expect(
          metrics.value("ratecard_reservations_total", ["result": result]) == count, "\(result)")
      }
      #expect(metrics.value("ratecard_open_reservations") == 1)
      #expect(metrics.value("ratecard_held_credits") == 2)
    }
  }
}
