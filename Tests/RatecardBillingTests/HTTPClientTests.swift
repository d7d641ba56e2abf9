import Foundation
import Glibc
import RatecardBilling
import Synchronization
import Testing

/// The client against a server that does as told, on the loopback only.
@Suite(.timeLimit(.minutes(5))) struct HTTPClientTests {
  /// A server that answers each request of each connection with the next script.
  final class Server: Sendable {
    enum Script: Sendable {
      /// Sends texts, with a pause after each; then waits for the next request.
      case send([String], pauseMilliseconds: UInt32)
      /// Sends a text, and closes.
      case close(String)
      /// Never answers.
      case silence
    }

    let port: UInt16
    private let listener: Int32
    private let state: Mutex<(requests: [String], connections: Int, scripts: [Script])>

    init(_ scripts: [Script]) {
      let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
      var length = socklen_t(MemoryLayout<sockaddr_in>.size)
      withUnsafeMutablePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          _ = bind(listener, $0, length)
          _ = getsockname(listener, $0, &length)
        }
      }
      _ = listen(listener, 16)
      self.listener = listener
      port = UInt16(bigEndian: address.sin_port)
      state = Mutex(([], 0, scripts))
      Thread.detachNewThread { [self] in
        while true {
          let connection = accept(listener, nil, nil)
          if connection < 0 { return }
          state.withLock { $0.connections += 1 }
          Thread.detachNewThread { [self] in serve(connection) }
        }
      }
    }

    var requests: [String] { state.withLock { $0.requests } }
    var connections: Int { state.withLock { $0.connections } }

    func stop() { _ = shutdown(listener, Int32(SHUT_RDWR)) }

    private func serve(_ connection: Int32) {
      while let request = read(connection) {
        let script = state.withLock { state -> Script in
          state.requests.append(request)
          return state.scripts.isEmpty ? .silence : state.scripts.removeFirst()
        }
        switch script {
        case .send(let texts, let pause):
          for text in texts {
            if send(connection, text, text.utf8.count, Int32(MSG_NOSIGNAL)) < 0 { break }
            if pause > 0 { usleep(pause * 1_000) }
          }
        case .close(let text):
          _ = send(connection, text, text.utf8.count, Int32(MSG_NOSIGNAL))
          _ = close(connection)
          return
        case .silence: break
        }
      }
      _ = close(connection)
    }

    /// A whole request; nil: the connection has ended.
    private func read(_ connection: Int32) -> String? {
      var text = ""
      var bytes = [UInt8](repeating: 0, count: 65_536)
      while true {
        let count = recv(connection, &bytes, bytes.count, 0)
        if count <= 0 { return nil }
        text += String(decoding: bytes[..<count], as: UTF8.self)
        guard let head = text.range(of: "\r\n\r\n") else { continue }
        let length =
          text.lowercased().range(of: "content-length: ")
          .flatMap { Int(text[$0.upperBound...].prefix { $0.isNumber }) } ?? 0
        if text[head.upperBound...].utf8.count >= length { return text }
      }
    }
  }

  static let fine = "HTTP/1.1 200 OK\r\nX-A: b \r\nContent-Length: 2\r\n\r\n{}"

  func request(_ server: Server, _ body: String? = "x") -> HTTPRequest {
    HTTPRequest(
      body == nil ? .get : .post, "http://127.0.0.1:\(server.port)/a",
      headers: [.init("Authorization", "Bearer k")], body: body.map { Array($0.utf8) })
  }

  func failure(_ server: Server, _ limits: HTTPClient.Limits = .init()) -> TransportFailure? {
    let client = HTTPClient(limits: limits)
    do throws(TransportFailure) {
      _ = try client.send(request(server))
      return nil
    } catch {
      return error
    }
  }

  @Test func keepsItsConnection() throws {
    let server = Server(Array(repeating: .send([Self.fine], pauseMilliseconds: 0), count: 20))
    defer { server.stop() }
    let client = HTTPClient()
    for turn in 0..<20 {
      let body = turn == 0 ? nil : turn == 1 ? "" : String(repeating: "y", count: 3_000)
      let response = try client.send(request(server, body))
      #expect(
        response
          == HTTPResponse(
            200, headers: ["x-a": "b", "content-length": "2"], body: Array("{}".utf8)))
    }
    #expect(server.connections == 1)
    let requests = server.requests
    #expect(requests[0].hasPrefix("GET /a HTTP/1.1\r\n"))
    #expect(requests[1].contains("Content-Length: 0\r\n"))
    #expect(requests[2].hasSuffix("yyy") && requests[2].contains("Authorization: Bearer k\r\n"))
    #expect(requests.allSatisfy { !$0.contains("Expect:") })
  }

  @Test func saysThatNothingWasSent() throws {
    let server = Server([])
    server.stop()
    #expect(failure(server)?.progress == .neverSent)
    let client = HTTPClient()
    #expect(throws: TransportFailure.self) {
      try client.send(HTTPRequest(.get, "file:///etc/hostname"))
    }
  }

  @Test func endsInTimeWhateverTheServerDoes() throws {
    let limits = HTTPClient.Limits(connectMilliseconds: 1_500, totalMilliseconds: 1_500)
    let silent = Server([.silence])
    defer { silent.stop() }
    let began = ContinuousClock.now
    #expect(failure(silent, limits) == TransportFailure(.unknown, "no whole answer in time"))
    let dripping = Server([
      .send(
        ["HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n"] + Array(repeating: "x", count: 300),
        pauseMilliseconds: 60)
    ])
    defer { dripping.stop() }
    #expect(failure(dripping, limits)?.progress == .answered(status: 200))
    #expect(ContinuousClock.now - began < .seconds(10))
  }

  @Test func tellsWhatIsNoWholeAnswer() throws {
    let server = Server([
      .close(""), .close("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort"), .close("hello"),
      .send(
        ["HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n"], pauseMilliseconds: 0),
    ])
    defer { server.stop() }
    #expect(failure(server)?.progress == .unknown)
    #expect(failure(server)?.progress == .answered(status: 200))
    #expect(failure(server)?.progress == .unknown)
    let client = HTTPClient()
    #expect(try client.send(request(server)).status == 302)
    #expect(server.requests.count == 4)
  }

  @Test func takesNoEndlessAnswer() throws {
    let long = String(repeating: "z", count: 5_000)
    let server = Server([
      .send(["HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + long], pauseMilliseconds: 0),
      .send(
        Array(repeating: "X-Long: \(long)\r\n", count: 20).reduce(into: ["HTTP/1.1 200 OK\r\n"]) {
          $0.append($1)
        }, pauseMilliseconds: 0),
    ])
    defer { server.stop() }
    let limits = HTTPClient.Limits(totalMilliseconds: 5_000, responseBytes: 4_000)
    #expect(failure(server, limits)?.reason == "the answer has more than 4000 bytes")
    #expect(failure(server, limits) != nil)
  }
}
