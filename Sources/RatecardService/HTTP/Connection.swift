internal import Glibc
internal import Synchronization

/// A client's connection, and until when it may go on as it does.
///
/// The library's own time-out counts from the last byte, so that a client which sends one byte a second
/// would keep a connection for ever. Here a whole phase has an end: waiting for a head, reading a body,
/// sending a reply.
final class Connection: Sendable {
  let socket: Int32
  /// In milliseconds of the monotonic clock.
  private let deadline: Atomic<Int64>

  init(socket: Int32, within milliseconds: Int64) {
    self.socket = socket
    deadline = Atomic(MonotonicClock.milliseconds + milliseconds)
  }

  /// Begins a phase that ends within a time; nil: whenever it is done.
  func begin(within milliseconds: Int64?) {
    let end = milliseconds.map { MonotonicClock.milliseconds + $0 } ?? .max
    deadline.store(end, ordering: .relaxed)
  }

  /// Lets a phase that has an end go on for so long at the most.
  func hurry(within milliseconds: Int64) {
    let end = MonotonicClock.milliseconds + milliseconds
    var known = deadline.load(ordering: .relaxed)
    while known != .max, known > end {
      let (isDone, found) = deadline.compareExchange(
        expected: known, desired: end, ordering: .relaxed)
      if isDone { return }
      known = found
    }
  }

  func isLate(at now: Int64) -> Bool { deadline.load(ordering: .relaxed) < now }
}

/// All open connections.
final class ConnectionRegistry: Sendable {
  private let open = Mutex<[ObjectIdentifier: Connection]>([:])

  var count: Int { open.withLock { $0.count } }

  func add(_ connection: Connection) {
    open.withLock { $0[ObjectIdentifier(connection)] = connection }
  }

  /// Takes out a connection that is about to be closed.
  func remove(_ connection: Connection) {
    open.withLock { $0[ObjectIdentifier(connection)] = nil }
  }

  /// Lets no connection that waits for its client do so for longer.
  func hurry(within milliseconds: Int64) {
    open.withLock { open in
      for connection in open.values { connection.hurry(within: milliseconds) }
    }
  }

  /// Ends the connections that took too long.
  func endLate() {
    let now = MonotonicClock.milliseconds
    open.withLock { open in
      // A socket's number is used again once it is closed, and before that its connection has left.
      for connection in open.values where connection.isLate(at: now) {
        shutdown(connection.socket, Int32(SHUT_RDWR))
      }
    }
  }
}
