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
  /// The latest cards that the store did not take.
  private let rest = Mutex<[CardSource]>([])
  private static let restLimit = 16

  init(store: Store) { self.store = store }

  /// Keeps a card, so that what it decides can be priced whatever comes after it.
  ///
  /// Where the store fails the card is kept by `keepRest`, once the store is well again.
  func keep(_ card: RateCard, at now: Instant) throws(StoreFailure) {
    remember(card)
    let files = card.files.map { CardSource.File(path: $0.path, bytes: $0.bytes) }
    let source = CardSource(version: card.version, name: card.name, files: files, usedAt: now)
    do throws(StoreFailure) {
      _ = try store.commit([.card(source)])
    } catch {
      rest.withLock { rest in
        rest.removeAll { $0.version == source.version }
        rest.append(source)
        if rest.count > Self.restLimit { rest.removeFirst() }
      }
      throw error
    }
  }

  /// Keeps the cards that answered while the store failed.
  func keepRest() throws(StoreFailure) {
    let sources = rest.withLock { $0 }
    if sources.isEmpty { return }
    _ = try store.commit(sources.map { .card($0) })
    rest.withLock { rest in rest.removeAll { sources.contains($0) } }
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
