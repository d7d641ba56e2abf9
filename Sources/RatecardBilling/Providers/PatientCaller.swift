internal import Glibc
internal import Ratecard
public import RatecardValues

/// Makes calls to a provider, and again as far as that can do no harm and may help.
public struct PatientCaller {
  /// What the world is to a caller.
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

  private let world: World
  private let patienceMilliseconds: Int64

  /// Makes a caller that goes on for so long with each call.
  public init(world: World, patienceMilliseconds: Int64) {
    self.world = world
    self.patienceMilliseconds = patienceMilliseconds
  }

  /// Makes a call once the provider's limits allow it; `isRepeatable`: one of unknown fate may be
  /// made again.
  func call<Answer>(
    _ readyAt: (Instant) -> Instant, isRepeatable: Bool,
    _ call: () throws(ProviderFailure) -> Answer
  ) throws(ProviderFailure) -> Answer {
    let end = world.now().adding(milliseconds: patienceMilliseconds)
    var attempt = 1
    while true {
      let failure: ProviderFailure
      let ready = readyAt(world.now())
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
