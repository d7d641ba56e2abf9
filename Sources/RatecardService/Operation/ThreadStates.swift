internal import Glibc
internal import Ratecard
internal import RatecardStore
internal import RatecardValues
internal import Synchronization

/// What a thread that answers keeps for itself.
///
/// SAFETY: only the thread that `ThreadStates` made it for touches `decider` and `reporter`; `shard` is
/// safe anyway.
final class ThreadState: @unchecked Sendable {
  /// Where it counts.
  let shard: MetricsShard
  private var decider: QuickDecider?
  private var reporter: QuickReporter?

  fileprivate init(_ shard: MetricsShard) { self.shard = shard }

  /// Decides a request by the card that answers now; nil: it takes a closer look.
  func decide(
    _ body: borrowing [UInt8], by live: LiveRateCard, _ customers: CustomerBook, key: [UInt8],
    now: Instant
  ) -> QuickDecider.Answer? {
    // The number first: whoever sees it gets that card or a later one.
    let generation = live.generation
    if decider?.generation != generation {
      decider = QuickDecider(live.current, generation: generation, key: key)
    }
    return decider?.answer(body, customers, now: now)
  }

  /// Prices a report of usage by the card that answers now; nil: it takes a closer look.
  func price(
    _ report: UnsafeBufferPointer<UInt8>, by live: LiveRateCard, _ customers: CustomerBook,
    now: Instant
  ) -> UsageEvent? {
    let generation = live.generation
    if reporter?.generation != generation {
      reporter = QuickReporter(live.current, generation: generation)
    }
    return reporter?.event(report, customers, now: now)
  }
}

/// The state of each thread that answers.
final class ThreadStates: Sendable {
  private let metrics: Metrics
  private let key: pthread_key_t
  private let states = Mutex<[ThreadState]>([])

  init(_ metrics: Metrics) {
    self.metrics = metrics
    var key = pthread_key_t()
    let code = pthread_key_create(&key, nil)
    precondition(code == 0, "the system has a key for each of a few tables")
    self.key = key
  }

  deinit { pthread_key_delete(key) }

  /// The state of the thread that asks.
  var mine: ThreadState {
    // SAFETY: what the key holds is a state that `states` keeps for as long as this object lives.
    if let pointer = pthread_getspecific(key) {
      return Unmanaged<ThreadState>.fromOpaque(pointer).takeUnretainedValue()
    }
    let state = ThreadState(metrics.makeShard())
    states.withLock { $0.append(state) }
    pthread_setspecific(key, Unmanaged.passUnretained(state).toOpaque())
    return state
  }
}
