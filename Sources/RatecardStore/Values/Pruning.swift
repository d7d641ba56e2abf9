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
  /// Reservations that ended before then.
  ///
  /// Their ids are forgotten too: the same reservation would hold credits again.
  public var reservationsBefore: Instant?
  /// What is noted of usage that was shipped before then.
  ///
  /// No balance of an earlier moment may come as the latest one later on: a provider's webhook may
  /// be two days late.
  public var shippedBefore: Instant?
  /// How many of each kind go at most in one call.
  public var limit: Int

  /// Makes bounds.
  public init(
    cardsUsedBefore: Instant? = nil, usageBefore: Instant? = nil, webhooksBefore: Instant? = nil,
    noticesBefore: Instant? = nil, tierChangesBefore: Instant? = nil,
    reservationsBefore: Instant? = nil, shippedBefore: Instant? = nil, limit: Int = 1000
  ) {
    self.cardsUsedBefore = cardsUsedBefore
    self.usageBefore = usageBefore
    self.webhooksBefore = webhooksBefore
    self.noticesBefore = noticesBefore
    self.tierChangesBefore = tierChangesBefore
    self.reservationsBefore = reservationsBefore
    self.shippedBefore = shippedBefore
    self.limit = limit
  }
}
