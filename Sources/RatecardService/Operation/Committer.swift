internal import Glibc
internal import RatecardStore

/// Writes to the store, many requests' changes in one transaction.
///
/// While one group is being written the next one gathers, so that under load a write to disk is shared by
/// as many requests as wait for it, and alone a request waits for its own.
final class Committer: Sendable {
  /// Changes that are written together or not at all, and who waits for them.
  private struct Entry: Sendable {
    let changes: [Change]
    let done: Done
  }

  /// Is told what came of some changes.
  typealias Done = @Sendable (Result<ArraySlice<Outcome>, StoreFailure>) -> Void

  private struct Queue: Sendable {
    var entries: [Entry] = []
    var count = 0
    var isClosed = false
  }

  /// The most changes of a transaction, but for an entry that has more.
  private static let groupLimit = 2_000
  /// The most changes that wait.
  private static let queueLimit = 100_000

  private let store: Store
  private let metrics: MetricsShard
  private let queue = Signal(Queue())
  private let afterCommit: @Sendable ([Change], Commit) -> Void

  /// Makes a committer; `afterCommit` is told of a group before those who wait for it.
  init(
    store: Store, metrics: MetricsShard,
    afterCommit: @escaping @Sendable ([Change], Commit) -> Void
  ) {
    self.store = store
    self.metrics = metrics
    self.afterCommit = afterCommit
  }

  /// Writes changes, and then says what came of them on another thread; false: too many wait.
  func commit(_ changes: [Change], done: @escaping Done) -> Bool {
    queue.change { queue in
      guard !queue.isClosed, queue.count + changes.count <= Self.queueLimit else { return false }
      queue.entries.append(Entry(changes: changes, done: done))
      queue.count += changes.count
      return true
    }
  }

  /// Writes changes and waits for that; not to be called from a server's thread.
  func commitNow(_ changes: [Change]) -> Result<ArraySlice<Outcome>, StoreFailure>? {
    let answer = Signal<Result<ArraySlice<Outcome>, StoreFailure>?>(nil)
    let isTaken = commit(changes) { result in answer.change { $0 = result } }
    return isTaken ? answer.wait { $0 } : nil
  }

  /// As `commitNow`; too many changes that wait are a store that is busy.
  func commitWaiting(_ changes: [Change]) throws(StoreFailure) -> [Outcome] {
    guard let result = commitNow(changes) else {
      throw StoreFailure(store: store.name, reason: .busy)
    }
    return Array(try result.get())
  }

  /// Writes until `close`, and then what still waits.
  func run() {
    while let group = nextGroup() {
      let changes = group.flatMap(\.changes)
      let began = MonotonicClock.nanoseconds
      let result = Result { () throws(StoreFailure) in try store.apply(changes) }
      metrics.measure(.commit, nanoseconds: MonotonicClock.nanoseconds - began)
      switch result {
      case .success(let commit):
        afterCommit(changes, commit)
        var rest = commit.outcomes[...]
        for entry in group {
          entry.done(.success(rest.prefix(entry.changes.count)))
          rest = rest.dropFirst(entry.changes.count)
        }
      case .failure(let failure):
        for entry in group { entry.done(.failure(failure)) }
      }
    }
  }

  private func nextGroup() -> [Entry]? {
    _ = queue.wait { queue in queue.entries.isEmpty && !queue.isClosed ? nil : true }
    // Requests that are about to write, and wait for this processor, get into the same group.
    sched_yield()
    return queue.change { queue -> [Entry]? in
      if queue.entries.isEmpty { return nil }
      var count = 0
      var end = 0
      repeat {
        count += queue.entries[end].changes.count
        end += 1
      } while end < queue.entries.count
        && count + queue.entries[end].changes.count <= Self.groupLimit
      let group = Array(queue.entries[..<end])
      queue.entries.removeFirst(end)
      queue.count -= count
      return group
    }
  }

  /// Takes no more; `run` returns once everything is written.
  func close() { queue.change { $0.isClosed = true } }
}
