internal import Glibc
internal import RatecardBilling
internal import RatecardStore
internal import Synchronization

/// What the service counts, for Prometheus.
///
/// Each thread counts in a shard of its own, so that counting costs no more than an addition; whoever
/// reads adds the shards up.
final class Metrics: Sendable {
  /// The upper bounds of the histograms' buckets, in nanoseconds.
  static let bounds: [UInt64] = [
    50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000, 25_000_000,
    50_000_000, 100_000_000, 250_000_000, 500_000_000, 1_000_000_000, 2_500_000_000, 5_000_000_000,
  ]
  /// The statuses that replies have; the last counts all others.
  static let statuses = [
    200, 400, 401, 402, 404, 405, 409, 413, 415, 422, 500, 502, 503, 0,
  ]

  /// What is measured in buckets.
  enum Histogram: Int, CaseIterable {
    case request, decision, commit
  }

  /// What is counted one by one.
  enum Counter: Int, CaseIterable {
    case usageRecorded, usageRepeated, usageConflicts, usageUnpriced, tierChanges
    case reloadsLoaded, reloadsRefused, reloadsUnreadable
    case shipped, shipmentsPostponed, shipmentsDead
    case reservationsHeld, reservationsRepeated, reservationsRefused, reservationsDenied
    case reservationsSettled, reservationsSettledLate, reservationsReleased
    case balancesRead, balancesUnknown, balancesFailed
    case noticesPosted, noticesPostponed, noticesDead
  }

  private let shards = Mutex<[MetricsShard]>([])

  /// A shard for a thread.
  func makeShard() -> MetricsShard {
    let shard = MetricsShard()
    shards.withLock { $0.append(shard) }
    return shard
  }

  /// All counts so far.
  func sum() -> [UInt64] {
    let shards = shards.withLock { $0 }
    var total = [UInt64](repeating: 0, count: MetricsShard.size)
    for shard in shards {
      for place in total.indices { total[place] &+= shard[place] }
    }
    return total
  }
}

/// The counts of one thread.
final class MetricsShard: Sendable {
  private static let requests = Endpoint.allCases.count * Metrics.statuses.count
  /// A histogram has its buckets, one for what is above them, and the sum.
  private static let histogram = Metrics.bounds.count + 2
  static let size =
    requests + Metrics.Histogram.allCases.count * histogram + Metrics.Counter.allCases.count

  // SAFETY: allocated once, freed with the object, and every access is atomic.
  nonisolated(unsafe) private let counts: UnsafeMutablePointer<Atomic<UInt64>>

  init() {
    counts = .allocate(capacity: Self.size)
    for place in 0..<Self.size { (counts + place).initialize(to: Atomic(0)) }
  }

  deinit {
    counts.deinitialize(count: Self.size)
    counts.deallocate()
  }

  subscript(place: Int) -> UInt64 { counts[place].load(ordering: .relaxed) }

  func count(_ endpoint: Endpoint, status: Int) {
    let status = Metrics.statuses.firstIndex(of: status) ?? Metrics.statuses.count - 1
    add(1, at: Self.place(endpoint, status: status))
  }

  func count(_ counter: Metrics.Counter, _ amount: Int = 1) {
    add(UInt64(amount), at: Self.place(counter))
  }

  func measure(_ histogram: Metrics.Histogram, nanoseconds: UInt64) {
    let bucket = Metrics.bounds.firstIndex { nanoseconds <= $0 } ?? Metrics.bounds.count
    let first = Self.place(histogram)
    add(1, at: first + bucket)
    add(nanoseconds, at: first + Metrics.bounds.count + 1)
  }

  private func add(_ amount: UInt64, at place: Int) {
    counts[place].wrappingAdd(amount, ordering: .relaxed)
  }

  static func place(_ endpoint: Endpoint, status: Int) -> Int {
    Int(endpoint.rawValue) * Metrics.statuses.count + status
  }

  /// Where a histogram's first bucket is counted.
  static func place(_ histogram: Metrics.Histogram) -> Int {
    requests + histogram.rawValue * self.histogram
  }

  static func place(_ counter: Metrics.Counter) -> Int {
    requests + Metrics.Histogram.allCases.count * histogram + counter.rawValue
  }
}

extension MetricsShard {
  /// Counts what came of a group of changes.
  func count(_ changes: [Change], _ outcomes: [Outcome]) {
    for (change, outcome) in zip(changes, outcomes) {
      switch (change, outcome) {
      case (.usage, .recorded), (.correct, .recorded): count(.usageRecorded)
      case (.usage, .repeated), (.deadLetter, .repeated): count(.usageRepeated)
      case (.settle, .settled(let settlement)):
        count(settlement.isRepeated ? .usageRepeated : .usageRecorded)
        if settlement.isRepeated { continue }
        count(
          settlement.ended?.ending == .settled ? .reservationsSettled : .reservationsSettledLate)
      case (.reserve(let reservation, _, _), .reserved(let stored)):
        count(stored == reservation ? .reservationsHeld : .reservationsRepeated)
      case (.reserve, .insufficient): count(.reservationsRefused)
      case (.release(_, let at), .ended(let ended)) where ended.ending == .released:
        if ended.at == at { count(.reservationsReleased) }
      case (.usage, .conflict), (.settle, .conflict), (.deadLetter, .conflict):
        count(.usageConflicts)
      case (.deadLetter(let letter), .done) where letter.code != WebhookReceiver.letterCode:
        count(.usageUnpriced)
      case (.webhook(_, _, let changes), .first(let outcomes)): count(changes, outcomes)
      default: break
      }
    }
  }
}
