internal import Ratecard
internal import RatecardBilling
internal import RatecardJSON
internal import RatecardStore
internal import RatecardValues

/// The thread that ships the outbox to the billing provider.
final class Shipping: Sendable {
  private let isStopped: Signal<Bool>
  private let hasEnded: Signal<Bool>

  init(
    store: Store, billing: BillingOptions, webhooks: any WebhookReader, limiter: RateLimiter,
    late: LatePolicy,
    live: LiveRateCard, log: ServiceLog, shard: MetricsShard
  ) {
    let isStopped = Signal(false)
    self.isStopped = isStopped
    let hasEnded = Signal(false)
    self.hasEnded = hasEnded
    _ = ServiceThread {
      defer { hasEnded.change { $0 = true } }
      let provider = billing.makeProvider(webhooks: webhooks, limiter: limiter)
      let shipper = Shipper(
        store: store, provider: provider, options: .init(owner: Self.owner(), late: late),
        world: .init(
          now: { .present }, wait: { !Self.isEnded(isStopped, before: $0) },
          meter: { MeterTerms(live.current.model) }))
      var lastFailure: String?
      var next = Instant.present
      while !Self.isEnded(isStopped, before: next) {
        do throws(StoreFailure) {
          let report = try shipper.step()
          next = report.next
          shard.count(.shipped, report.shipped)
          shard.count(.shipmentsPostponed, report.postponed)
          shard.count(.shipmentsDead, report.dead)
          // A provider that is down is told of once, and again when it is back.
          if report.failure != lastFailure, report.failure != nil || report.shipped > 0 {
            Self.tell(report.failure, log)
            lastFailure = report.failure
          }
        } catch {
          if error.description != lastFailure { Self.tell(error.description, log) }
          lastFailure = error.description
          next = Instant.present.later(milliseconds: 1_000)
        }
      }
    }
  }

  /// Waits until a time; whether the service ended before it.
  private static func isEnded(_ isStopped: Signal<Bool>, before time: Instant) -> Bool {
    let wait = (time.nanoseconds - Instant.present.nanoseconds) / 1_000_000
    let milliseconds = Int64(clamping: max(0, min(wait, 60_000)))
    return isStopped.wait(milliseconds: milliseconds) { $0 ? true : nil } ?? false
  }

  private static func tell(_ failure: String?, _ log: ServiceLog) {
    if let failure {
      log(.warning, "shipping_failed") { $0.member("message", failure) }
    } else {
      log(.info, "shipping_recovered")
    }
  }

  /// A text that no other shipper has.
  private static func owner() -> String {
    Hexadecimal.digits((0..<12).map { _ in UInt8.random(in: .min ... .max) })
  }

  /// Ends after the round at hand; false: that is left behind.
  ///
  /// Its events stay leased then, and whoever ships next looks them up first.
  func stop(withinMilliseconds patience: Int64) -> Bool {
    isStopped.change { $0 = true }
    return hasEnded.wait(milliseconds: patience) { $0 ? true : nil } ?? false
  }
}

extension Instant {
  /// The instant so much later.
  func later(milliseconds: Int64) -> Instant {
    Instant(nanoseconds: nanoseconds + Int128(milliseconds) * 1_000_000) ?? .latest
  }
}
