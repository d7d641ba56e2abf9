public import RatecardStore
public import RatecardValues

/// Posts notices to whoever is told of them, signed the Standard Webhooks way.
///
/// A poster belongs to one thread. Several, in whatever processes, may share a store: each notice is
/// leased to one of them, for longer than it may work with it. A notice has one name for ever; where
/// the receiver took it and its answer was lost, it comes again under that name.
public final class NoticePoster {
  /// How it works.
  public struct Options: Sendable {
    /// Where notices go.
    public var url: String
    /// What tells it from other posters on the store: another text each time one is made.
    public var owner: String
    /// The most notices that are leased at a time.
    public var batchLimit = 20
    /// How long a call may take; what carries the calls ends them by then.
    public var callMilliseconds: Int64 = 10_000
    /// How long a notice is leased.
    public var leaseMilliseconds: Int64 = 120_000
    /// For how long a notice is tried.
    public var patienceMilliseconds: Int64 = 3 * 86_400_000
    /// How soon to come again when there is nothing to post.
    public var idleMilliseconds: Int64 = 1_000

    /// Makes options.
    public init(url: String, owner: String) {
      self.url = url
      self.owner = owner
    }
  }

  /// What a round did.
  public struct Report: Hashable, Sendable {
    /// When to come again.
    public var next: Instant
    /// How many notices were taken.
    public var posted = 0
    /// How many are tried again.
    public var postponed = 0
    /// How many were given up.
    public var dead = 0
    /// Why the receiver did not take one; the first reason of the round.
    public var failure: String?
  }

  private let store: Store
  private let keys: WebhookKeys
  private let options: Options
  private let now: () -> Instant
  private let random: (ClosedRange<Int64>) -> Int64
  private let transport: Transport
  private var backoff = Backoff()
  private var pausedUntil = Instant.earliest

  /// Makes a poster; it does nothing until it is told to `step`.
  public init(
    store: Store, keys: WebhookKeys, options: Options, now: @escaping () -> Instant,
    random: @escaping (ClosedRange<Int64>) -> Int64 = { Int64.random(in: $0) },
    transport: @escaping Transport
  ) {
    precondition(
      options.callMilliseconds < options.leaseMilliseconds, "a call ends before its lease")
    self.store = store
    self.keys = keys
    self.options = options
    self.now = now
    self.random = random
    self.transport = transport
  }

  /// Does one round: leases what is due, posts it, and commits what came of it.
  public func step() throws(StoreFailure) -> Report {
    let began = now()
    if pausedUntil > began { return Report(next: pausedUntil) }
    let until = began.adding(milliseconds: options.leaseMilliseconds)
    let postings = try store.claimPostings(
      limit: options.batchLimit, owner: options.owner, now: began, until: until)
    var report = Report(next: began.adding(milliseconds: options.idleMilliseconds))
    if postings.isEmpty { return report }
    let last = until.adding(milliseconds: -options.callMilliseconds)
    // Whatever keeps the receiver from taking anything keeps it from the rest too.
    var isStopped = false
    var changes: [Change] = []
    for posting in postings {
      var result: Shipment.Result
      let isTried = !isStopped && now() <= last
      if !isTried {
        let reason = posting.lastFailure ?? "there was no time for it"
        result = .failed(reason: reason, retryAt: max(pausedUntil, now()))
      } else {
        result = post(posting, &isStopped)
        if case .failed(let reason, _) = result { report.failure = report.failure ?? reason }
      }
      if case .failed(let reason, let retryAt) = result, isOver(posting, at: retryAt) {
        result = .dead(reason: reason)
      }
      switch result {
      case .shipped: report.posted += 1
      case .failed, .fateUnknown: report.postponed += 1
      case .dead: report.dead += 1
      }
      let isDead = if case .dead = result { true } else { false }
      var shipment = Shipment(
        sequence: posting.sequence, owner: options.owner, result: result,
        code: isDead ? .undelivered : nil)
      shipment.wasTried = isTried
      changes.append(.posting(shipment))
    }
    if postings.count == options.batchLimit { report.next = now() }
    report.next = max(report.next, pausedUntil)
    _ = try store.commit(changes)
    return report
  }

  private func isOver(_ posting: NoticePosting, at retry: Instant) -> Bool {
    retry >= posting.since.adding(milliseconds: options.patienceMilliseconds)
  }

  private func post(_ posting: NoticePosting, _ isStopped: inout Bool) -> Shipment.Result {
    let body = NoticeWriter.body(of: posting)
    let signed = keys.signed(id: posting.id, body: body, at: now())
    let request = HTTPRequest(
      .post, options.url,
      headers: [
        .init("Content-Type", "application/json"), .init("webhook-id", signed.id),
        .init("webhook-timestamp", signed.timestamp),
        .init("webhook-signature", signed.signature),
      ], body: body)
    do throws(TransportFailure) {
      let response = try transport(request)
      if (200..<300).contains(response.status) {
        backoff.succeed()
        return .shipped(at: now())
      }
      let reason = "status \(response.status)"
      // A receiver that cannot take this one may take the next.
      guard response.status >= 500 || response.status == 429 else {
        return .failed(reason: reason, retryAt: later(posting.attempts))
      }
      let asked = RateLimiter.seconds(retryAfter: response.headers["retry-after"], now: now())
      isStopped = true
      return .failed(reason: reason, retryAt: pause(asked ?? 0))
    } catch {
      isStopped = true
      return .failed(reason: error.reason, retryAt: pause(0))
    }
  }

  /// Waits with everything, at random up to a bound that doubles with each failure in a row.
  private func pause(_ askedSeconds: Int64) -> Instant {
    let wait = backoff.fail(random)
    pausedUntil = now().adding(milliseconds: askedSeconds * 1_000 + wait)
    return pausedUntil
  }

  /// When a notice that alone was not taken is tried again: within an hour at the most.
  private func later(_ attempts: Int) -> Instant {
    let bound = min(3_600_000, Int64(1_000) << Int64(min(attempts, 12)))
    return now().adding(milliseconds: random(0...bound))
  }
}
