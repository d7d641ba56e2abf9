import Foundation
import RatecardJSON
import Synchronization
import Testing

extension ServiceTests {
  /// What was acknowledged is there, whenever the process was killed.
  struct CrashTests {
    /// What clients were told.
    private final class Acknowledged: Sendable {
      private let credits = Mutex<[String: String]>([:])
      func note(_ id: String, _ text: String?) { credits.withLock { $0[id] = text } }
      var all: [String: String] { credits.withLock { $0 } }
    }

    @Test func nothingAcknowledgedIsLostAndNothingIsDoubled() throws {
      let folder = try CardFolder()
      let acknowledged = Acknowledged()
      let rounds = ProcessInfo.processInfo.environment["RATECARD_CRASHES"].flatMap { Int($0) } ?? 5
      for round in 0..<rounds {
        let service = try ServiceProcess(folder)
        let port = service.port
        let before = acknowledged.all.count
        let threads = Threads(4) { number in
          let client = ServiceClient(port: port)
          for turn in 0... {
            let id = "\(round)-\(number)-\(turn)"
            let body = #"{"id":"\#(id)","customer":"ann","request_type":"chat","model":"gpt-4o"}"#
            guard let reply = try? client.ask("POST", "/v1/usage", body) else { return }
            if reply.status == 200 { acknowledged.note(id, reply.json["credits"]?.string) }
          }
        }
        #expect(isTrue { acknowledged.all.count >= before + 50 })
        service.crash()
        #expect(threads.join().isEmpty)
      }
      let service = try ServiceProcess(folder)
      let client = service.client()
      var found: [String] = []
      var after = "0"
      while true {
        let page =
          try client.get("/v1/outbox?limit=1000&after=\(after)").json["events"]?.items ?? []
        guard case .number(let last)? = page.last?["sequence"] else { break }
        found += page.compactMap { $0["event_id"]?.string }
        after = last
      }
      #expect(Set(found).count == found.count, "an event twice")
      let lost = Set(acknowledged.all.keys).subtracting(found)
      #expect(lost.isEmpty)
      #expect(try client.get("/v1/customers/ann").json["pending"]?.string == String(found.count))
      // A client that was not answered asks again, and still each counts once.
      for id in found.suffix(20) {
        let reply = try client.post(
          "/v1/usage",
          ["id": .string(id), "customer": "ann", "request_type": "chat", "model": "gpt-4o"])
        #expect(reply.json["recorded"] == true)
      }
      #expect(try client.get("/v1/customers/ann").json["pending"]?.string == String(found.count))
    }

    @Test func whatIsKnownOfACustomerOutlivesTheProcess() throws {
      let folder = try CardFolder()
      let service = try ServiceProcess(folder)
      let client = service.client()
      try client.put("/v1/customers/ann", ["plan": "pro", "balance": 0]).expect(200)
      try client.post(
        "/v1/decide", ["customer": "ann", "request_type": "chat", "model": "gpt-4o"]
      ).expect(200)
      try client.post(
        "/v1/usage", ["id": "dead", "customer": "ann", "request_type": "unsold"]
      ).expect(422)
      let before = try client.get("/v1/customers/ann").json
      service.crash()
      let next = try ServiceProcess(folder).client()
      let after = try next.get("/v1/customers/ann").json
      #expect(after == before)
      #expect(after["tier"] == "slow")
      #expect(try next.get("/v1/outbox/dead").status == 200)
    }
  }
}
