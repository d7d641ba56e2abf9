import Foundation
import RatecardJSON
import Synchronization
import Testing

extension ServiceTests {
  /// How it ends, and that it does not grow until then.
  struct StoppingTests {
    @Test func everyRequestThatWasAnsweredCounts() throws {
      let folder = try CardFolder()
      let service = try ServiceProcess(folder)
      let port = service.port
      let answered = Mutex<[String]>([])
      let oddities = Mutex<[String]>([])
      let threads = Threads(8) { number in
        for turn in 0... {
          let id = "\(number)-\(turn)"
          let body = #"{"id":"\#(id)","customer":"ann","request_type":"chat","model":"gpt-4o"}"#
          // A connection of its own for some, so that the end meets all kinds.
          let client = ServiceClient(port: port)
          do {
            let reply = try client.ask("POST", "/v1/usage", body)
            if reply.json["recorded"] == true {
              answered.withLock { $0.append(id) }
            } else if reply.errorCode != "stopping" {
              oddities.withLock { $0.append(reply.text) }
            }
          } catch RawClient.Failure.cannotConnect, RawClient.Failure.closed("") {
            return
          } catch {
            oddities.withLock { $0.append("\(error)") }
            return
          }
        }
      }
      #expect(isTrue { answered.withLock { $0.count } > 200 })
      let began = Date()
      let code = service.stop(within: 20)
      let seconds = Date().timeIntervalSince(began)
      #expect(code == 0)
      #expect(seconds < 5)
      #expect(threads.join().isEmpty)
      #expect(oddities.withLock { Array($0.prefix(3)) } == [])
      #expect(service.log("stopped").first?["clean"] == true)

      let client = try ServiceProcess(folder).client()
      let depth = try client.get("/v1/outbox").json["depth"]
      for id in answered.withLock({ $0 }).suffix(100) {
        #expect(try client.get("/v1/outbox/\(id)").status == 200, "\(id)")
      }
      guard case .number(let text)? = depth, let count = Int(text) else {
        Issue.record("no depth")
        return
      }
      #expect(count >= answered.withLock { $0.count })
      #expect(count <= answered.withLock { $0.count } + 8)
    }

