internal import Synchronization

/// Lets a warning of one kind through once a second, so that no crowd of clients fills the log.
final class WarningPace: Sendable {
  /// When one went through last, in milliseconds of the monotonic clock.
  private let last = Atomic<Int64>(.min / 2)

  /// Whether a warning may be written now.
  func mayWarn() -> Bool {
    let now = MonotonicClock.milliseconds
    let last = last.load(ordering: .relaxed)
    guard now - last >= 1_000 else { return false }
    return self.last.compareExchange(expected: last, desired: now, ordering: .relaxed).exchanged
  }
}
