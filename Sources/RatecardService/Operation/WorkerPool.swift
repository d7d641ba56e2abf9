/// Threads for work that waits for something, which the server's own must not.
final class WorkerPool: Sendable {
  private struct Queue: Sendable {
    var work: [@Sendable () -> Void] = []
    var isClosed = false
  }

  private static let limit = 10_000
  private let queue = Signal(Queue())
  private let threads: [ServiceThread]

  init(threads count: Int) {
    let queue = queue
    threads = (0..<count).map { _ in
      ServiceThread {
        while let work = Self.next(queue) { work() }
      }
    }
  }

  private static func next(_ queue: Signal<Queue>) -> (@Sendable () -> Void)? {
    queue.wait { queue -> (@Sendable () -> Void)?? in
      if queue.work.isEmpty { return queue.isClosed ? .some(nil) : nil }
      return queue.work.removeFirst()
    } ?? nil
  }

  /// Does some work soon, or refuses it at once where too much waits.
  func run(_ work: @escaping @Sendable () -> Void, orRefuse refuse: () -> Void) {
    let isTaken = queue.change { queue in
      guard !queue.isClosed, queue.work.count < Self.limit else { return false }
      queue.work.append(work)
      return true
    }
    if !isTaken { refuse() }
  }

  /// Does what waits, and ends.
  func close() {
    queue.change { $0.isClosed = true }
    for thread in threads { thread.join() }
  }
}
