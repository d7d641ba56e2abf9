public import RatecardValues

/// What a round of a shipper did.
public struct ShippingReport: Hashable, Sendable {
  /// When to come again.
  public var next: Instant
  /// How many events the provider has now.
  public var shipped = 0
  /// How many are tried again.
  public var postponed = 0
  /// How many are dead.
  public var dead = 0
  /// Why the provider takes nothing at present; the first reason of the round.
  public var failure: ProviderFailure?

  /// Makes a report on a round that did nothing.
  public init(next: Instant) { self.next = next }
}
