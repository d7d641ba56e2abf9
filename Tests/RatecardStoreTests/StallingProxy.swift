import Foundation
import Synchronization

/// Stands between a store and its server, and can hold back everything: the connections stay, and nobody
/// answers, as when a machine hangs.
final class StallingProxy: Sendable {
  struct NotStarted: Error { let code: Int32 }

  let port: UInt16
  private let listener: Int32
  private let target: UInt16
  private let isStalled = Atomic(false)
  private let hasEnded = Atomic(false)

  /// Forwards to a port of this machine.
  init(to target: UInt16) throws {
    self.target = target
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    self.listener = listener
    var address = Self.loopback(0)
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let code = withUnsafeMutablePointer(to: &address) { address in
      address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(listener, address, size) == 0 && listen(listener, 64) == 0
          && getsockname(listener, address, &size) == 0 ? 0 : errno
      }
    }
    guard listener >= 0, code == 0 else { throw NotStarted(code: code) }
    port = UInt16(bigEndian: address.sin_port)
    Thread.detachNewThread { [self] in accepts() }
  }

  /// Holds everything back, or lets it through again.
  func stall(_ stalls: Bool) { isStalled.store(stalls, ordering: .releasing) }

  /// Ends the threads.
  func end() {
    hasEnded.store(true, ordering: .releasing)
    shutdown(listener, Int32(SHUT_RDWR))
  }

  private static func loopback(_ port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return address
  }

  private func accepts() {
    defer { close(listener) }
    while !hasEnded.load(ordering: .acquiring) {
      let client = accept(listener, nil, nil)
      guard client >= 0 else { continue }
      let server = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      var address = Self.loopback(target)
      let isConnected = withUnsafePointer(to: &address) { address in
        address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          connect(server, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
        }
      }
      guard isConnected else {
        close(client)
        close(server)
        continue
      }
      Thread.detachNewThread { [self] in forward(client, server) }
    }
  }

  /// Copies both ways until either side closes.
  private func forward(_ client: Int32, _ server: Int32) {
    defer {
      close(client)
      close(server)
    }
    var piece = [UInt8](repeating: 0, count: 64 << 10)
    while !hasEnded.load(ordering: .acquiring) {
      if isStalled.load(ordering: .acquiring) {
        usleep(2_000)
        continue
      }
      var waits = [client, server].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
      guard poll(&waits, 2, 5) >= 0 || errno == EINTR else { return }
      // What came while this waited is held back as well.
      if isStalled.load(ordering: .acquiring) { continue }
      for (wait, other) in zip(waits, [server, client]) where wait.revents != 0 {
        let count = recv(wait.fd, &piece, piece.count, 0)
        guard count > 0, send(other, piece, count, Int32(MSG_NOSIGNAL)) == count else { return }
      }
    }
  }
}
