public import RatecardValues

/// What of the outbox is asked for; whatever is nil does not matter.
public struct OutboxFilter: Hashable, Sendable {
  /// What becomes of an entry.
  public enum State: String, Hashable, Sendable, CaseIterable {
    /// It is tried by itself.
    case waiting
    /// It is left to a person.
    case dead
  }

  /// What becomes of it.
  public var state: State?
  /// Why it is still there, as a code: a `DeliveryCode`, or a dead letter's.
  public var code: String?
  /// Whose it is.
  public var customer: String?

  /// Makes a filter.
  public init(state: State? = nil, code: String? = nil, customer: String? = nil) {
    self.state = state
    self.code = code
    self.customer = customer
  }
}

/// An entry of the outbox in short, of bounded size: without what was used and sent.
public struct OutboxEntry: Hashable, Sendable {
  /// What it is.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// Usage with a price.
    case event
    /// Usage without one, or a webhook that made no sense.
    case letter
    /// A notice that is posted.
    case notice
  }

  /// What it is.
  public var kind: Kind
  /// Where it stands among its kind.
  public var sequence: Int64
  /// Its id.
  public var id: String
  /// Whose it is; empty: nobody's.
  public var customer: String
  /// What it costs.
  public var credits: Number?
  /// When it was used, came or was written.
  public var at: Instant
  /// When it is tried next; nil: not by itself.
  public var due: Instant?
  /// How often it was tried.
  public var attempts: Int
  /// Why it is still there, as a code.
  public var code: String?
  /// Why it is still there; cut where that is long.
  public var reason: String?
}

/// A place in the outbox, between two entries.
public struct OutboxPlace: Hashable, Sendable, CustomStringConvertible {
  /// Of which kind the entry before it is.
  public var kind: OutboxEntry.Kind
  /// Where that stands among its kind.
  public var sequence: Int64

  /// Before the first entry.
  public static let start = OutboxPlace(kind: .event, sequence: 0)

  /// Makes a place.
  public init(kind: OutboxEntry.Kind, sequence: Int64) {
    self.kind = kind
    self.sequence = sequence
  }

  /// Reads what `description` wrote; a number alone is a place among events.
  public init?(_ text: String) {
    let letters = text.prefix { !("0"..."9").contains($0) }
    let digits = text[letters.endIndex...]
    guard let kind = letters.isEmpty ? .event : OutboxEntry.Kind(rawValue: String(letters)),
      (1...18).contains(digits.utf8.count), digits.utf8.allSatisfy({ (48...57).contains($0) }),
      let sequence = Int64(digits)
    else { return nil }
    self.init(kind: kind, sequence: sequence)
  }

  /// Such as `event12`.
  public var description: String { "\(kind.rawValue)\(sequence)" }
}

/// A few entries of the outbox: events in the order of their recording, then dead letters, then
/// notices.
public struct OutboxPage: Hashable, Sendable {
  /// The entries.
  public var entries: [OutboxEntry] = []
  /// Where the next page begins; nil: there is nothing more.
  public var next: OutboxPlace?
}