    /// Connections that are kept open bring their next request whenever they like.
    @Test func requestsOnKeptConnectionsMeetTheEnd() throws {
      let folder = try CardFolder()
      for round in 0..<4 {
        let service = try ServiceProcess(folder)
        let connections = try (0..<400).map { _ in try RawClient(port: service.port) }
        service.program.send(SIGTERM)
        for (number, connection) in connections.enumerated() {
          let body =
            #"{"id":"\#(round)-\#(number)","customer":"ann","request_type":"chat","model":"gpt-4o"}"#
          connection.send(
            "POST /v1/usage HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
              + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
          usleep(300)
        }
        #expect(service.program.waitForEnd(within: 10) == 0)
      }
    }

    @Test(arguments: [SIGTERM, SIGINT])
    func idleAndHalfSentConnectionsDoNotHoldItUp(_ signal: Int32) throws {
      let service = try ServiceProcess(try CardFolder())
      let idle = try (0..<10).map { _ in try RawClient(port: service.port) }
      #expect(try service.client().get("/healthz").status == 200)
      let half = try RawClient(port: service.port)
      half.send("POST /v1/price HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n")
      let began = Date()
      service.program.send(signal)
      #expect(service.program.waitForEnd() == 0)
      #expect(Date().timeIntervalSince(began) < 5)
      for client in idle + [half] { #expect(client.isClosed) }
    }

    @Test func aBodyThatNeverComesDoesNotHoldItUp() throws {
      let service = try ServiceProcess(try CardFolder())
      let half = try RawClient(port: service.port)
      half.send(
        "POST /v1/price HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
          + "Content-Length: 100\r\n\r\n{")
      let client = service.client()
      #expect(try isTrue { try client.metrics().value("ratecard_http_active_requests") ?? 0 >= 2 })
      let began = Date()
      service.program.send(SIGTERM)
      // Whoever has not asked yet has not been answered: there is nothing to wait for.
      #expect(service.program.waitForEnd() == 0)
      #expect(Date().timeIntervalSince(began) < 5)
      withExtendedLifetime(half) {}
    }

    @Test func aReplyThatIsNotReadDoesNotHoldItUp() throws {
      let service = try ServiceProcess(try CardFolder())
      let client = try RawClient(port: service.port, patienceSeconds: 1)
      let request = "GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n"
      // Until the buffers on the way are full in both directions.
      while client.send(String(repeating: request, count: 100)) {}
      let began = Date()
      service.program.send(SIGTERM)
      #expect(service.program.waitForEnd() == 0)
      #expect(Date().timeIntervalSince(began) < 5)
      withExtendedLifetime(client) {}
    }

    /// A card that takes long to load is left behind, whoever asked for it.
    @Test(arguments: [true, false])
    func aReloadThatTakesLongDoesNotHoldItUp(_ isAsked: Bool) throws {
      let folder = try CardFolder()
      let service = try ServiceProcess(folder)
      try folder.write(Self.largeCosts, to: "card/costs.yaml")
      let waiting = try RawClient(port: service.port)
      if isAsked {
        waiting.send("POST /-/reload HTTP/1.1\r\nHost: x\r\n\r\n")
        let client = service.client()
        #expect(
          try isTrue { try client.metrics().value("ratecard_http_active_requests") ?? 0 >= 2 })
      } else {
        service.program.send(SIGHUP)
      }
      let began = Date()
      service.program.send(SIGTERM)
      #expect(service.program.waitForEnd() == 0)
      #expect(Date().timeIntervalSince(began) < 5)
      #expect(service.log("reloaded").isEmpty, "the card is too small to show anything")
      if isAsked {
        let reply = try waiting.reply()
        #expect(reply.status == 503)
        #expect(reply.errorCode == "stopping")
      }
    }

    /// Costs whose rules take longer to compare with each other than a service may take to end.
    private static let largeCosts =
      "costs:\n  - {name: all, credits: 1}\n"
      + (0..<8_000).map { number in
        "  - {name: r\(number), when: {request_type: chat, model: \"m\(number)-*\", "
          + "input_tokens: {above: \(number)}}, credits: 2}\n"
      }.joined()

    @Test func afterItsEndNobodyIsAnswered() throws {
      let service = try ServiceProcess(try CardFolder())
      #expect(service.stop() == 0)
      #expect(throws: RawClient.Failure.self) { try RawClient(port: service.port) }
    }
  }

  struct MemoryTests {
    /// Debug builds are slow: what must not grow shows after fewer requests too.
    @Test func itDoesNotGrowWithWhatItAnswers() throws {
      let folder = try CardFolder()
      let service = try ServiceProcess(folder)
      let port = service.port
      func load(_ round: Int) {
        let threads = Threads(4) { number in
          let client = ServiceClient(port: port)
          let large = #"{"model":""# + String(repeating: "x", count: 60_000) + #""}"#
          for turn in 0..<150 {
            // Customers that nobody knows, refusals, bodies as large as they may be, and larger.
            let name = "\(round)-\(number)-\(turn)"
            _ = try client.ask(
              "POST", "/v1/decide",
              #"{"customer":"\#(name)","request_type":"chat","model":"\#(name)"}"#)
            _ = try client.ask("POST", "/v1/price", large)
            _ = try client.ask("GET", "/v1/customers/\(name)")
            _ = try client.ask("GET", "/\(name)")
            if turn % 10 == 0 {
              _ = try? client.ask(
                "POST", "/v1/price", Array(repeating: UInt8(ascii: "x"), count: 200_000))
            }
          }
        }
        #expect(threads.join().isEmpty)
      }
      load(0)
      let before = service.program.residentBytes
      for round in 1...3 { load(round) }
      let growth = service.program.residentBytes - before
      // Room for customers kept in memory and for what the allocator keeps; 1,800 bodies of
      // 60 KB, kept, would be 100 MB.
      #expect(growth < 24 << 20, "from \(before) by \(growth)")
    }
  }
}
