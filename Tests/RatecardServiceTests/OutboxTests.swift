import Foundation
import RatecardJSON
import Testing

extension ServiceTests {
  /// The outbox and its dead letters.
  struct OutboxTests {
    let folder: CardFolder
    let service: ServiceProcess
    let client: ServiceClient

    init() throws {
      folder = try CardFolder()
      service = try ServiceProcess(folder)
      client = service.client()
    }

    private func report(_ id: String, _ type: String, _ model: String = "gpt-4o") -> JSONValue {
      [
        "id": .string(id), "customer": "ann", "request_type": .string(type),
        "model": .string(model),
      ]
    }

    @Test func anEmptyOutboxIsEmpty() throws {
      let reply = try client.get("/v1/outbox")
      #expect(reply.status == 200)
      #expect(reply.json["depth"] == 0)
      #expect(reply.json["oldest"] == .null)
      #expect(reply.json["dead_letters"] == 0)
      for path in ["/v1/outbox/nothing", "/v1/outbox/%C3%A4%20b"] {
        #expect(try client.get(path).errorCode == "not_found")
        #expect(try client.delete(path).errorCode == "not_found")
        #expect(try client.post(path + "/retry").errorCode == "not_found")
      }
    }

    @Test func eventsAreListedInTheOrderOfTheirRecordingPageByPage() throws {
      for number in 0..<7 {
        #expect(try client.post("/v1/usage", report("event \(number)", "chat")).status == 200)
      }
      let all = try client.get("/v1/outbox").json
      #expect(all["depth"] == 7)
      let events = all["events"]?.items ?? []
      // In short: what was used is shown with the one that is asked for.
      #expect(events.allSatisfy { $0["attributes"] == nil && $0["credits"] == "1" })
      #expect(try client.get("/v1/outbox/event%203").json["attributes"]?["model"] == "gpt-4o")
      #expect(events.map { $0["event_id"] } == (0..<7).map { .string("event \($0)") })
      #expect(events.first?["recorded_at"] == all["oldest"] || all["oldest"]?.string != nil)
      var seen: [JSONValue] = []
      var after = "0"
      while true {
        let page = try client.get("/v1/outbox?limit=3&after=\(after)").json["events"]?.items ?? []
        guard case .number(let last)? = page.last?["sequence"] else { break }
        #expect(page.count <= 3)
        seen += page
        after = last
      }
      #expect(seen == events)
      #expect(try client.get("/v1/outbox/event%203").json["event_id"] == "event 3")
      #expect(try client.delete("/v1/outbox/event%203").status == 200)
      #expect(try client.get("/v1/outbox/event%203").status == 404)
      #expect(try client.get("/v1/outbox").json["depth"] == 6)
      #expect(try client.delete("/v1/outbox/event%203").status == 404)
    }

    @Test(arguments: [
      "limit=-1", "limit=1001", "limit=x", "limit=", "after=-x", "after=1.5", "limit=%00",
      "after=99999999999999999999", "limit=%FF", "after=event", "after=thing1", "state=done",
      "state=", "customer=", "customer=%FF", "reason=%00", "reason=because",
    ])
    func aPageThatIsNoneIsRefused(_ query: String) throws {
      let reply = try client.get("/v1/outbox?\(query)")
      #expect(reply.status == 400)
      #expect(reply.errorCode == "invalid_request")
    }

    @Test func usageWithoutAPriceWaitsUntilTheCardHasOne() throws {
      let report = report("late", "unsold")
      for _ in 0..<2 {
        let reply = try client.post("/v1/usage", report)
        #expect(reply.status == 422)
        #expect(reply.errorCode == "unpriced")
      }
      let listed = try client.get("/v1/outbox").json
      #expect(listed["depth"] == 0)
      #expect(listed["dead_letters"] == 1)
      #expect(listed["letters"]?.items?.map { $0["event_id"] } == ["late"])
      let letter = try client.get("/v1/outbox/late")
      #expect(letter.status == 200)
      #expect(letter.json["customer"] == "ann")
      #expect(letter.json["code"] == "unpriced")
      #expect(letter.json["body"]?.string.flatMap { try? JSONValue(parsing: $0) } == report)
      let vain = try client.post("/v1/outbox/late/retry")
      #expect(vain.status == 422)
      #expect(vain.errorCode == "unpriced")

      try folder.write(
        Shop.costs + "  - {name: now sold, when: {request_type: unsold}, credits: 3}\n",
        to: "card/costs.yaml")
      #expect(try client.post("/-/reload").status == 200)
      #expect(try client.post("/v1/outbox/late/retry").status == 200)
      let mended = try client.get("/v1/outbox").json
      #expect(mended["depth"] == 1)
      #expect(mended["dead_letters"] == 0)
      #expect(try client.get("/v1/outbox/late").json["credits"] == "3")
      #expect(try client.get("/v1/customers/ann").json["pending"] == "3")
      // The client, which does not know, sends it once more.
      let again = try client.post("/v1/usage", report)
      #expect(again.json == ["event_id": "late", "credits": "3", "recorded": true])
      #expect(try client.get("/v1/customers/ann").json["pending"] == "3")
    }

