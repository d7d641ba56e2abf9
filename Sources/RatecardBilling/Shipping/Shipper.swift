public import RatecardStore
public import RatecardValues

/// Ships what the outbox holds to a provider, and notes what came of it.
///
/// A shipper belongs to one thread. Several, in whatever processes, may share a store: each event is
/// leased to one of them, for longer than it may work with it.
public final class Shipper {
  /// How it works.
  public struct Options: Hashable, Sendable {
    /// What tells it from other shippers on the store: another text each time one is made.
    public var owner: String
    /// What becomes of usage that is too old.
    public var late: LatePolicy
    /// The most events of a batch.
    public var batchLimit = 1_000
    /// How long a call may take; what carries the calls ends them by then.
    public var callMilliseconds: Int64 = 30_000
    /// How long an event is leased.
    public var leaseMilliseconds: Int64 = 120_000
    /// How old usage may be for the provider.
    public var ageLimitMilliseconds: Int64 = 3_600_000
    /// How long before that it counts as late, and how long after it no late answer is expected.
    public var marginMilliseconds: Int64 = 300_000
    /// How far ahead of the present usage may be for the provider, less a margin.
    public var aheadLimitMilliseconds: Int64 = 240_000
    /// How soon to come again when there is nothing to ship.
    public var idleMilliseconds: Int64 = 1_000

    /// Makes options.
    public init(owner: String, late: LatePolicy = .restamp) {
      self.owner = owner
      self.late = late
    }
  }

  /// What the world is to a shipper.
  public struct World {
    /// Tells the time.
    public var now: () -> Instant
    /// Waits until a time; false: there is no time to wait.
    public var wait: (Instant) -> Bool
    /// A number of a range, at random.
    public var random: (ClosedRange<Int64>) -> Int64
    /// The meter of the present card; nil: it has none, and nothing is shipped.
    public var meter: () -> MeterTerms?

    /// Makes a world.
    public init(
      now: @escaping () -> Instant, wait: @escaping (Instant) -> Bool,
      random: @escaping (ClosedRange<Int64>) -> Int64 = { Int64.random(in: $0) },
      meter: @escaping () -> MeterTerms?
    ) {
      self.now = now
      self.wait = wait
      self.random = random
      self.meter = meter
    }
  }

  private static let longestPauseMilliseconds =
    RateLimiter.longestRestSeconds * 1_000 + Backoff.longestMilliseconds

  private let store: Store
  private let provider: any BillingProvider
  private let options: Options
  private let world: World
  private var backoff = Backoff()
  private var pausedUntil = Instant.earliest
  /// Whether the round before went well.
  private var isAnswered = false

  /// Makes a shipper; it does nothing until it is told to `step`.
  public init(store: Store, provider: any BillingProvider, options: Options, world: World) {
    precondition(
      options.callMilliseconds < options.leaseMilliseconds
        && options.leaseMilliseconds <= options.marginMilliseconds,
      "a call ends before its lease, and a lease before usage is too old")
    self.store = store
    self.provider = provider
    self.options = options
    self.world = world
  }

  /// Does one round: leases what is due, ships it, and commits what came of it.
  ///
  /// After a failure of the store the events stay leased, and are tried again when that ends.
  public func step() throws(StoreFailure) -> ShippingReport {
    let now = world.now()
    // The clock may have been set back: no pause is longer than this.
    pausedUntil = min(pausedUntil, now.adding(milliseconds: Self.longestPauseMilliseconds))
    let ready = max(pausedUntil, provider.readyAt(now))
    if ready > now { return ShippingReport(next: ready) }
    guard let meter = world.meter() else { return ShippingReport(next: soon(now)) }
    let until = now.adding(milliseconds: options.leaseMilliseconds)
    // Until the provider is known to answer one event is tried at a time, so that of few the fate is
    // unknown after it was away.
    let limit = isAnswered ? options.batchLimit : 1
    let events = try store.claim(limit: limit, owner: options.owner, now: now, until: until)
    if events.isEmpty { return ShippingReport(next: soon(now)) }
    let round = ShippingRound(
      provider: provider, options: options, world: world, meter: meter, leaseEnd: until)
    round.ship(events)
    var report = ShippingReport(next: world.now())
    report.failure = round.failure
    isAnswered = round.failure == nil
    let retryAt = pause(after: round)
    let shippedAt = world.now()
    if events.count < limit { report.next = soon(report.next) }
    report.next = max(report.next, pausedUntil)
    var shipments: [Change] = []
    for event in events {
      let shipment = round.results[event.sequence]?.shipment(
        event.sequence, owner: options.owner, retryAt: retryAt, now: shippedAt)
      guard let shipment else { preconditionFailure("a round has a result for each event") }
      switch shipment.result {
      case .shipped: report.shipped += 1
      case .failed, .fateUnknown: report.postponed += 1
      case .dead: report.dead += 1
      }
      shipments.append(.shipment(shipment))
    }
    _ = try store.commit(shipments)
    return report
  }

  /// Waits after a failure that is not some event's; answers when what failed is tried again.
  private func pause(after round: ShippingRound) -> Instant {
    let now = world.now()
    guard let failure = round.failure else {
      backoff.succeed()
      return now
    }
    let wait = backoff.fail(world.random)
    let asked = failure.retryAfterSeconds.map { now.adding(milliseconds: $0 * 1_000) } ?? now
    // Whoever asks to be left alone is not asked again in the same instant by everyone.
    pausedUntil = asked.adding(milliseconds: wait)
    return pausedUntil
  }

  private func soon(_ now: Instant) -> Instant {
    now.adding(milliseconds: options.idleMilliseconds)
  }
}
