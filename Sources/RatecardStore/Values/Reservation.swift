public import RatecardValues

/// Credits held for a customer until what was used is known.
public struct Reservation: Hashable, Sendable {
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
  /// What tells this content from another under the same id.
  public var fingerprint: [UInt8]

  /// Makes a reservation.
  public init(
    id: String, customer: String, amount: Number, at: Instant, expiresAt: Instant, detail: String,
    fingerprint: [UInt8]
  ) {
    self.id = id
    self.customer = customer
    self.amount = amount
    self.at = at
    self.expiresAt = expiresAt
    self.detail = detail
    self.fingerprint = fingerprint
  }
}

extension Reservation {
  /// Which balance a reservation takes; one that holds nothing takes any.
  public struct Requirement: Hashable, Sendable {
    /// The available balance that a reservation was worked out with.
    public enum Basis: Hashable, Sendable {
      /// It does not depend on the balance.
      case any
      /// This must still be available, or the reservation is worked out anew; nil: not known.
      case available(Number?)
    }

    /// The least that may be available afterwards; nil: whatever.
    public var floor: Number?
    /// Whether the balance must be known.
    public var needsBalance: Bool
    /// The balance that it was worked out with.
    public var basis: Basis

    /// Makes a requirement.
    public init(floor: Number?, needsBalance: Bool, basis: Basis = .any) {
      self.floor = floor
      self.needsBalance = needsBalance
      self.basis = basis
    }

    /// The available balance must cover the amount.
    public static let covered = Requirement(floor: .zero, needsBalance: true)
    /// As `covered`, where a balance is known; where none is, the amount is held.
    public static let coveredIfKnown = Requirement(floor: .zero, needsBalance: false)
    /// The amount is held whatever the balance.
    public static let nothing = Requirement(floor: nil, needsBalance: false)
  }

  /// How a reservation ended.
  public enum Ending: String, Hashable, Sendable, CaseIterable {
    /// What was used took its place.
    case settled
    /// Somebody let it go.
    case released
    /// Its time was over.
    case expired
  }

  /// A reservation that holds nothing any more.
  public struct Ended: Hashable, Sendable {
    /// What it was.
    public var reservation: Reservation
    /// How it ended.
    public var ending: Ending
    /// When that was noticed.
    public var at: Instant

    /// Makes an ended reservation.
    public init(reservation: Reservation, ending: Ending, at: Instant) {
      self.reservation = reservation
      self.ending = ending
      self.at = at
    }
  }

  /// Usage that was recorded for a reservation.
  public struct Settlement: Hashable, Sendable {
    /// The usage.
    public var event: UsageEvent
    /// Whether the same usage was recorded before.
    public var isRepeated: Bool
    /// How the reservation ended, now or earlier; nil: none of that id is remembered.
    public var ended: Ended?

    /// Makes a settlement.
    public init(event: UsageEvent, isRepeated: Bool, ended: Ended? = nil) {
      self.event = event
      self.isRepeated = isRepeated
      self.ended = ended
    }
  }
}
