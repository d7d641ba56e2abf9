internal import RatecardStore

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

  /// Answers a request on one of the threads; see `answer`.
  func answering(
    _ work: @escaping @Sendable (Completion) throws(StoreFailure) -> Void
  ) -> Answering {
    .later { [self] completion in answer(completion, work) }
  }

  /// Does the work that a request waits for, which completes it or throws; where too much waits already,
  /// the request is refused at once.
  func answer(
    _ completion: Completion,
    _ work: @escaping @Sendable (Completion) throws(StoreFailure) -> Void
  ) {
    let isTaken = take {
      do throws(StoreFailure) { try work(completion) } catch {
        completion(Problem(error).reply)
      }
    }
    if !isTaken { completion(.busy) }
  }

  /// Does some work on one of the threads; false: too much waits already.
  func take(_ work: @escaping @Sendable () -> Void) -> Bool {
    queue.change { queue in
      guard !queue.isClosed, queue.work.count < Self.limit else { return false }
      queue.work.append(work)
      return true
    }
  }

  /// Does what waits, and ends.
  func close() {
    queue.change { $0.isClosed = true }
    for thread in threads { thread.join() }
  }
}
