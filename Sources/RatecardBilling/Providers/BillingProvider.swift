internal import RatecardJSON
public import RatecardValues

/// Whoever counts usage and keeps credits: what the service asks of a billing provider.
///
/// A provider is used by one thread; what reads its webhooks may be used by any.
public protocol BillingProvider {
  /// When the next call may be made, by the provider's limits; not after `now`: at once.
  func readyAt(_ now: Instant) -> Instant
  /// Hands over events, all of them or none: of an id that the provider has it takes no second one.
  func send(_ events: [MeterEvent]) throws(ProviderFailure)
  /// Whether the provider has an event.
  func has(event id: String) throws(ProviderFailure) -> Bool
  /// Takes credits from a customer's ledger, once for the id of the event.
  func debit(_ event: MeterEvent, credits: Number) throws(ProviderFailure)
  /// The credits that a customer has; nil: the provider knows of none.
  func balance(of customer: String) throws(ProviderFailure) -> Number?
  /// The provider's id of a customer: of the one who was registered before, or of one made now.
  ///
  /// May be tried again whatever became of it: whom a lost answer was about is found.
  func register(_ customer: CustomerRegistration) throws(ProviderFailure) -> String
  /// Makes a session in which someone buys a plan.
  ///
  /// No provider promises to make one only once, so a call of unknown fate is not made again by
  /// itself; see `CheckoutCalls`.
  func checkout(_ order: CheckoutOrder) throws(ProviderFailure) -> CheckoutSession
  /// What reads the provider's webhooks.
  var webhooks: any WebhookReader { get }
}

/// Tells a provider's webhooks from others, and reads them.
public protocol WebhookReader: Sendable {
  /// Whether a webhook comes from the provider, and is fresh.
  func isGenuine(_ webhook: Webhook, now: Instant) -> Bool
  /// What a genuine webhook says.
  func read(_ webhook: Webhook) -> WebhookReading
}

/// Why a provider has not done what it was asked.
public struct ProviderFailure: Error, Hashable, Sendable {
  /// What is known of the request.
  public enum Kind: Hashable, Sendable {
    /// The provider read it, and does not take it as it stands.
    case refused
    /// The provider did not take it; later it may.
    case notTaken
    /// The provider may have taken it.
    case fateUnknown
  }

  /// What is known of the request.
  public var kind: Kind
  /// Why, in words; holds no secret.
  public var reason: String
  /// How long the provider asks to be left alone.
  public var retryAfterSeconds: Int64?
  /// Whether what was not taken may well be by and by: the provider was not reached, or wants fewer
  /// calls.
  public var isPassing: Bool
  /// What a person has to do before it can go on; nil: it goes on by itself.
  public var remedy: String?

  /// Makes a failure.
  public init(
    _ kind: Kind, _ reason: String, retryAfterSeconds: Int64? = nil, isPassing: Bool = false,
    remedy: String? = nil
  ) {
    self.kind = kind
    self.reason = reason
    self.retryAfterSeconds = retryAfterSeconds
    self.isPassing = isPassing
    self.remedy = remedy
  }
}

/// Someone whom the provider is to know.
public struct CustomerRegistration: Hashable, Sendable {
  /// The id by which usage names the customer; may be the provider's own.
  public var id: String
  /// The address; nil: the provider knows the customer by `id`.
  public var email: String?
  /// The name.
  public var name: String?

  /// Makes a registration.
  public init(id: String, email: String? = nil, name: String? = nil) {
    self.id = id
    self.email = email
    self.name = name
  }
}

/// What a customer wants to buy.
public struct CheckoutOrder: Hashable, Sendable {
  /// Who buys.
  public enum Buyer: Hashable, Sendable {
    /// A customer the provider knows.
    case customer(id: String)
    /// Whoever has that address.
    case email(String, name: String?)
  }

  /// The provider's id of what is bought.
  public var product: String
  /// How many: seats, where the price is for each.
  public var quantity: Int
  /// Who buys.
  public var buyer: Buyer
  /// Where the buyer's browser goes afterwards.
  public var returnURL: String?
  /// What comes back with the webhooks about it.
  public var metadata: [String: String]

  /// Makes an order.
  public init(
    product: String, quantity: Int = 1, buyer: Buyer, returnURL: String? = nil,
    metadata: [String: String] = [:]
  ) {
    self.product = product
    self.quantity = quantity
    self.buyer = buyer
    self.returnURL = returnURL
    self.metadata = metadata
  }
}

/// Where a buyer pays.
public struct CheckoutSession: Hashable, Sendable {
  /// The provider's id of it.
  public var id: String
  /// The page to open; nil: the provider gives none.
  public var url: String?

  /// Makes a session.
  public init(id: String, url: String?) {
    self.id = id
    self.url = url
  }

  /// As whoever asked for it gets it: `{"session_id":…,"checkout_url":…}`.
  public var json: [UInt8] {
    var json = JSONWriter()
    json.beginObject()
    json.member("session_id", id)
    json.key("checkout_url")
    if let url { json.string(url) } else { json.null() }
    json.endObject()
    return json.bytes
  }
}
