internal import RatecardBilling
internal import Ratecard
internal import RatecardJSON
internal import RatecardStore
internal import RatecardValues

/// Where notices are posted.
package struct NoticeOptions: Sendable {
  /// The address.
  package var url: String
  /// The secrets that they are signed with, a comma between them.
  package var secrets: String

  /// Makes options.
  package init(url: String, secrets: String) {
    self.url = url
    self.secrets = secrets
  }
}

/// The thread that posts notices.
final class Posting: Sendable {
  private let isStopped = Signal(false)
  private let hasEnded = Signal(false)

  init(store: Store, url: String, keys: WebhookKeys, log: ServiceLog, shard: MetricsShard) {
    let (isStopped, hasEnded) = (isStopped, hasEnded)
    _ = ServiceThread {
      defer { hasEnded.change { $0 = true } }
      let options = NoticePoster.Options(url: url, owner: Shipping.owner())
      let limits = HTTPClient.Limits(
        totalMilliseconds: Int(options.callMilliseconds), responseBytes: 64 << 10)
      let poster = NoticePoster(
        store: store, keys: keys, options: options, now: { .present },
        transport: HTTPClient.transport(limits: limits))
      var lastFailure: String?
      var next = Instant.present
      while !Shipping.isEnded(isStopped, before: next) {
        var failure: String?
        var isBack = false
        do throws(StoreFailure) {
          let report = try poster.step()
          next = report.next
          shard.count(.noticesPosted, report.posted)
          shard.count(.noticesPostponed, report.postponed)
          shard.count(.noticesDead, report.dead)
          failure = report.failure
          isBack = report.posted > 0
        } catch {
          failure = error.description
          next = Instant.present.later(milliseconds: 1_000)
        }
        // A receiver that is down is told of once, and again when it is back.
        if let failure, failure != lastFailure {
          log(.warning, "posting_failed") { $0.member("message", failure) }
          lastFailure = failure
        } else if failure == nil, isBack, lastFailure != nil {
          log(.info, "posting_recovered")
          lastFailure = nil
        }
      }
    }
  }

  /// Ends after the round at hand, or leaves that behind: its notices stay leased, and are posted again.
  func stop(withinMilliseconds patience: Int64) {
    isStopped.change { $0 = true }
    _ = hasEnded.wait(milliseconds: patience) { $0 ? true : nil }
  }
}
