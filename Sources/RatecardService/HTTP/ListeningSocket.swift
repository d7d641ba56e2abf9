internal import Glibc

/// A host and port to listen on: `127.0.0.1:8787`, `[::1]:8787`, `localhost:0`.
package struct ListenAddress: Hashable, Sendable, CustomStringConvertible {
  package let host: String
  package let port: UInt16

  /// Reads `HOST:PORT`; nil: it is written otherwise.
  package init?(_ text: String) {
    guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...])
    else { return nil }
    var host = text[..<colon]
    if host.hasPrefix("["), host.hasSuffix("]") {
      host = host.dropFirst().dropLast()
    } else if host.contains(":") {
      return nil
    }
    guard !host.isEmpty else { return nil }
    self.init(host: String(host), port: port)
  }

  init(host: String, port: UInt16) {
    self.host = host
    self.port = port
  }

  package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

/// A socket that listens.
struct ListeningSocket: ~Copyable {
  let descriptor: Int32
  /// Where it really listens: the port that the system chose, where 0 was asked for.
  let address: ListenAddress
  /// Whether only this machine reaches it.
  let isLoopback: Bool

  init(_ wanted: ListenAddress) throws(ServiceFailure) {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV
    var list: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(wanted.host, String(wanted.port), &hints, &list) == 0, let first = list
    else { throw .unknownHost(wanted) }
    defer { freeaddrinfo(first) }
    let info = first.pointee
    let socket = socket(
      info.ai_family, info.ai_socktype | Int32(SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue),
      info.ai_protocol)
    guard socket >= 0 else { throw .cannotListen(wanted, errno) }
    var yes: Int32 = 1
    setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    guard bind(socket, info.ai_addr, info.ai_addrlen) == 0, listen(socket, 4_096) == 0 else {
      let number = errno
      close(socket)
      throw .cannotListen(wanted, number)
    }
    descriptor = socket
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    let (port, isLoopback) = withUnsafeMutablePointer(to: &storage) { storage in
      // SAFETY: the system writes an address of the family it names, and the storage has room and
      // alignment for each.
      storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        _ = getsockname(socket, address, &length)
      }
      if storage.pointee.ss_family == sa_family_t(AF_INET6) {
        return storage.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { address in
          let bytes = withUnsafeBytes(of: address.pointee.sin6_addr) { Array($0) }
          let isOne = bytes.dropLast().allSatisfy { $0 == 0 } && bytes.last == 1
          return (UInt16(bigEndian: address.pointee.sin6_port), isOne)
        }
      }
      return storage.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { address in
        let host = UInt32(bigEndian: address.pointee.sin_addr.s_addr)
        return (UInt16(bigEndian: address.pointee.sin_port), host >> 24 == 127)
      }
    }
    address = ListenAddress(host: wanted.host, port: port)
    self.isLoopback = isLoopback
  }
}
