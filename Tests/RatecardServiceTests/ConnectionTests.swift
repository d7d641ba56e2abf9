import Foundation
import RatecardJSON
import Testing

@testable import RatecardService

extension ServiceTests {
  /// Clients that hold connections.
  struct ConnectionTests {
    /// As many as this process may have files, up to 2,000.
    static let idleCount: Int = {
      var limit = rlimit()
      getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
      limit.rlim_cur = limit.rlim_max
      setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
      getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
      let room = Int(clamping: limit.rlim_cur) - 200
      if room < 2_000 { print("RLIMIT_NOFILE leaves room for \(room) idle connections, not 2000") }
      return min(2_000, max(0, room))
    }()

    @Test func idleConnectionsKeepNobodyFromBeingServed() throws {
      let service = try ServiceProcess(try CardFolder())
      let client = service.client()
      #expect(try client.get("/healthz").status == 200)
      let before = service.program.residentBytes
      let idle = try (0..<Self.idleCount).map { number in
        let client = try RawClient(port: service.port)
        // Some say nothing, some begin, some have asked already.
        if number % 3 == 1 { client.send("GET /healthz HTTP/1.1\r\nHost:") }
        if number % 3 == 2 { client.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n") }
        return client
      }
      #expect(
        try isTrue {
          try client.metrics().value("ratecard_http_connections") == Double(idle.count + 1)
        })
      for _ in 0..<100 {
        let reply = try client.post("/v1/price", ["request_type": "chat", "model": "gpt-4o"])
        #expect(reply.json["credits"] == "1")
      }
      for place in stride(from: 2, to: idle.count, by: 300) {
        #expect(try idle[place].reply().status == 200)
      }
      let growth = service.program.residentBytes - before
      #expect(growth < idle.count * (32 << 10) + (8 << 20), "\(growth)")
      #expect(service.stop() == 0)
    }

    /// A service in this process, whose patience is short.
    private static func impatient(
      milliseconds: Int64 = 700
    ) throws -> (service: Service, folder: CardFolder) {
      let folder = try CardFolder()
      var options = ServiceOptions(folder: folder.at("card"), billing: .log { _ in })
      options.listen = try #require(ListenAddress("127.0.0.1:0"))
      options.store = "sqlite:\(folder.at("store.db"))"
      options.limits.headMilliseconds = milliseconds
      options.limits.bodyMilliseconds = milliseconds
      options.limits.replyMilliseconds = milliseconds
      return (try Service(options, log: ServiceLog { _ in }), folder)
    }

    /// Sends a text byte by byte, as slowly as the service's patience allows and longer, and returns
    /// how long the service let it.
    private static func drip(_ text: String, before: String, port: UInt16) throws -> Double {
      let client = try RawClient(port: port)
      client.send(before)
      let began = Date()
      for byte in text.utf8 {
        guard client.send(CollectionOfOne(byte)) else { break }
        usleep(50_000)
      }
      _ = client.everything()
      return Date().timeIntervalSince(began)
    }

    @Test(arguments: [
      ("", "GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: " + String(repeating: "a", count: 200)),
      ("GET /healthz HTTP/1.1\r\n", String(repeating: "X: a\r\n", count: 40)),
      ("", String(repeating: "\r\n", count: 100)),
      (
        "POST /v1/price HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
          + "Content-Length: 1000\r\n\r\n", String(repeating: " ", count: 200)
      ),
      (
        "POST /v1/price HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
          + "Transfer-Encoding: chunked\r\n\r\n", String(repeating: "1\r\n \r\n", count: 40)
      ),
    ])
    func oneByteAfterAnotherIsNotWaitedForForEver(_ before: String, _ text: String) throws {
      let (service, folder) = try Self.impatient()
      let seconds = try Self.drip(text, before: before, port: service.address.port)
      #expect(seconds > 0.3)
      #expect(seconds < 8)
      #expect(service.stop().isClean)
      withExtendedLifetime(folder) {}
    }

    @Test func aClientThatSaysNothingIsNotWaitedForForEver() throws {
      let (service, folder) = try Self.impatient()
      let silent = try RawClient(port: service.address.port)
      let began = Date()
      #expect(silent.isClosed)
      #expect(Date().timeIntervalSince(began) < 8)
      #expect(service.stop().isClean)
      withExtendedLifetime(folder) {}
    }

    @Test func aReplyThatIsNotReadIsNotWaitedForForEver() throws {
      let (service, folder) = try Self.impatient()
      let port = service.address.port
      let client = try RawClient(port: port)
      // More replies than the buffers on the way hold.
      let request = "GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n"
      let metrics = ServiceClient(port: port)
      client.send(String(repeating: request, count: 20))
      var sent = 20
      while sent < 4_000, client.send(String(repeating: request, count: 20)) { sent += 20 }
      #expect(
        try isTrue { try metrics.metrics().value("ratecard_http_connections") == 1 })
      #expect(service.stop().isClean)
      withExtendedLifetime(folder) {}
    }

    @Test func clientsThatGoAwayLeaveNothingBehind() throws {
      let (service, folder) = try Self.impatient()
      let port = service.address.port
      let body = HostileRequest.body
      let head = "POST /v1/usage HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
      let report = #"{"id":"gone","customer":"ann","request_type":"chat","model":"gpt-4o"}"#
      let whole = head + "Content-Length: \(report.utf8.count)\r\n\r\n" + report
      for text in [
        "", "G", "GET /healthz HT", head, head + "Content-Length: 100\r\n\r\n" + body, whole,
        whole + whole + "GET", whole + "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n",
      ] {
        for breaksOff in [true, false] {
          for _ in 0..<10 {
            let client = try RawClient(port: port)
            client.send(text)
            if breaksOff { client.breakOff() }
          }
        }
      }
      let client = ServiceClient(port: port)
      #expect(
        try isTrue { try client.metrics().value("ratecard_http_connections") == 1 })
      #expect(try client.metrics().value("ratecard_http_active_requests") == 1)
      #expect(try client.get("/v1/customers/ann").json["pending"] == "1")
      #expect(service.stop().isClean)
      withExtendedLifetime(folder) {}
    }

    @Test func aFastClientIsNotHurriedByItsDeadlines() throws {
      // Longer than a busy machine lets this thread wait.
      let (service, folder) = try Self.impatient(milliseconds: 2_500)
      let client = ServiceClient(port: service.address.port)
      let end = Date().addingTimeInterval(3)
      var count = 0
      while Date() < end {
        #expect(try client.get("/healthz").status == 200)
        count += 1
      }
      #expect(count > 10)
      #expect(service.stop().isClean)
      withExtendedLifetime(folder) {}
    }
  }
}
