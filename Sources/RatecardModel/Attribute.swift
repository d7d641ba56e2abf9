public import RatecardDiagnostics
public import RatecardValues

/// An attribute of a card, by its place in `Card.attributes`.
public struct AttributeID: Hashable, Comparable, Sendable {
  /// The index into `Card.attributes`.
  public let index: Int

  /// Wraps an index into `Card.attributes`.
  public init(_ index: Int) { self.index = index }

  /// The order of their places.
  public static func < (left: AttributeID, right: AttributeID) -> Bool { left.index < right.index }
}

/// Something a request carries, or that is derived from what it carries.
public struct Attribute: Hashable, Sendable {
  /// What values an attribute takes.
  public enum Kind: Hashable, Sendable {
    /// Any text.
    case text
    /// A closed set of texts, sorted by bytes.
    case choice([ExactText])
    /// True or false.
    case flag
    /// An integer, 0 or more.
    case count
    /// A decimal, 0 or more.
    case quantity
    /// A signed decimal.
    case number
    /// A point in time.
    case instant
    /// The set of named windows that hold at `at`; a matcher holds when it holds for one of them.
    case windows
  }

  /// Where the value of an attribute comes from.
  public enum Origin: Hashable, Sendable {
    /// Every card has it; a request may carry it.
    case builtIn
    /// The card declares it (a built-in that the card narrows stays `builtIn`).
    case declared
    /// Worked out from other attributes; a request must not carry it.
    case derived
    /// The type of a provider's event, or (`event.NAME`) a scalar field of its payload.
    case event
  }

  /// Its place in `Card.attributes`.
  public let id: AttributeID
  /// Its name, as written in YAML and in requests.
  public let name: String
  /// What values it takes.
  public let kind: Kind
  /// The value of a request that does not carry it; nil: it is then absent.
  public let defaultValue: Value?
  /// The attribute this one is included in.
  public let partOf: AttributeID?
  /// Where its value comes from.
  public let origin: Origin
  /// Where the card declares it; nil for a built-in that the card leaves alone.
  public let span: Span?

  /// Makes an attribute.
  public init(
    id: AttributeID, name: String, kind: Kind, defaultValue: Value? = nil,
    partOf: AttributeID? = nil, origin: Origin, span: Span? = nil
  ) {
    self.id = id
    self.name = name
    self.kind = kind
    self.defaultValue = defaultValue
    self.partOf = partOf
    self.origin = origin
    self.span = span
  }
}

/// The built-in attributes, at fixed places in every card, before the declared ones.
extension AttributeID {
  /// Who pays, as the billing provider knows them.
  public static let customer = AttributeID(0)
  /// What kind of request it is.
  public static let requestType = AttributeID(1)
  /// The model: asked for in tiers and routes, as routed in costs.
  public static let model = AttributeID(2)
  /// The model asked for, after aliases.
  ///
  /// In tiers and routes it equals `model`.
  public static let requestedModel = AttributeID(3)
  /// Derived: the class that the `models` section gives to `model`.
  public static let modelClass = AttributeID(4)
  /// The plan that the customer is on.
  public static let plan = AttributeID(5)
  /// The tier of the request, as the rules of `tiers` chose it.
  public static let tier = AttributeID(6)
  /// The tier that the customer was last in; absent for a new customer.
  public static let currentTier = AttributeID(7)
  /// Credits left; may be negative.
  public static let balance = AttributeID(8)
  /// Credits of the current grant.
  public static let granted = AttributeID(9)
  /// Derived: `balance` as a percentage of `granted`.
  public static let balancePercent = AttributeID(10)
  /// When the request was admitted.
  public static let at = AttributeID(11)
  /// Derived: the named windows that hold at `at`.
  public static let window = AttributeID(12)
  /// The type of a billing provider's event, written `on:` in the `events` section.
  public static let event = AttributeID(13)
  /// How many built-in attributes there are.
  public static let builtInCount = 14
}

/// A value of an attribute.
public enum Value: Hashable, Sendable {
  case text(ExactText)
  case flag(Bool)
  case number(Number)
  case instant(Instant)

  /// The value as a person writes it into a request of a card's test.
  public var spelling: String {
    switch self {
    case .text(let text): text.string
    case .flag(let flag): flag ? "true" : "false"
    case .number(let number): number.grouped
    case .instant(let instant): instant.brief
    }
  }
}
