internal import CTimer
internal import Glibc

/// Work that lets others have the processor every millisecond, if they want it.
///
/// By itself the kernel takes a processor from a thread at its ticks, of which there may be 250 a second:
/// what is a moment for whoever loads a large card is long for requests that wait for that processor.
/// A timer breaks the work into turns, whatever it is in the middle of.
enum ShortTurns {
  private static let nanoseconds = 1_000_000

  /// The signal of the timers, whose handler gives up the rest of the thread's turn.
  private static let signal: Int32 = {
    let signal = __libc_current_sigrtmin() + 3
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { _ in _ = sched_yield() }
    action.sa_flags = SA_RESTART
    sigaction(signal, &action, nil)
    return signal
  }()

  /// Does the work on the thread that asks.
  static func take(_ work: () -> Void) {
    // The first timer of a process is called 0, which Swift takes for nil.
    var timer: timer_t?
    guard timer_of_this_thread(signal, &timer) == 0 else { return work() }
    defer { timer_delete(timer) }
    // Whoever started the thread may keep signals from it.
    var ours = sigset_t()
    sigemptyset(&ours)
    sigaddset(&ours, signal)
    pthread_sigmask(SIG_UNBLOCK, &ours, nil)
    let turn = timespec(tv_sec: 0, tv_nsec: nanoseconds)
    var turns = itimerspec(it_interval: turn, it_value: turn)
    timer_settime(timer, 0, &turns, nil)
    work()
  }
}
