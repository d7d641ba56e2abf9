internal import CTimer
internal import Glibc

/// Work that lets others have the processor after every millisecond of it, if they want it.
///
/// By itself the kernel takes a processor from a thread at its ticks, of which there may be 250 a second:
/// what is a moment for whoever loads a large card is long for requests that wait for that processor.
/// A timer breaks the work into turns, whatever it is in the middle of. A turn is a millisecond of work,
/// however long the thread waited for it, so that the work gets on among others that never rest.
enum ShortTurns {
  private static let nanoseconds: Int64 = 1_000_000

  /// The signal of the timers.
  private static let signal = __libc_current_sigrtmin() + 3

  /// Does the work on the thread that asks.
  static func take(_ work: () -> Void) {
    let turns = UnsafeMutablePointer<turns>.allocate(capacity: 1)
    turns.initialize(to: CTimer.turns())
    defer { turns.deallocate() }
    guard turns_begin(turns, signal, nanoseconds) == 0 else { return work() }
    // SAFETY: no signal of the timer reaches the thread behind this, so that the turns may go.
    defer { turns_end(turns) }
    work()
  }
}
