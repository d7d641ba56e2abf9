internal import Glibc
internal import Synchronization

/// How long a database server may take.
///
/// The server itself gives up first, which leaves the connection as it was; one that does not answer at all
/// loses it.
package struct ServerPatience: Sendable {
  /// How long a connection may take to be made, in whole seconds, of which libpq takes no fewer than two.
  package var connectSeconds = 5
  /// How long a lock may be waited for.
  package var lockMilliseconds = 5_000
  /// How long a statement may run.
  package var statementMilliseconds = 8_000
  /// How long a transaction may lie idle: a process that was halted must not hold its locks for ever.
  package var idleMilliseconds = 10_000
  /// How long an answer may take to come.
  package var answerMilliseconds: Int64 = 10_000
  /// How long nobody asks again after the server was found not to answer.
  package var restMilliseconds: Int64 = 1_000

  /// The usual patience.
  package init() {}

  /// That of changes to the tables, which take as long as they take.
  static let migrating: ServerPatience = {
    var patience = ServerPatience()
    patience.lockMilliseconds = 0
    patience.statementMilliseconds = 0
    patience.answerMilliseconds = .max / 2
    return patience
  }()

  /// What tells a server of it; 0 is no limit.
  var settings: [String] {
    [
      "SET lock_timeout = \(lockMilliseconds)",
      "SET statement_timeout = \(statementMilliseconds)",
      "SET idle_in_transaction_session_timeout = \(idleMilliseconds)",
    ]
  }

  /// The address with what libpq is to know of it, unless it says so itself.
  func completed(_ url: String) -> String {
    var address = url
    for (key, value) in [
      ("connect_timeout", String(connectSeconds)), ("client_encoding", "UTF8"),
      ("application_name", "ratecard"), ("tcp_user_timeout", "10000"),
    ] where !url.contains(key + "=") {
      address += "\(address.contains("?") ? "&" : "?")\(key)=\(value)"
    }
    return address
  }
}

/// What all connections of a store know of their server: whether it did not answer just now.
///
/// One of them tries again from time to time; whoever else needs a new connection meanwhile hears at once
/// that there is none, and holds nobody up.
final class ServerOutage: Sendable {
  private struct State: Sendable {
    var reason: StoreFailure.Reason
    var nextTry: Int64
  }

  private let patience: ServerPatience
  private let state = Mutex<State?>(nil)

  init(_ patience: ServerPatience) { self.patience = patience }

  /// Whether to try now; nil: yes, and nobody else does until it is known what comes of it.
  func refusal() -> StoreFailure.Reason? {
    let now = Self.milliseconds
    return state.withLock { state in
      guard let known = state else { return nil }
      if now < known.nextTry { return known.reason }
      state?.nextTry = now + Int64(patience.connectSeconds) * 1_000 + patience.restMilliseconds
      return nil
    }
  }

  /// Takes note that the server does not answer.
  func begin(_ reason: StoreFailure.Reason) {
    let next = Self.milliseconds + patience.restMilliseconds
    state.withLock { $0 = State(reason: reason, nextTry: next) }
  }

  /// Takes note that it does.
  func end() { state.withLock { $0 = nil } }

  /// Milliseconds since some moment.
  static var milliseconds: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
  }
}

/// Whether the time of day was set since a moment.
struct ClockJump: Sendable {
  private let difference = Self.difference

  var hasJumped: Bool { abs(Self.difference - difference) > 500 }

  /// The time of day less that of the clock that only goes on, in milliseconds.
  private static var difference: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000 - ServerOutage.milliseconds
  }
}
