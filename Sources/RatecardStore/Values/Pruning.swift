public import RatecardValues

/// What may be forgotten; whatever is nil is kept.
public struct Pruning: Hashable, Sendable {
  /// Cards that were last used before then, but for the one used last of all.
  public var cardsUsedBefore: Instant?
  /// Usage recorded before then that has been shipped or need not be.
  ///
  /// Its ids are forgotten too: the same event would count again.
  public var usageBefore: Instant?
  /// Webhooks that came before then.
  ///
  /// A provider may send one again for weeks; what is younger than three must be kept.
  public var webhooksBefore: Instant?
  /// Notices before then.
  public var noticesBefore: Instant?
  /// Changes of tiers before then.
  public var tierChangesBefore: Instant?
  /// Reservations that expired before then let go of their credits.
  public var reservationsExpiredBefore: Instant?
  /// How many of each kind go at most in one call.
  public var limit: Int

  /// Makes bounds.
  public init(
    cardsUsedBefore: Instant? = nil, usageBefore: Instant? = nil, webhooksBefore: Instant? = nil,
    noticesBefore: Instant? = nil, tierChangesBefore: Instant? = nil,
    reservationsExpiredBefore: Instant? = nil, limit: Int = 1000
  ) {
    self.cardsUsedBefore = cardsUsedBefore
    self.usageBefore = usageBefore
    self.webhooksBefore = webhooksBefore
    self.noticesBefore = noticesBefore
    self.tierChangesBefore = tierChangesBefore
    self.reservationsExpiredBefore = reservationsExpiredBefore
    self.limit = limit
  }
}