    @Test func aListIsFilteredAndGoesOnWhereItEnded() throws {
      for id in ["a", "b", "c"] {
        #expect(try client.post("/v1/usage", report(id, "chat")).status == 200)
        #expect(try client.post("/v1/usage", report("no \(id)", "unsold")).status == 422)
      }
      let dead = try client.get("/v1/outbox?state=dead").json
      #expect(dead["events"]?.items == [])
      #expect(dead["letters"]?.items?.map { $0["event_id"] } == ["no a", "no b", "no c"])
      #expect(dead["letters"]?.items?.allSatisfy { $0["body"] == nil } == true)
      #expect(dead["next"] == .null)
      #expect(try client.get("/v1/outbox?reason=unpriced").json["letters"]?.items?.count == 3)
      #expect(try client.get("/v1/outbox?reason=held").json["letters"]?.items == [])
      #expect(try client.get("/v1/outbox?customer=bob").json["events"]?.items == [])
      let first = try client.get("/v1/outbox?limit=4").json
      #expect(first["events"]?.items?.count == 3 && first["letters"]?.items?.count == 1)
      let next = try #require(first["next"]?.string)
      let rest = try client.get("/v1/outbox?limit=4&after=\(next)").json
      #expect(rest["letters"]?.items?.map { $0["event_id"] } == ["no b", "no c"])
      #expect(rest["next"] == .null && rest["shipping"]?["failing"] == false)
    }

    @Test func aDeadLetterIsCorrectedAndKeepsItsID() throws {
      let report = report("mended", "chat", "gpt-4o-mni")
      #expect(try client.post("/v1/usage", report).status == 422)
      func retry(_ body: JSONValue) throws -> HTTPReply {
        try client.post("/v1/outbox/mended/retry", body)
      }
      #expect(try retry(["id": "other"]).errorCode == "invalid_request")
      #expect(try retry(["decision": "dec_x"]).errorCode == "invalid_request")
      #expect(try retry(["model": ["gpt-4o"]]).errorCode == "invalid_request")
      #expect(try retry([]).errorCode == "invalid_request")
      #expect(try retry(["model": "gpt-4o-mn"]).errorCode == "unpriced")
      #expect(try retry(["version": "of no card"]).errorCode == "unknown_version")
      // None of that was kept.
      let letter = try client.get("/v1/outbox/mended").json
      #expect(letter["body"]?.string.flatMap { try? JSONValue(parsing: $0) } == report)
      #expect(try retry(["model": "gpt-4o-mini", "request_type": "agent"]).status == 200)
      let event = try client.get("/v1/outbox/mended").json
      #expect(event["credits"] == "2" && event["attributes"]?["model"] == "gpt-4o-mini")
      let correction = try #require(event["corrections"]?.items?.first)
      #expect(correction["from"] == ["model": "gpt-4o-mni", "request_type": "chat"])
      #expect(correction["to"] == ["model": "gpt-4o-mini", "request_type": "agent"])
      // The client, which does not know, sends it once more.
      let again = try client.post("/v1/usage", report)
      #expect(again.json == ["event_id": "mended", "credits": "2", "recorded": true])
      #expect(try client.get("/v1/customers/ann").json["pending"] == "2")
      #expect(service.log("corrected").count == 1)
    }

