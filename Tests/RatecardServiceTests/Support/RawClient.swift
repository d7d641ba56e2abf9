import Foundation

/// A TCP connection that sends whatever bytes it is told to.
final class RawClient {
  enum Failure: Error, CustomStringConvertible {
    case cannotConnect(Int32)
    /// The other end closed before a whole reply.
    case closed(received: String)
    /// Nothing came for too long.
    case late(received: String)
    case malformed(String)

    var description: String {
      switch self {
      case .cannotConnect(let code): "cannot connect: \(String(cString: strerror(code)))"
      case .closed(let received): "closed after `\(received)`"
      case .late(let received): "nothing more came after `\(received)`"
      case .malformed(let what): "no reply: `\(what)`"
      }
    }
  }

  private let socket: Int32
  private var received: [UInt8] = []
  private var hasEnded = false

  init(port: UInt16, patienceSeconds: Int = 30) throws {
    let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    socket = Foundation.socket(AF_INET, type, 0)
    guard socket >= 0 else { throw Failure.cannotConnect(errno) }
    var patience = timeval(tv_sec: patienceSeconds, tv_usec: 0)
    let size = socklen_t(MemoryLayout<timeval>.size)
    setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, size)
    setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &patience, size)
    var yes: Int32 = 1
    setsockopt(
      socket, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let result = withUnsafePointer(to: &address) { address in
      address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard result == 0 else {
      let code = errno
      close(socket)
      throw Failure.cannotConnect(code)
    }
  }

  deinit { close(socket) }

  /// Sends bytes; false: the other end is gone.
  @discardableResult
  func send(_ bytes: some Sequence<UInt8>) -> Bool {
    var rest = Array(bytes)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        Foundation.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }

  @discardableResult
  func send(_ text: String) -> Bool { send(text.utf8) }

  /// Says that nothing more will be sent.
  func finishSending() { shutdown(socket, Int32(SHUT_WR)) }

  /// Lets the connection break off, as when the client's machine goes away.
  func breakOff() {
    var option = linger(l_onoff: 1, l_linger: 0)
    setsockopt(socket, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    var nowhere = sockaddr()
    nowhere.sa_family = sa_family_t(AF_UNSPEC)
    // Dissolving a connection that lingers for no time resets it.
    connect(socket, &nowhere, socklen_t(MemoryLayout<sockaddr>.size))
    hasEnded = true
  }

  /// Reads one reply.
  func reply(to method: String = "GET") throws -> HTTPReply {
    let separator = Array("\r\n\r\n".utf8)
    while true {
      if let end = received.firstRange(of: separator) {
        let head = String(decoding: received[..<end.lowerBound], as: UTF8.self)
        received.removeSubrange(..<end.upperBound)
        return try body(of: try HTTPReply(head: head), to: method)
      }
      try receive()
    }
  }

  private func body(of head: HTTPReply, to method: String) throws -> HTTPReply {
    var reply = head
    let hasBody = method != "HEAD" && reply.status >= 200 && reply.status != 204
    guard hasBody else { return reply }
    guard let length = reply["content-length"].flatMap({ Int($0) }) else {
      throw Failure.malformed("a reply without a length")
    }
    while received.count < length { try receive() }
    reply.body = Array(received[..<length])
    received.removeFirst(length)
    return reply
  }

  /// Reads until the other end closes, and returns all that came; nil: it does not close.
  func everything() -> String? {
    while !hasEnded {
      do { try receive() } catch Failure.closed { break } catch { return nil }
    }
    return String(decoding: received, as: UTF8.self)
  }

  /// Whether the other end closes, sending nothing more.
  var isClosed: Bool {
    guard let rest = everything() else { return false }
    return rest.isEmpty
  }

  private func receive() throws {
    var piece = [UInt8](repeating: 0, count: 64 << 10)
    while !hasEnded {
      let count = recv(socket, &piece, piece.count, 0)
      if count > 0 {
        received += piece[..<count]
        return
      }
      if count < 0, errno == EINTR { continue }
      if count < 0, errno == EAGAIN || errno == EWOULDBLOCK {
        throw Failure.late(received: shown)
      }
      // A connection that was reset is as closed as one that was shut.
      hasEnded = true
    }
    throw Failure.closed(received: shown)
  }

  private var shown: String { String(decoding: received.prefix(200), as: UTF8.self) }
}
