internal import Glibc
internal import Synchronization

/// What a store is used for, of which each may fail alone: a full disk can still be read.
public enum StoreUse: String, CaseIterable, Sendable {
  case reading, writing
  /// Moving what was committed into the database.
  case upkeep
}

/// Is told that a use of a store begins to fail, fails in another way, or, with nil, works again.
public typealias StoreWatch = @Sendable (StoreUse, StoreFailure?) -> Void

/// What came of the last uses of a store.
///
/// Failures come by the thousand: what is told is a change, and at most one a second for each use.
final class StoreHealth: Sendable {
  private struct State: Sendable {
    /// What was told last.
    var told: StoreFailure.Reason?
    var toldAt: Int64 = .min / 2
    var failures = 0
  }

  /// Use by use; `fails` spares whoever succeeds the lock.
  private final class Health: Sendable {
    let fails = Atomic(false)
    let state = Mutex(State())
  }

  private let store: String
  private let watch: StoreWatch
  private let uses = StoreUse.allCases.map { _ in Health() }

  init(store: String, watch: @escaping StoreWatch) {
    self.store = store
    self.watch = watch
  }

  /// How many uses of a kind failed.
  func failures(_ use: StoreUse) -> Int { uses[use.place].state.withLock { $0.failures } }

  /// Takes note of a failure, and makes what is thrown of it.
  func failure(_ use: StoreUse, _ reason: StoreFailure.Reason) -> StoreFailure {
    note(use, reason)
    return StoreFailure(store: store, reason: reason)
  }

  /// Takes note of what came of a use; nil: it did what it was to do.
  func note(_ use: StoreUse, _ reason: StoreFailure.Reason?) {
    let health = uses[use.place]
    guard reason != nil || health.fails.load(ordering: .relaxed) else { return }
    let isTold = health.state.withLock { state in
      if reason != nil { state.failures += 1 }
      let now = Self.milliseconds
      guard state.told != reason, now - state.toldAt >= 1_000 else { return false }
      (state.told, state.toldAt) = (reason, now)
      health.fails.store(reason != nil, ordering: .relaxed)
      return true
    }
    if isTold { watch(use, reason.map { StoreFailure(store: store, reason: $0) }) }
  }

  private static var milliseconds: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC_COARSE, &time)
    return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
  }
}

extension StoreUse {
  fileprivate var place: Int {
    switch self {
    case .reading: 0
    case .writing: 1
    case .upkeep: 2
    }
  }
}

extension Store {
  /// How many uses of a kind failed since the store was opened.
  public func failures(_ use: StoreUse) -> Int { health.failures(use) }
}
