public import RatecardValues

/// An event on its way to the provider.
public struct OutboxEvent: Hashable, Sendable {
  /// What becomes of it next.
  public enum State: Hashable, Sendable {
    /// It is due at that time; while a shipper holds it, that is when its lease ends.
    case waiting(until: Instant)
    /// It is not tried again unless someone says so; why.
    case dead(reason: String)
  }

  /// Where it stands in the outbox; the next page begins after the last one's.
  public var sequence: Int64
  /// The event.
  public var event: UsageEvent
  /// What becomes of it next.
  public var state: State
  /// The shipper that holds it.
  public var owner: String?
  /// How often a shipper has taken it.
  public var attempts: Int
  /// Whether an attempt may have reached the provider, so that it must be looked up there first.
  public var isFateUnknown: Bool
  /// Why the last attempt failed.
  public var lastFailure: String?
}

/// What came of an attempt to ship an event.
public struct Shipment: Hashable, Sendable {
  /// The result of an attempt.
  public enum Result: Hashable, Sendable {
    /// The provider has had it since then at the latest; true whoever holds the event by now.
    case shipped(at: Instant)
    /// The provider does not have it.
    case failed(reason: String, retryAt: Instant)
    /// The provider may have it.
    case fateUnknown(reason: String, retryAt: Instant)
    /// The provider does not have it and never will, as it stands.
    case dead(reason: String)
  }

  /// The event's place in the outbox.
  public var sequence: Int64
  /// The shipper that holds it.
  public var owner: String
  /// What came of it.
  public var result: Result

  /// Makes a shipment.
  public init(sequence: Int64, owner: String, result: Result) {
    self.sequence = sequence
    self.owner = owner
    self.result = result
  }
}

/// How much there is to ship, and what will not ship.
public struct OutboxSummary: Hashable, Sendable {
  /// How many events wait to be shipped.
  public var depth: Int
  /// When the one that waits longest was recorded.
  public var oldest: Instant?
  /// How many events are dead: the provider refused them.
  public var dead: Int
  /// How many dead letters there are: usage that no rule prices.
  public var deadLetters: Int
}
