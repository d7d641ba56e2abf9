public import RatecardValues

/// What a provider's webhook tells of a customer.
public struct ProviderMessage: Hashable, Sendable {
  /// A subscription as it was.
  public struct Subscription: Hashable, Sendable {
    /// Its id.
    public var id: String
    /// The provider's id of what it is for.
    public var product: String
    /// Whether it gives its plan: it is active, or its payment is late, or it can be resumed.
    public var givesPlan: Bool
  }

  /// A scalar field of what the message carries.
  public enum Field: Hashable, Sendable {
    case text(String)
    case number(Number)
    case flag(Bool)
  }

  /// What it is, as rules name it: its type, or the one that its state has meanwhile.
  public var event: String
  /// When it happened.
  public var at: Instant
  /// The customer.
  public var customer: String
  /// The id that the customer was registered under, where the message bears it.
  public var owner: String?
  /// The balance that it tells of.
  public var balance: Number?
  /// The usage that it says was deducted.
  public var deducted: Number?
  /// The balance below which it warns.
  public var threshold: Number?
  /// The subscription that it is about.
  public var subscription: Subscription?
  /// The scalar fields of what it carries, by name.
  public var fields: [String: Field]
  /// What tells it from other messages of the same moment: the same for the same content.
  public var key: String
}
