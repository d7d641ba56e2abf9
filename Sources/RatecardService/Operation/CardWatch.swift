internal import Ratecard
internal import RatecardDiagnostics
internal import RatecardJSON
internal import RatecardReplay
internal import RatecardStore
internal import RatecardValues

/// What happens when the card's folder changes.
final class CardWatch: Sendable {
  /// Which card answers, and what came of the last attempt to load another.
  let status = CardStatus(loadedAt: .present)
  private let archive: CardArchive
  private let log: ServiceLog
  private let shard: MetricsShard

  init(archive: CardArchive, log: ServiceLog, shard: MetricsShard) {
    self.archive = archive
    self.log = log
    self.shard = shard
  }

  /// What a card must pass before it answers: its guards and its own tests.
  var admission: LiveRateCard.Admission {
    LiveRateCard.Admission(provesGuards: true) { [self] card in
      let report = card.failingTests()
      if !report.hasErrors { keep(card) }
      return report
    }
  }

  /// Keeps a card before it decides anything; without the store it decides all the same, and is
  /// kept later.
  private func keep(_ card: RateCard) {
    do throws(StoreFailure) {
      try archive.keep(card, at: .present)
    } catch {
      let text = error.description
      log(.error, "card_not_kept") { $0.member("message", text) }
    }
  }

  /// Tells of a change.
  func changed(_ change: LiveRateCard.Change) {
    // First, so that whoever has read the log finds what it says.
    status.note(change, at: .present)
    switch change {
    case .loaded(let card, _):
      shard.count(.reloadsLoaded)
      log(.info, "reloaded") { json in
        json.member("ratecard", card.name)
        json.member("version", card.version)
      }
    case .refused:
      shard.count(.reloadsRefused)
      log(.error, "reload_failed") { CardStatus.write(change, to: &$0) }
    case .unreadable:
      shard.count(.reloadsUnreadable)
      log(.error, "reload_failed") { CardStatus.write(change, to: &$0) }
    case .found(let card, let report):
      guard !report.diagnostics.isEmpty else { return }
      log(.warning, "findings") { json in
        json.member("version", card.version)
        json.key("diagnostics")
        JSONRenderer.write(report.diagnostics, files: report.files, to: &json)
      }
    }
  }
}
