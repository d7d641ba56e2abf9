internal import Ratecard
internal import RatecardDiagnostics
internal import RatecardStore
internal import RatecardValues
internal import Synchronization

/// The cards that usage may name, by their versions: in the store, the latest in memory too.
final class CardArchive: Sendable {
  private static let limit = 3
  private let store: Store
  /// The cards that were asked for last, the latest first.
  private let recent = Mutex<[RateCard]>([])

  init(store: Store) { self.store = store }

  /// Keeps a card, so that what it decides can be priced whatever comes after it.
  func keep(_ card: RateCard, at now: Instant) throws(StoreFailure) {
    remember(card)
    let files = card.files.map { CardSource.File(path: $0.path, bytes: $0.bytes) }
    _ = try store.commit([
      .card(CardSource(version: card.version, name: card.name, files: files, usedAt: now))
    ])
  }

  /// The card of a version; nil: it is not kept, or not any more.
  func card(_ version: String) throws(StoreFailure) -> RateCard? {
    if let card = recent.withLock({ $0.first { $0.version == version } }) { return card }
    guard let source = try store.card(version) else { return nil }
    let files = source.files.map { SourceFile(path: $0.path, bytes: $0.bytes) }
    // What has loaded loads again, unless a program of another version wrote it.
    guard let card = RateCard.load(files: files).card, card.version == version else { return nil }
    remember(card)
    return card
  }

  private func remember(_ card: RateCard) {
    recent.withLock { recent in
      recent.removeAll { $0.version == card.version }
      recent.insert(card, at: 0)
      if recent.count > Self.limit { recent.removeLast() }
    }
  }
}
