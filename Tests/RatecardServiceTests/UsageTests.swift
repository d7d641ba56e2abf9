import Foundation
import RatecardJSON
import Synchronization
import Testing

extension ServiceTests {
  /// `POST /v1/usage`, one report at a time.
  struct UsageTests {
    let service: ServiceProcess
    let client: ServiceClient
    /// A customer of this test alone.
    let customer = "customer-\(UUID().uuidString)"
    let id = "usage-\(UUID().uuidString)"

    init() throws {
      service = try ServiceTests.shared()
      client = service.client()
    }

    private func pending() throws -> String? {
      try client.get("/v1/customers/\(customer)").json["pending"]?.string
    }

    private func chat(_ more: String = "") -> String {
      #"{"id":"\#(id)","customer":"\#(customer)","request_type":"chat","model":"gpt-4o"\#(more)}"#
    }

    @Test func whatIsRecordedIsAnsweredAndCounted() throws {
      let reply = try client.ask("POST", "/v1/usage", chat())
      #expect(reply.status == 200)
      #expect(reply.json == ["event_id": .string(id), "credits": "1", "recorded": true])
      #expect(try pending() == "1")
      let event = try client.get("/v1/outbox/\(id)")
      #expect(event.status == 200)
      #expect(event.json["customer"]?.string == customer)
      #expect(event.json["credits"] == "1")
      #expect(event.json["state"] == "waiting")
    }

