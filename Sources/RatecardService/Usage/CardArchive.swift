internal import Ratecard
internal import RatecardDiagnostics
internal import RatecardStore
internal import RatecardValues
internal import Synchronization

/// The cards that usage may name, by their versions: in the store, the latest in memory too.
final class CardArchive: Sendable {
  /// At least so many cards stay in memory, and at most.
  private static let counts = 3...64
  /// How many bytes the files of those beyond the least may have together; loaded they take many times
  /// that.
  private static let byteLimit = 4 << 20

  private struct Memory: Sendable {
    /// The cards that were asked for last, the latest first.
    var recent: [RateCard] = []
    /// Versions that were kept by a program of another version, and do not load in this one.
    var unloadable: [String] = []
  }

  private let store: Store
  private let memory = Mutex(Memory())
  /// Held while a card is loaded, so that the same is not loaded twice, nor many at once.
  private let loading = Mutex(())
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

  /// A card, or why there is none.
  enum Finding: Sendable {
    case card(RateCard)
    /// It is not kept, or not any more.
    case unknown
    /// It would have to be loaded, and the request has had as many loaded as it may.
    case tooMany
  }

  /// The card of a version.
  func card(_ version: String, _ loads: CardLoads) throws(StoreFailure) -> Finding {
    if let finding = remembered(version) { return finding }
    guard loads.take() else { return .tooMany }
    return try loading.withLock { _ throws(StoreFailure) in
      // Somebody else may have loaded it meanwhile.
      if let finding = remembered(version) { return finding }
      guard let source = try store.card(version) else { return .unknown }
      let files = source.files.map { SourceFile(path: $0.path, bytes: $0.bytes) }
      // What has loaded loads again, unless a program of another version wrote it.
      guard let card = RateCard.load(files: files).card, card.version == version else {
        memory.withLock { memory in
          memory.unloadable.append(version)
          if memory.unloadable.count > Self.counts.upperBound { memory.unloadable.removeFirst() }
        }
        return .unknown
      }
      remember(card)
      return .card(card)
    }
  }

  private func remembered(_ version: String) -> Finding? {
    memory.withLock { memory in
      if let place = memory.recent.firstIndex(where: { $0.version == version }) {
        let card = memory.recent.remove(at: place)
        memory.recent.insert(card, at: 0)
        return .card(card)
      }
      return memory.unloadable.contains(version) ? .unknown : nil
    }
  }

  private func remember(_ card: RateCard) {
    memory.withLock { memory in
      memory.recent.removeAll { $0.version == card.version }
      memory.recent.insert(card, at: 0)
      var bytes = 0
      var count = 0
      for card in memory.recent {
        bytes += card.files.reduce(0) { $0 + $1.bytes.count }
        guard count < Self.counts.lowerBound || bytes <= Self.byteLimit else { break }
        count += 1
      }
      memory.recent.removeLast(memory.recent.count - min(count, Self.counts.upperBound))
    }
  }
}

/// How many cards may still be loaded for one request: loading a large one takes a while.
final class CardLoads {
  /// For a request that a server's thread answers: others wait for it meanwhile.
  static func none() -> CardLoads { CardLoads(limit: 0) }
  /// For a request that a worker answers.
  static func many() -> CardLoads { CardLoads(limit: 64) }

  private var left: Int
  /// Whether more were asked for.
  private(set) var isExceeded = false

  init(limit: Int) { left = limit }

  /// Takes one; false: there were enough.
  fileprivate func take() -> Bool {
    guard left > 0 else {
      isExceeded = true
      return false
    }
    left -= 1
    return true
  }
}
