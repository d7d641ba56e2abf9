import Foundation
import RatecardJSON
@testable import RatecardService
import Testing

extension ServiceTests {
  /// HTTP that no honest client sends, on raw sockets.
  struct HostileHTTPTests {
    let service: ServiceProcess

    init() throws { service = try ServiceTests.shared() }

    private static let probe = "GET /readyz HTTP/1.1\r\nHost: probe\r\n\r\n"

    /// Each is sent with another request right behind it, which is answered where the one before
    /// it was, and otherwise not: then nobody can hide a request in another.
    @Test(arguments: HostileRequest.all.map(\.name))
    func isRefusedOrIsOneRequest(_ name: String) throws {
      let request = try #require(HostileRequest.all.first { $0.name == name })
      let client = try RawClient(port: service.port)
      client.send(request.bytes + Array(Self.probe.utf8))
      switch request.outcome {
      case .answered(let status):
        #expect(try client.reply().status == status)
        let next = try client.reply()
        #expect(next.json["status"] == "ready")
      case .refused, .dropped:
        let answer = try #require(client.everything(), "the connection stays open")
        let isRefusal = answer.prefixMatch(of: /HTTP\/1\.1 [45]\d\d\s/) != nil
        #expect(isRefusal || (request.outcome == .dropped && answer.isEmpty), "\(answer)")
        #expect(!answer.contains(#""status":"ready""#), "\(answer)")
        #expect(!answer.contains("HTTP/1.1 200"), "\(answer)")
      }
      #expect(try service.client().get("/healthz").status == 200)
    }

    /// Where the fold lies at the very end of what the library's first buffer holds, it joins the lines in
    /// place.
    @Test(arguments: 0..<20)
    func aFoldIsSeenWhereverItLies(_ place: Int) throws {
      for fold in ["Hos:  x\r\n t\r\n", "Content-Len:  5\r\n gth\r\n", "X: a\r\n b\r\n"] {
        for behind in ["", "A:\r\n"] {
          let start = "GET /healthz HTTP/1.1\r\nHost: x\r\n"
          let end = fold + behind + "\r\n"
          let size = HTTPLimits().headBytes / 2 - place
          let filling = "F: \r\n"
          let rest = size - start.utf8.count - end.utf8.count - filling.utf8.count
          let client = try RawClient(port: service.port)
          client.send(start + "F: " + String(repeating: "f", count: rest) + "\r\n" + end)
          let answer = try #require(client.everything(), "the connection stays open")
          #expect(answer.hasPrefix("HTTP/1.1 400 "), "\(answer)")
          #expect(!answer.contains("HTTP/1.1 200"), "\(answer)")
        }
      }
    }

    @Test func pipelinedRequestsAreAnsweredInTheirOrder() throws {
      let client = try RawClient(port: service.port)
      let body = #"{"request_type":"chat","model":"gpt-4o-mini","audio_seconds":10}"#
      var text = ""
      for number in 0..<50 {
        text +=
          "POST /v1/price HTTP/1.1\r\nHost: x\r\nX-Request-Id: a\(number)\r\n"
          + "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
        // Answered on another thread.
        text += "GET /v1/outbox?limit=0 HTTP/1.1\r\nHost: x\r\nX-Request-Id: b\(number)\r\n\r\n"
        text += "GET /healthz HTTP/1.1\r\nHost: x\r\nX-Request-Id: c\(number)\r\n\r\n"
      }
      client.send(text)
      for number in 0..<50 {
        let first = try client.reply()
        #expect(first["x-request-id"] == "a\(number)")
        #expect(first.json["credits"] == "1")
        #expect(try client.reply()["x-request-id"] == "b\(number)")
        #expect(try client.reply()["x-request-id"] == "c\(number)")
      }
    }

    @Test func aConnectionEndsWhenItsClientSaysSo() throws {
      let client = try RawClient(port: service.port)
      client.send(
        "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n" + Self.probe)
      #expect(try client.reply().status == 200)
      #expect(client.isClosed)
    }

    @Test func aClientMayStopSendingBeforeItIsAnswered() throws {
      let client = try RawClient(port: service.port)
      client.send("GET /v1/outbox?limit=0 HTTP/1.1\r\nHost: x\r\n\r\n")
      client.finishSending()
      #expect(try client.reply().status == 200)
      #expect(client.isClosed)
    }

    @Test func aBodyThatIsAwaitedIsAskedFor() throws {
      let client = try RawClient(port: service.port)
      let body = HostileRequest.body
      client.send(
        "POST /v1/price HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
          + "Content-Length: \(body.utf8.count)\r\nExpect: 100-continue\r\n\r\n")
      #expect(try client.reply().status == 100)
      client.send(body)
      #expect(try client.reply().status == 200)
    }

    @Test(arguments: ["/v1/price", "/v1/nothing", "/healthz"])
    func aBodyThatWillNotBeTakenIsNotAskedFor(_ path: String) throws {
      let client = try RawClient(port: service.port)
      client.send(
        "POST \(path) HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
          + "Content-Length: 10000000\r\nExpect: 100-continue\r\n\r\n")
      #expect([404, 405, 413].contains(try client.reply().status))
      #expect(client.isClosed)
    }

    /// What is refused is read past, so that its sender hears why, and not for as long as it likes.
    @Test func aRefusedBodyIsNotReadForEver() throws {
      let client = try RawClient(port: service.port)
      client.send(
        "POST /v1/price HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
          + "Transfer-Encoding: chunked\r\n\r\n")
      let piece = Array("10000\r\n\(String(repeating: " ", count: 65_536))\r\n".utf8)
      var sent = 0
      while sent < 64 << 20, client.send(piece) { sent += piece.count }
      #expect(sent < 32 << 20, "\(sent) bytes were taken")
    }

    @Test func aRequestMayComeByteByByte() throws {
      let client = try RawClient(port: service.port)
      let body = HostileRequest.body
      let text =
        "POST /v1/price HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
      for byte in text.utf8 { client.send(CollectionOfOne(byte)) }
      #expect(try client.reply().status == 200)
    }

    /// Large bodies of many at once take only so much memory together.
    @Test func manyLargeBodiesDoNotFillTheMemory() throws {
      let service = try ServiceProcess(try CardFolder())
      let before = service.program.residentBytes
      let clients = try (0..<60).map { _ in try RawClient(port: service.port, patienceSeconds: 2) }
      let piece = Array(repeating: UInt8(ascii: " "), count: 64 << 10)
      // Each announces 4 MB, as usage may have, and sends all but the end.
      for client in clients {
        client.send(
          "POST /v1/usage HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            + "Content-Length: \(4 << 20)\r\n\r\n")
      }
      for _ in 0..<63 {
        for client in clients { client.send(piece) }
      }
      #expect(try service.client().get("/healthz").status == 200)
      let growth = service.program.residentBytes - before
      #expect(growth < 120 << 20, "240 MB were sent, and the limit is 64 MB: \(growth)")
    }
  }
}
