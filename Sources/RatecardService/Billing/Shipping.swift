internal import Ratecard
internal import RatecardBilling
internal import RatecardJSON
internal import RatecardStore
internal import RatecardValues

/// The thread that ships the outbox to the billing provider.
final class Shipping: Sendable {
  /// Whether the provider takes usage.
  let status: ShippingStatus
  private let isStopped: Signal<Bool>
  private let hasEnded: Signal<Bool>

  init(
    accounts: ProviderAccounts, late: LatePolicy, live: LiveRateCard, log: ServiceLog,
    shard: MetricsShard, status: ShippingStatus
  ) {
    self.status = status
    let isStopped = Signal(false)
    self.isStopped = isStopped
    let hasEnded = Signal(false)
    self.hasEnded = hasEnded
    _ = ServiceThread {
      defer { hasEnded.change { $0 = true } }
      let provider = accounts.makeProvider()
      let shipper = Shipper(
        store: accounts.store, provider: provider, options: .init(owner: Self.owner(), late: late),
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
          status.note(report, now: .present)
          // A provider that is down is told of once, and again when it is back.
          let reason = report.failure?.reason
          if reason != lastFailure, reason != nil || report.shipped > 0 {
            Self.tell(reason, report.failure?.remedy, log)
            lastFailure = reason
          }
        } catch {
          if error.description != lastFailure { Self.tell(error.description, nil, log) }
          lastFailure = error.description
          next = Instant.present.later(milliseconds: 1_000)
        }
      }
    }
  }

  /// Waits until a time; whether the service ended before it.
  ///
  /// It looks at the clock each second, which may be set: when it went back, the wait is over.
  static func isEnded(_ isStopped: Signal<Bool>, before time: Instant) -> Bool {
    var now = Instant.present
    while true {
      let wait = (time.nanoseconds - now.nanoseconds + 999_999) / 1_000_000
      let milliseconds = Int64(clamping: max(0, min(wait, 1_000)))
      if isStopped.wait(milliseconds: milliseconds, { $0 ? true : nil }) != nil { return true }
      let last = now
      now = .present
      if now >= time || now < last { return false }
    }
  }

  private static func tell(_ failure: String?, _ remedy: String?, _ log: ServiceLog) {
    if let failure {
      // What nobody mends stays so.
      log(remedy == nil ? .warning : .error, "shipping_failed") { json in
        json.member("message", failure)
        if let remedy { json.member("help", remedy) }
      }
    } else {
      log(.info, "shipping_recovered")
    }
  }

  /// A text that no other shipper has.
  static func owner() -> String {
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
