internal import Glibc
internal import Synchronization

/// The thread that watches a folder and reloads its card.
final class WatchThread: Sendable {
  /// The running thread and the pipe's end whose closing ends it; nil after it was stopped.
  private let running: Mutex<(thread: pthread_t, stopper: Int32)?>

  init(reloader: Reloader, pace: LiveRateCard.Pace) {
    running = Mutex(nil)
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    // SAFETY: the thread owns a reference to what it runs with and lets it go when it ends; it
    // holds no reference to the live card, whose end stops it.
    let context = Unmanaged.passRetained(
      WatchLoop(reloader: reloader, pace: pace, stopper: ends[0]))
    var thread = pthread_t()
    let result = pthread_create(
      &thread, nil,
      { context in
        guard let context else { return nil }
        Unmanaged<WatchLoop>.fromOpaque(context).takeRetainedValue().run()
        return nil
      }, context.toOpaque())
    guard result == 0 else {
      context.release()
      close(ends[1])
      return
    }
    running.withLock { $0 = (thread, ends[1]) }
  }

  /// Ends the thread and waits for it, unless it is the caller.
  func stop() {
    guard let (thread, stopper) = running.withLock({ $0.take() }) else { return }
    close(stopper)
    if pthread_equal(thread, pthread_self()) != 0 {
      pthread_detach(thread)
    } else {
      pthread_join(thread, nil)
    }
  }
}

/// What the thread runs.
private final class WatchLoop: Sendable {
  private let reloader: Reloader
  private let pace: LiveRateCard.Pace
  private let stopper: Int32

  init(reloader: Reloader, pace: LiveRateCard.Pace, stopper: Int32) {
    self.reloader = reloader
    self.pace = pace
    self.stopper = stopper
  }

  deinit { close(stopper) }

  func run() {
    var watch = FolderWatch(stopper: stopper)
    watch.watch(reloader.folders(), root: reloader.folder)
    // What changed between the first load and the watch has told nobody.
    if reloader.looksChanged() { reloader.reloadIfChanged() }
    while true {
      switch watch.wait(milliseconds: Int32(clamping: pace.pollMilliseconds)) {
      case .stopped: return
      case .timedOut: if !reloader.looksChanged() { continue }
      case .changed: break
      }
      guard settle(watch) else { return }
      // Watching before reading: a change that the reading misses wakes the next wait.
      watch.watch(reloader.folders(), root: reloader.folder)
      reloader.reloadIfChanged()
    }
  }

  /// Waits until the folder is quiet, but no longer than the pace allows; false: stop.
  private func settle(_ watch: borrowing FolderWatch) -> Bool {
    let rounds = max(1, pace.patienceMilliseconds / max(1, pace.settleMilliseconds))
    for _ in 0..<rounds {
      switch watch.wait(milliseconds: Int32(clamping: pace.settleMilliseconds)) {
      case .stopped: return false
      case .timedOut: return true
      case .changed: continue
      }
    }
    return true
  }
}
