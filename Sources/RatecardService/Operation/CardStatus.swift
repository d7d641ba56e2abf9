internal import Ratecard
internal import RatecardDiagnostics
internal import RatecardJSON
internal import RatecardValues
internal import Synchronization

/// Which card answers, and what came of the last attempt to load another.
final class CardStatus: Sendable {
  private struct Facts: Sendable {
    var loadedAt: Instant
    var failedAt: Instant?
    var failure: LiveRateCard.Change?
  }

  private let facts: Mutex<Facts>

  init(loadedAt: Instant) { facts = Mutex(Facts(loadedAt: loadedAt)) }

  /// When the card that answers was loaded.
  var loadedAt: Instant { facts.withLock { $0.loadedAt } }
  /// Whether the last attempt to load a card failed.
  var hasFailed: Bool { facts.withLock { $0.failure != nil } }

  func note(_ change: LiveRateCard.Change, at now: Instant) {
    facts.withLock { facts in
      switch change {
      case .loaded:
        facts.loadedAt = now
        facts.failedAt = nil
        facts.failure = nil
      case .found: break
      case .refused, .unreadable:
        facts.failedAt = now
        facts.failure = change
      }
    }
  }

  /// Describes the card, and the failure after it.
  func write(_ card: RateCard, to json: inout JSONWriter) {
    let facts = facts.withLock { $0 }
    json.beginObject()
    json.member("name", card.name)
    json.member("version", card.version)
    json.member("loaded_at", facts.loadedAt.description)
    json.key("files")
    json.beginArray()
    for file in card.files { json.string(file.path) }
    json.endArray()
    if let failure = facts.failure, let failedAt = facts.failedAt {
      json.key("failed_reload")
      json.beginObject()
      json.member("at", failedAt.description)
      Self.write(failure, to: &json)
      json.endObject()
    }
    json.endObject()
  }

  /// The first error where a person reads no further, and how many there are.
  private static func summary(_ report: Report) -> String {
    let errors = report.diagnostics.filter { $0.severity == .error }
    guard let first = errors.first else { return "the card is refused" }
    let text = TextRenderer(showsSource: false).render([first], files: report.files)
    let line = text.prefix { $0 != "\n" }
    return errors.count == 1 ? String(line) : "\(line), and \(errors.count - 1) more"
  }

  /// Writes why a card was not loaded: `message` and `diagnostics`.
  static func write(_ failure: LiveRateCard.Change, to json: inout JSONWriter) {
    switch failure {
    case .loaded, .found: break
    case .unreadable(let failure): json.member("message", failure.description)
    case .refused(let report):
      json.member("message", summary(report))
      json.key("diagnostics")
      JSONRenderer.write(report.diagnostics, files: report.files, to: &json)
    }
  }
}
