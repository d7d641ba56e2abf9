public import RatecardValues

/// Credits held for a customer until what was used is known.
public struct Reservation: Hashable, Sendable {
  /// Which balance a reservation takes.
  public enum Requirement: Hashable, Sendable {
    /// The available balance must cover the amount.
    case covered
    /// As `covered`, where a balance is known; where none is, the amount is held.
    case coveredIfKnown
    /// The amount is held whatever the balance.
    case nothing
  }

  /// The client's id for it.
  public var id: String
  /// The customer.
  public var customer: String
  /// How much is held; not below zero.
  public var amount: Number
  /// When it was made.
  public var at: Instant
  /// When it lets go by itself.
  public var expiresAt: Instant
  /// Whatever the service keeps with it, such as the decision.
  public var detail: String

  /// Makes a reservation.
  public init(
    id: String, customer: String, amount: Number, at: Instant, expiresAt: Instant, detail: String
  ) {
    self.id = id
    self.customer = customer
    self.amount = amount
    self.at = at
    self.expiresAt = expiresAt
    self.detail = detail
  }
}