    @Test func aDeadLetterIsPricedByTheVersionThatIsNamed() throws {
      let version = try #require(try client.get("/v1/ratecard").json["version"]?.string)
      #expect(try client.post("/v1/usage", report("old", "chat", "gpt-4o-mni")).status == 422)
      try folder.write(Shop.costs(chat: "7"), to: "card/costs.yaml")
      #expect(try client.post("/-/reload").status == 200)
      let fields: JSONValue = ["model": "gpt-4o", "version": .string(version)]
      #expect(try client.post("/v1/outbox/old/retry", fields).status == 200)
      #expect(try client.get("/v1/outbox/old").json["credits"] == "1")
    }

    @Test func whatAnotherProgramDoesToTheStoreIsSeen() throws {
      try client.put("/v1/customers/ann", ["plan": "pro", "balance": 30]).expect(200)
      for number in 0..<3 {
        try client.post("/v1/usage", report("e\(number)", "agent")).expect(200)
      }
      let ask: JSONValue = ["customer": "ann", "request_type": "chat", "model": "gpt-4o"]
      #expect(try client.post("/v1/decide", ask).json["tier"] == "slow")
      let drop = try Program([
        "outbox", "drop", "e0", "e1", "e2", "--store", "sqlite:\(folder.at("store.db"))",
      ])
      #expect(drop.waitForEnd() == 0)
      #expect(try isTrue { try client.post("/v1/decide", ask).json["tier"] == "premium" })
    }

    @Test func usageThatIsPricedLaterWasUsedWhenItCame() throws {
      #expect(try client.post("/v1/usage", report("early", "unsold")).status == 422)
      let came = try #require(try client.get("/v1/outbox/early").json["at"])
      // In vain, which does not change when it came.
      #expect(try client.post("/v1/outbox/early/retry").status == 422)
      #expect(try client.get("/v1/outbox/early").json["at"] == came)
      try folder.write(
        Shop.costs + "  - {name: now sold, when: {request_type: unsold}, credits: 3}\n",
        to: "card/costs.yaml")
      #expect(try client.post("/-/reload").status == 200)
      #expect(try client.post("/v1/outbox/early/retry").status == 200)
      #expect(try client.get("/v1/outbox/early").json["occurred_at"] == came)
    }

    @Test func whatIsGivenUpIsNoLongerTakenFromTheBalance() throws {
      let customer: JSONValue = ["plan": "pro", "balance": 30]
      #expect(try client.put("/v1/customers/ann", customer).status == 200)
      for number in 0..<3 {
        #expect(try client.post("/v1/usage", report("event \(number)", "agent")).status == 200)
      }
      let ask: JSONValue = ["customer": "ann", "request_type": "chat", "model": "gpt-4o"]
      #expect(try client.post("/v1/decide", ask).json["tier"] == "slow")
      for number in 0..<3 {
        #expect(try client.delete("/v1/outbox/event%20\(number)").status == 200)
      }
      #expect(try client.post("/v1/decide", ask).json["tier"] == "premium")
    }

    @Test func usageThatIsSentAgainOnceItHasAPriceIsRecorded() throws {
      let report = report("again", "unsold")
      #expect(try client.post("/v1/usage", report).status == 422)
      try folder.write(
        Shop.costs + "  - {name: now sold, when: {request_type: unsold}, credits: 3}\n",
        to: "card/costs.yaml")
      #expect(try client.post("/-/reload").status == 200)
      let reply = try client.post("/v1/usage", report)
      #expect(reply.json == ["event_id": "again", "credits": "3", "recorded": true])
      let outbox = try client.get("/v1/outbox").json
      #expect(outbox["depth"] == 1)
      #expect(outbox["dead_letters"] == 0)
    }

    @Test func usageThatTheCardRefusesIsADeadLetterToo() throws {
      #expect(try client.put("/v1/customers/ann", ["plan": "hobby"]).status == 200)
      let reply = try client.post("/v1/usage", report("refused", "chat", "o1"))
      #expect(reply.status == 422)
      #expect(reply.errorCode == "denied")
      #expect(reply.errorMessage?.contains("o1 is not part of the Hobby plan.") == true)
      #expect(try client.get("/v1/outbox/refused").json["code"] == "denied")
      #expect(try client.delete("/v1/outbox/refused").status == 200)
      #expect(try client.get("/v1/outbox").json["dead_letters"] == 0)
    }
  }
}
