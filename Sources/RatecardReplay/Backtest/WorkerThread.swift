internal import Glibc
internal import Synchronization

/// A thread that runs a closure once.
struct WorkerThread: ~Copyable {
  private let thread: pthread_t

  private final class Body: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  /// Starts it; nil: the system has no more threads.
  init?(_ run: @escaping @Sendable () -> Void) {
    // SAFETY: the thread owns a reference to what it runs and lets it go when it ends.
    let body = Unmanaged.passRetained(Body(run))
    var thread = pthread_t()
    let code = pthread_create(
      &thread, nil,
      { body in
        if let body { Unmanaged<Body>.fromOpaque(body).takeRetainedValue().run() }
        return nil
      }, body.toOpaque())
    guard code == 0 else {
      body.release()
      return nil
    }
    self.thread = thread
  }

  /// Waits until it ends.
  consuming func join() { pthread_join(thread, nil) }
}

/// Lets workers do something one after another, in the order of what they work on.
final class Turn: Sendable {
  // SAFETY: both live as long as this object, and the values are touched with the mutex held only.
  nonisolated(unsafe) private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  nonisolated(unsafe) private let condition: UnsafeMutablePointer<pthread_cond_t>
  nonisolated(unsafe) private var next = 0
  nonisolated(unsafe) private var isOver = false

  init() {
    mutex = .allocate(capacity: 1)
    condition = .allocate(capacity: 1)
    mutex.initialize(to: pthread_mutex_t())
    condition.initialize(to: pthread_cond_t())
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(condition, nil)
  }

  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(mutex)
    condition.deallocate()
    mutex.deallocate()
  }

  /// Waits for a turn, takes it and passes it on; false: nobody has a turn any more.
  func take(_ turn: Int, _ body: () -> Void) -> Bool {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    while next != turn, !isOver { pthread_cond_wait(condition, mutex) }
    if isOver { return false }
    body()
    next += 1
    pthread_cond_broadcast(condition)
    return true
  }

  /// Ends all waiting.
  func end() {
    pthread_mutex_lock(mutex)
    isOver = true
    pthread_cond_broadcast(condition)
    pthread_mutex_unlock(mutex)
  }
}
