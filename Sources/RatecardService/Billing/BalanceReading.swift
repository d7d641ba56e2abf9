internal import Glibc
internal import RatecardBilling
internal import RatecardJSON
internal import RatecardStore
internal import RatecardValues
internal import Synchronization

/// The thread that reads balances from the billing provider: of customers who are asked about while
/// what is known of them is too old.
///
/// Nobody waits for it. A customer is asked about once in the time that a balance may be old; who comes
/// while too many wait is read when asked about later.
final class BalanceReading: Sendable {
  private struct Queue: Sendable {
    /// Who waits, the first of them at `next`.
    var customers: [String] = []
    var next = 0
    /// Until when, in seconds of the monotonic clock, a customer is not read again.
    var asked: [ExactText: Int64] = [:]
    var isStopped = false
  }

  private static let queueLimit = 1_000
  private static let memoryLimit = 50_000

  private let ageLimitSeconds: Int64
  private let queue = Signal(Queue())
  private let isFull = Atomic<Bool>(false)
  private let hasEnded = Signal(false)

  /// Makes a reading that does nothing until it is started.
  init(ageLimitSeconds: Int) { self.ageLimitSeconds = Int64(ageLimitSeconds) }

  /// Starts the thread.
  func start(
    _ accounts: ProviderAccounts, committer: Committer, log: ServiceLog, shard: MetricsShard
  ) {
    _ = ServiceThread { [self] in
      defer { hasEnded.change { $0 = true } }
      let provider = accounts.makeProvider()
      let reader = BalanceReader(
        provider: provider,
        world: .init(now: { .present }, wait: { [self] in wait(until: $0) })
      ) { changes throws(StoreFailure) in try committer.commitWaiting(changes) }
      var lastFailure: String?
      while let customer = nextCustomer() {
        let reading = Result { () throws(StoreFailure) in try reader.read(customer) }
        var failure: String?
        switch reading {
        case .success(.told): shard.count(.balancesRead)
        case .success(.unknown): shard.count(.balancesUnknown)
        case .success(.unasked): continue
        case .success(.failed(let reason)): failure = reason
        case .failure(let error): failure = error.description
        }
        if let failure {
          shard.count(.balancesFailed)
          // What keeps failing is told of once.
          if failure != lastFailure {
            log(.warning, "balance_not_read") { json in
              json.member("customer", customer)
              json.member("message", failure)
            }
          }
        }
        lastFailure = failure
      }
    }
  }

  /// Takes note that a customer is asked about, of whom so much is known.
  ///
  /// As long as that is fresh, it costs a look at the clock.
  func note(_ customer: String, _ balance: Known<Number?>?) {
    if let balance, balance.at.seconds + ageLimitSeconds > Int64(time(nil)) { return }
    if isFull.load(ordering: .relaxed) { return }
    let now = MonotonicClock.milliseconds / 1_000
    let key = ExactText(customer)
    queue.change { queue in
      guard queue.customers.count - queue.next < Self.queueLimit else {
        isFull.store(true, ordering: .relaxed)
        return
      }
      if let until = queue.asked[key], until > now { return }
      if queue.asked.count >= Self.memoryLimit {
        queue.asked = queue.asked.filter { $0.value > now }
        if queue.asked.count >= Self.memoryLimit { queue.asked.removeAll() }
      }
      queue.asked[key] = now + ageLimitSeconds
      queue.customers.append(customer)
    }
  }

  private func nextCustomer() -> String? {
    queue.wait { [self] queue -> String?? in
      if queue.isStopped { return .some(nil) }
      guard queue.next < queue.customers.count else { return nil }
      let customer = queue.customers[queue.next]
      queue.next += 1
      if queue.next == queue.customers.count || queue.next >= Self.queueLimit {
        queue.customers.removeFirst(queue.next)
        queue.next = 0
      }
      isFull.store(false, ordering: .relaxed)
      return customer
    } ?? nil
  }

  /// False: the service ends.
  private func wait(until instant: Instant) -> Bool {
    while true {
      let rest = (instant.nanoseconds - Instant.present.nanoseconds) / 1_000_000
      if rest <= 0 { return true }
      let isStopped = queue.wait(milliseconds: min(Int64(rest) + 1, 1_000)) { queue in
        queue.isStopped ? true : nil
      }
      if isStopped == true { return false }
    }
  }

  /// Ends after the call at hand; false: that is left behind, and what it says is not stored.
  func stop(withinMilliseconds patience: Int64) -> Bool {
    queue.change { $0.isStopped = true }
    return hasEnded.wait(milliseconds: patience) { $0 ? true : nil } ?? false
  }
}
