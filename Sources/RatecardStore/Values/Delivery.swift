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

  /// The way an event goes to the provider, once that is settled.
  public enum Way: String, Hashable, Sendable, CaseIterable {
    /// To the meter, with others.
    case meter
    /// Its credits are taken from the customer's ledger; it never goes to the meter any more.
    case ledger
    /// It was held for a person: whoever tries it again wants it sent to the meter, late as it is.
    case held
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
  /// The same as a code.
  public var code: DeliveryCode?
  /// Which way it goes.
  public var way: Way
}

/// Why something was not delivered, as a code that tools can look for.
public enum DeliveryCode: String, Hashable, Sendable, CaseIterable {
  /// It was not taken yet, and is tried again.
  case notTaken = "not_taken"
  /// It may have been taken; it is looked up before it goes another way.
  case fateUnknown = "fate_unknown"
  /// The provider does not take it as it stands.
  case refused
  /// It is too old for the provider, and a person is to decide.
  case held
  /// Its cost has more digits than a number can have.
  case overflow
  /// A notice that was not taken for too long.
  case undelivered
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
  /// Why it failed; nil: shipped.
  public var code: DeliveryCode?
  /// Which way the event goes from now on.
  public var way: OutboxEvent.Way
  /// Of a notice whether it was tried; the others of its round may have been left for later.
  public var wasTried = true

  /// Makes a shipment; what the provider never takes is `refused` unless said otherwise.
  public init(
    sequence: Int64, owner: String, result: Result, code: DeliveryCode? = nil,
    way: OutboxEvent.Way = .meter
  ) {
    self.sequence = sequence
    self.owner = owner
    self.result = result
    self.way = way
    self.code =
      switch result {
      case .shipped: nil
      case .failed: code ?? .notTaken
      case .fateUnknown: code ?? .fateUnknown
      case .dead: code ?? .refused
      }
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
  /// How many dead letters there are: usage that no rule prices, and webhooks without sense.
  public var deadLetters: Int
  /// How many notices wait to be posted.
  public var notices = 0
  /// How many notices were given up.
  public var deadNotices = 0
}
