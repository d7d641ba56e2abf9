internal import RatecardStore
internal import RatecardValues

/// Forgets what the store need not know any more, a little at a time, until nothing old is left.
///
/// Each step is one short transaction, for which others wait.
struct Forgetting {
  private let store: Store
  private let keptCardDays: Int
  private let limit: Int
  /// Whether the last step left something to do.
  private(set) var isUnderWay = false

  /// Makes one that takes at most so many of each kind in a step.
  init(store: Store, keptCardDays: Int, limit: Int = 250) {
    self.store = store
    self.keptCardDays = keptCardDays
    self.limit = limit
  }

  /// Forgets some of what is old.
  mutating func step(now: Instant) throws(StoreFailure) {
    func daysAgo(_ days: Int) -> Instant {
      Instant(seconds: max(0, now.seconds - Int64(days) * 86_400)) ?? .earliest
    }
    let count = try store.prune(
      Pruning(
        cardsUsedBefore: daysAgo(keptCardDays), webhooksBefore: daysAgo(28),
        reservationsBefore: daysAgo(keptCardDays), shippedBefore: daysAgo(2), limit: limit))
    isUnderWay = count > 0
  }
}
