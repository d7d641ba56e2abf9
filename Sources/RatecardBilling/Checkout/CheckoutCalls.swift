internal import Glibc
public import Ratecard
internal import RatecardModel
public import RatecardValues

/// Makes sessions in which someone buys a plan.
///
/// A provider makes a session each time it is asked and knows no idempotency key, so what is tried
/// again is told apart:
///
/// - **surely not taken, and passing**: no connection came about, or the provider answered that it
///   wants fewer calls. Nothing was made, so it is tried again for some seconds.
/// - **refused, or not taken for longer**: what was asked for, or the key, is at fault. Trying again
///   changes nothing.
/// - **of unknown fate**: no answer, half of one, or one that may come from a gateway on the way. A
///   session may have been made, whose page nobody was told of and which ends by itself. Only who
///   asked knows whether the buyer still waits, so it is told, and does with that what it likes.
public struct CheckoutCalls {
  /// What the world is to it.
  public struct World {
    /// Tells the time.
    public var now: () -> Instant
    /// Waits until a time.
    public var wait: (Instant) -> Void
    /// A number of a range, at random.
    public var random: (ClosedRange<Int64>) -> Int64

    /// Makes a world.
    public init(
      now: @escaping () -> Instant, wait: @escaping (Instant) -> Void,
      random: @escaping (ClosedRange<Int64>) -> Int64 = { Int64.random(in: $0) }
    ) {
      self.now = now
      self.wait = wait
      self.random = random
    }

    /// The clock on the wall, on a thread that may sleep.
    public static var real: World {
      World(
        now: { .now() },
        wait: { time in
          let wait = (time.nanoseconds - Instant.now().nanoseconds) / 1_000
          if wait > 0 { usleep(UInt32(clamping: wait)) }
        })
    }
  }

  private static let attempts = 4
  private static let firstPauseMilliseconds: Int64 = 250
  /// After that nobody looks at the page any more.
  private static let patienceMilliseconds: Int64 = 4_000

  private let provider: any BillingProvider
  private let world: World

  /// Makes one for a provider.
  public init(_ provider: any BillingProvider, world: World) {
    self.provider = provider
    self.world = world
  }

  /// Makes a session in which a plan of a card is bought.
  ///
  /// A buyer with a `customer` is registered first: so usage of that id has someone to be sent
  /// for, and the webhooks that follow find the customer, whichever comes first.
  public func session(
    for request: CheckoutRequest, of card: RateCard, lock: ProviderLock?
  ) throws(CheckoutFailure) -> CheckoutSession {
    var order = try request.order(card, PlanProducts(card.model, lock))
    do throws(ProviderFailure) {
      if let customer = request.customer {
        let registration = CustomerRegistration(
          id: customer, email: request.email, name: request.name)
        let id = try persist(isRepeatable: true) { () throws(ProviderFailure) in
          try provider.register(registration)
        }
        order.buyer = .customer(id: id)
        order.metadata = CustomerMark.metadata(of: customer)
      }
      return try persist(isRepeatable: false) { [order] () throws(ProviderFailure) in
        try provider.checkout(order)
      }
    } catch {
      throw .provider(error)
    }
  }

  /// Makes a call, and again as far as that can do no harm and may help.
  private func persist<Answer>(
    isRepeatable: Bool, _ call: () throws(ProviderFailure) -> Answer
  ) throws(ProviderFailure) -> Answer {
    let end = world.now().adding(milliseconds: Self.patienceMilliseconds)
    var attempt = 1
    while true {
      let failure: ProviderFailure
      let ready = provider.readyAt(world.now())
      if ready > end { throw closed(until: ready) }
      if ready > world.now() { world.wait(ready) }
      do throws(ProviderFailure) { return try call() } catch { failure = error }
      let mayHelp =
        switch failure.kind {
        case .refused: false
        case .notTaken: failure.isPassing
        case .fateUnknown: isRepeatable
        }
      let bound = Self.firstPauseMilliseconds << Int64(attempt)
      let pause = max((failure.retryAfterSeconds ?? 0) * 1_000, world.random(0...bound))
      let next = world.now().adding(milliseconds: pause)
      guard mayHelp, attempt < Self.attempts, next <= end else { throw failure }
      attempt += 1
      world.wait(next)
    }
  }

  private func closed(until ready: Instant) -> ProviderFailure {
    let seconds = max(1, ready.seconds - world.now().seconds)
    return ProviderFailure(
      .notTaken, "its limits allow no call for \(seconds) s", retryAfterSeconds: seconds,
      isPassing: true)
  }
}

extension ProviderFailure {
  /// What became of a checkout, and what to do now.
  public var advice: String {
    switch kind {
    case .refused: "the billing provider refuses this: \(reason)"
    case .notTaken:
      "the billing provider has not taken this, and nothing was made: \(reason)"
        + (isPassing ? "; ask again later" : "")
    case .fateUnknown:
      "it is not known whether the billing provider made a session: \(reason); asking again makes "
        + "another and harms nobody, for nobody has the first one's page, and it expires in 24 hours"
    }
  }
}
