public import RatecardStore
public import RatecardValues

/// Reads customers' balances from a provider, and makes them durable.
///
/// A reader belongs to one thread. It leaves most of what the provider's limits allow to whoever ships.
public final class BalanceReader {
  /// How long after it has accepted usage a provider has deducted it, whatever comes between: it does
  /// so every minute, and may miss one.
  package static let settlingMilliseconds: Int64 = 180_000

  /// What came of a reading.
  public enum Reading: Hashable, Sendable {
    /// The customer has so many credits, which the store knows now.
    case told(Number)
    /// The provider knows of no credits; whatever the store knows stays.
    case unknown
    /// The provider did not say; why.
    case failed(String)
    /// It was not asked: there was no time to wait for its limits.
    case unasked
  }

  /// What the world is to a reader.
  public struct World {
    /// Tells the time.
    public var now: () -> Instant
    /// Waits until a time; false: there is no time to wait.
    public var wait: (Instant) -> Bool
    /// A number of a range, at random.
    public var random: (ClosedRange<Int64>) -> Int64

    /// Makes a world.
    public init(
      now: @escaping () -> Instant, wait: @escaping (Instant) -> Bool,
      random: @escaping (ClosedRange<Int64>) -> Int64 = { Int64.random(in: $0) }
    ) {
      self.now = now
      self.wait = wait
      self.random = random
    }
  }

  private let provider: any BillingProvider
  private let commit: WebhookReceiver.Commit
  private let world: World
  /// Half of what a provider allows at least.
  private let share: RateLimiter
  private var backoff = Backoff()
  private var pausedUntil = Instant.earliest

  /// Makes a reader, which changes the store through `commit`.
  public init(
    provider: any BillingProvider, share: RateLimiter = RateLimiter(perSecond: 20, perMinute: 120),
    world: World, commit: @escaping WebhookReceiver.Commit
  ) {
    self.provider = provider
    self.share = share
    self.world = world
    self.commit = commit
  }

  /// Reads a customer's balance, as soon as the provider's limits and its last failure allow.
  public func read(_ customer: String) throws(StoreFailure) -> Reading {
    while true {
      let now = world.now()
      let ready = max(pausedUntil, share.readyAt(now), provider.readyAt(now))
      if ready <= now { break }
      guard world.wait(ready) else { return .unasked }
    }
    // What the provider had accepted long enough before the call is in the balance.
    let asked = world.now()
    share.note(callAt: asked)
    let balance: Number?
    do throws(ProviderFailure) {
      balance = try provider.balance(of: customer)
    } catch {
      let wait = backoff.fail(world.random)
      let rest = error.retryAfterSeconds.map { $0 * 1_000 } ?? 0
      pausedUntil = world.now().adding(milliseconds: rest + wait)
      return .failed(error.reason)
    }
    backoff.succeed()
    guard let balance else { return .unknown }
    var change = CustomerChange(id: customer, cause: "read", at: asked)
    change.balance = Known(balance, at: asked, source: "read")
    change.settledBefore = asked.adding(milliseconds: -Self.settlingMilliseconds)
    guard case .refused(let refusal)? = try commit([.customer(change)]).first else {
      return .told(balance)
    }
    return .failed("the balance cannot be stored: \(refusal)")
  }
}
