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
      "after=99999999999999999999", "limit=%FF",
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
