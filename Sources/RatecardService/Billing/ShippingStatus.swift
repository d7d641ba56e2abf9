internal import RatecardBilling
internal import RatecardJSON
internal import RatecardValues
internal import Synchronization

/// Whether the billing provider takes usage at present.
final class ShippingStatus: Sendable {
  /// Why it takes none.
  struct Trouble: Sendable {
    var since: Instant
    var failure: ProviderFailure
    var retryAt: Instant
  }

  private let state = Mutex<Trouble?>(nil)

  /// Why it takes none; nil: it does, as far as is known.
  var trouble: Trouble? { state.withLock { $0 } }

  /// Takes note of a round.
  func note(_ report: ShippingReport, now: Instant) {
    state.withLock { trouble in
      if let failure = report.failure {
        trouble = Trouble(
          since: trouble?.since ?? now, failure: failure, retryAt: report.next)
      } else if report.shipped > 0 || report.dead > 0 {
        trouble = nil
      }
    }
  }

  func write(to json: inout JSONWriter) {
    let trouble = trouble
    json.beginObject()
    json.member("failing", trouble != nil)
    if let trouble {
      json.member("since", trouble.since.description)
      json.member("message", trouble.failure.reason)
      if let remedy = trouble.failure.remedy { json.member("help", remedy) }
      json.member("next_attempt_at", trouble.retryAt.description)
    }
    json.endObject()
  }
}