    @Test func theSameAgainCountsOnceHoweverItIsWritten() throws {
      let first = try client.ask("POST", "/v1/usage", chat(#","input_tokens":3"#))
      #expect(first.status == 200)
      for body in [
        chat(#","input_tokens":3"#), chat(#","input_tokens":3.0"#), chat(#","input_tokens":30e-1"#),
        chat(#","input_tokens":3,"plan":null"#),
        #"{ "input_tokens" : 3, "model":"gpt-4o", "request_type":"ch\u0061t","#
          + #" "customer":"\#(customer)","id":"\#(id)" }"#,
      ] {
        let reply = try client.ask("POST", "/v1/usage", body)
        #expect(reply.status == 200, "\(body)")
        #expect(reply.json == first.json, "\(body)")
      }
      #expect(try pending() == "1")
    }

    @Test func oneMomentIsTheSameInEveryZone() throws {
      for at in ["2026-01-01T00:00:00Z", "2026-01-01T01:00:00+01:00", "2026-01-01T00:00:00.0Z"] {
        let reply = try client.ask("POST", "/v1/usage", chat(#","at":"\#(at)""#))
        #expect(reply.status == 200, "\(at): \(reply.text)")
      }
      let other = try client.ask("POST", "/v1/usage", chat(#","at":"2026-01-01T00:00:01Z""#))
      #expect(other.errorCode == "conflict")
      #expect(try pending() == "1")
    }

    @Test func otherContentUnderTheSameIdIsAConflict() throws {
      #expect(try client.ask("POST", "/v1/usage", chat(#","input_tokens":3"#)).status == 200)
      for body in [
        chat(), chat(#","input_tokens":4"#), chat(#","input_tokens":3,"plan":"pro""#),
        chat(#","input_tokens":3,"at":"2026-01-01T00:00:00Z""#),
        #"{"id":"\#(id)","customer":"\#(customer)x","request_type":"chat","model":"gpt-4o","#
          + #""input_tokens":3}"#,
      ] {
        let reply = try client.ask("POST", "/v1/usage", body)
        #expect(reply.status == 409, "\(body)")
        #expect(reply.errorCode == "conflict", "\(body)")
        #expect(reply.errorMessage?.contains(id) == true, "\(body)")
      }
      #expect(try pending() == "1")
    }

    @Test func theSameAtOnceFromManyCountsOnce() throws {
      let (port, body) = (service.port, chat())
      let replies = Mutex<[JSONValue]>([])
      let failures = Threads(8) { _ in
        let client = ServiceClient(port: port)
        for _ in 0..<5 {
          let reply = try client.ask("POST", "/v1/usage", body)
          replies.withLock { $0.append(reply.json) }
        }
      }.join()
      #expect(failures.isEmpty)
      let expected: JSONValue = ["event_id": .string(id), "credits": "1", "recorded": true]
      #expect(replies.withLock { $0 } == Array(repeating: expected, count: 40))
      #expect(try pending() == "1")
    }

    @Test func whatCostsNothingIsRecordedAndNotShipped() throws {
      let body =
        #"{"id":"\#(id)","customer":"\#(customer)","request_type":"tab_completion","model":"o1"}"#
      for _ in 0..<2 {
        let reply = try client.ask("POST", "/v1/usage", body)
        #expect(reply.json == ["event_id": .string(id), "credits": "0", "recorded": true])
      }
      #expect(try client.get("/v1/outbox/\(id)").status == 404)
      let other = body.replacing("o1", with: "gpt-4o")
      #expect(try client.ask("POST", "/v1/usage", other).status == 409)
    }

    /// Reports that lack something, and which attribute the answer must name.
    @Test(arguments: [
      (#"{"customer":"c","request_type":"chat","model":"gpt-4o"}"#, "id"),
      (#"{"id":"","customer":"c","request_type":"chat","model":"gpt-4o"}"#, "id"),
      (#"{"id":7,"customer":"c","request_type":"chat","model":"gpt-4o"}"#, "id"),
      (#"{"id":"a\u0000b","customer":"c","request_type":"chat","model":"gpt-4o"}"#, "id"),
      (#"{"id":"x","request_type":"chat","model":"gpt-4o"}"#, "customer"),
      (#"{"id":"x","customer":null,"request_type":"chat","model":"gpt-4o"}"#, "customer"),
      (#"{"id":"x","customer":"c","request_type":"chta","model":"gpt-4o"}"#, "request_type"),
      (#"{"id":"x","customer":"c","reqest_type":"chat","model":"gpt-4o"}"#, "reqest_type"),
      (#"{"id":"x","customer":"c","request_type":"chat","input_tokens":-1}"#, "input_tokens"),
      (#"{"id":"x","customer":"c","request_type":"chat","at":"noon"}"#, "at"),
      (#"{"id":"x","customer":"c","request_type":"chat","at":"2999-01-01T00:00:00Z"}"#, "at"),
      (#"{"id":"x","customer":"c","request_type":"chat","decision":"dec_AAAA"}"#, "decision"),
      (#"{"id":"x","customer":"c","request_type":"chat","decision":"nonsense"}"#, "decision"),
      (#"{"id":"x","customer":"c","request_type":"chat","decision":""}"#, "decision"),
    ])
    func whatIsNoReportIsNotKept(_ body: String, _ attribute: String) throws {
      let depth = try client.get("/v1/outbox").json
      let reply = try client.ask("POST", "/v1/usage", body)
      #expect(reply.status == 400)
      #expect(reply.errorCode == "invalid_request")
      #expect(reply.json["error"]?["attribute"]?.string == attribute, "\(reply.text)")
      #expect(try client.get("/v1/outbox/x").status == 404)
      let now = try client.get("/v1/outbox").json
      #expect(now["depth"] == depth["depth"])
      #expect(now["dead_letters"] == depth["dead_letters"])
    }

    @Test func idsOfTwoHundredBytesAreTakenAndLongerOnesAreNot() throws {
      for (length, status) in [(200, 200), (201, 400)] {
        let id = String((self.id + String(repeating: "x", count: 250)).prefix(length))
        let reply = try client.ask(
          "POST", "/v1/usage", chat().replacing(self.id, with: id))
        #expect(reply.status == status)
      }
    }

    @Test(arguments: [
      "1e17", "99999999999999999999", "1e37", "1e40", "170141183460469231731687303715884105727",
    ])
    func moreThanCanBeCountedIsRefused(_ seconds: String) throws {
      let body =
        #"{"id":"\#(id)","customer":"\#(customer)","request_type":"chat","model":"gpt-4o-mini","#
        + #""audio_seconds":\#(seconds)}"#
      let reply = try client.ask("POST", "/v1/usage", body)
      // Either it is counted exactly, or it is refused in words.
      if reply.status == 200 {
        #expect(reply.json["credits"] == "10000000000000000")
        #expect(try pending() == "10000000000000000")
      } else {
        #expect([400, 422].contains(reply.status), "\(reply.text)")
        #expect(reply.errorMessage?.isEmpty == false)
        #expect(try client.get("/v1/customers/\(customer)").status == 404)
      }
      #expect(try client.get("/readyz").status == 200)
    }

    @Test func sumsThatOverflowRefuseTheLastReport() throws {
      let large = #","audio_seconds":9e18"#
      let body = chat(large).replacing("gpt-4o", with: "gpt-4o-mini")
      let first = try client.ask("POST", "/v1/usage", body)
      #expect(first.json["credits"] == "900000000000000000", "\(first.text)")
      let second = try client.ask(
        "POST", "/v1/usage", body.replacing(id, with: "another-\(id)"))
      #expect(second.status == 422)
      #expect(second.errorCode == "overflow")
      #expect(try pending() == "900000000000000000")
    }

    @Test(arguments: ["1969-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "1700-06-01T00:00:00Z"])
    func longAgoIsAMomentToo(_ moment: String) throws {
      let reply = try client.ask("POST", "/v1/usage", chat(#","at":"\#(moment)""#))
      #expect(reply.status == 200 || reply.status == 400, "\(reply.text)")
      if reply.status == 200 {
        #expect(try client.get("/v1/outbox/\(id)").json["occurred_at"]?.string == moment)
      }
    }

    @Test func aVersionThatIsNotKeptIsAClearError() throws {
      let version = String(repeating: "0", count: 64)
      let reply = try client.ask("POST", "/v1/usage", chat(#","version":"\#(version)""#))
      #expect(reply.status == 422)
      #expect(reply.errorCode == "unknown_version")
      #expect(reply.errorMessage?.contains(version) == true)
      #expect(try pending() == "0" || client.get("/v1/customers/\(customer)").status == 404)
    }

    @Test func thePresentVersionMayBeNamed() throws {
      let version = try #require(try client.get("/v1/ratecard").json["version"]?.string)
      let reply = try client.ask("POST", "/v1/usage", chat(#","version":"\#(version)""#))
      #expect(reply.json["credits"] == "1")
    }
  }

  /// Usage by cards that are unlike the others.
  struct UsageByOtherCardsTests {
    /// A rule without a name is called by its conditions, however long they are.
    @Test func aRuleMayHaveALongName() throws {
      let models = (0..<200).map { "provider/a-model-with-a-long-name-\($0)" }
      let folder = try CardFolder([
        "card.yaml": "ratecard: 1\nname: long\n",
        "costs.yaml":
          "costs:\n  - when: {model: [\(models.joined(separator: ", "))]}\n    credits: 3\n",
      ])
      let client = try ServiceProcess(folder).client()
      let reply = try client.post(
        "/v1/usage", ["id": "u", "customer": "ann", "model": .string(models[7])])
      #expect(reply.json == ["event_id": "u", "credits": "3", "recorded": true], "\(reply.text)")
    }
  }
}
