internal import Synchronization

/// Requests that wait while the billing provider is called, on threads of their own: a provider that does
/// not answer holds up nobody else, and the service's end no longer than for a while.
final class ProviderCalls: Sendable {
  private struct Call: Sendable {
    let completion: Completion
    var hasBegun = false
  }

  private struct State: Sendable {
    var calls: [Int: Call] = [:]
    var next = 0
    var isOver = false
  }

  private let workers: WorkerPool
  private let state = Mutex(State())
  /// What is answered about a call that goes on and is not waited for any more.
  private let abandoned: Reply

  init(threads: Int, abandoned: Reply) {
    workers = WorkerPool(threads: threads)
    self.abandoned = abandoned
  }

  /// Answers a request by what a call comes to.
  func answering(_ call: @escaping @Sendable () -> Reply) -> Answering {
    .later { [self] completion in
      guard let number = add(completion) else { return completion(.stopping) }
      let isTaken = workers.take { [self] in
        guard begin(number) else { return }
        let reply = call()
        remove(number)?(reply)
      }
      if !isTaken { remove(number)?(.busy) }
    }
  }

  private func add(_ completion: Completion) -> Int? {
    state.withLock { state in
      if state.isOver { return nil }
      state.next += 1
      state.calls[state.next] = Call(completion: completion)
      return state.next
    }
  }

  /// False: its request has been answered.
  private func begin(_ number: Int) -> Bool {
    state.withLock { state in
      state.calls[number]?.hasBegun = true
      return state.calls[number] != nil
    }
  }

  /// Whoever takes a call out answers it.
  private func remove(_ number: Int) -> Completion? {
    state.withLock { $0.calls.removeValue(forKey: number)?.completion }
  }

  /// Answers whoever still waits, and begins no more.
  func giveUp() {
    let calls = state.withLock { state in
      state.isOver = true
      defer { state.calls = [:] }
      return state.calls.values.map { $0 }
    }
    for call in calls { call.completion(call.hasBegun ? abandoned : .stopping) }
  }

  /// Waits for the calls at hand, and ends.
  func close() { workers.close() }
}
