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
    reloader.isWatched.store(true, ordering: .relaxed)
    defer { reloader.isWatched.store(false, ordering: .relaxed) }
    let watch = FolderWatch(stopper: stopper)
    watch.watch(reloader.folders(), root: reloader.folder)
    // What changed between the first load and the watch has told nobody.
    var hasChanged = reloader.looksChanged()
    var isTold = false
    while true {
      if hasChanged, !follow(watch, isTold: isTold) { return }
      reloader.finish { watch.isQuiet }
      switch watch.wait(milliseconds: pace.pollMilliseconds) {
      case .stopped: return
      case .timedOut: (hasChanged, isTold) = (reloader.looksChanged(), false)
      case .changed: (hasChanged, isTold) = (true, true)
      }
    }
  }

  /// Takes over what the folder comes to when it rests; false: stop.
  ///
  /// As long as every file is whole the card is loaded while waiting for the folder to rest, and the
  /// wait is short where that is a good card. What is being written, and what is no good, is given
  /// more time. `isTold` where events told of the change, and so of files being written.
  private func follow(_ watch: FolderWatch, isTold: Bool) -> Bool {
    var isTold = isTold
    var deadline = FolderWatch.milliseconds() + pace.patienceMilliseconds
    if !isTold { watch.noteChange() }
    while true {
      // Watching before reading: a change that the reading misses wakes the next wait.
      watch.watch(reloader.folders(), root: reloader.folder)
      let isWhole = isTold && !watch.isBeingWritten
      var look: Reloader.Look?
      if isWhole {
        look = reloader.look()
        if look == nil { return true }
      }
      let rest = look?.isGood == true ? pace.pauseMilliseconds : pace.settleMilliseconds
      let wait = min(watch.lastChange + rest, deadline) - FolderWatch.milliseconds()
      let wake = watch.wait(milliseconds: wait)
      if wake == .stopped { return false }
      if wake == .changed {
        isTold = true
        if FolderWatch.milliseconds() < deadline { continue }
      }
      watch.forgetWriters()
      // Where another look was published meanwhile this one says nothing, and is made again.
      let isDone = (look ?? reloader.look()).map(reloader.publish) ?? true
      if isDone, wake == .timedOut { return true }
      deadline = FolderWatch.milliseconds() + pace.patienceMilliseconds
    }
  }
}
