public import RatecardValues

/// What a customer used, and what it costs: one entry of the ledger, which never changes.
public struct UsageEvent: Hashable, Sendable {
  /// The client's idempotency key, and the event's id at the provider for ever.
  public var id: String
  /// Who used it.
  public var customer: String
  /// When it was used.
  public var occurredAt: Instant
  /// When it was recorded.
  public var recordedAt: Instant
  /// What it costs.
  public var credits: Number
  /// The rule that set the price.
  public var rule: String
  /// The adjustments that changed it, as the service writes them.
  public var adjustments: String?
  /// The name of the card that priced it.
  public var ratecard: String
  /// The version of that card.
  public var version: String
  /// The decision that admitted the request.
  public var decision: String?
  /// The request's attributes, as JSON.
  public var attributes: String
  /// What tells this content from another under the same id.
  public var fingerprint: [UInt8]
  /// Whether the event goes to the provider although it costs nothing.
  ///
  /// An event that costs something always does.
  public var ships: Bool

  /// Makes an event.
  public init(
    id: String, customer: String, occurredAt: Instant, recordedAt: Instant, credits: Number,
    rule: String, adjustments: String? = nil, ratecard: String, version: String,
    decision: String? = nil, attributes: String, fingerprint: [UInt8], ships: Bool = true
  ) {
    self.id = id
    self.customer = customer
    self.occurredAt = occurredAt
    self.recordedAt = recordedAt
    self.credits = credits
    self.rule = rule
    self.adjustments = adjustments
    self.ratecard = ratecard
    self.version = version
    self.decision = decision
    self.attributes = attributes
    self.fingerprint = fingerprint
    self.ships = ships
  }

  /// Whether the event goes to the provider.
  var isShipped: Bool { ships || !credits.isZero }
}

/// Usage that no rule prices, kept for a person to look at.
public struct DeadLetter: Hashable, Sendable {
  /// The client's idempotency key.
  public var id: String
  /// Who used it.
  public var customer: String
  /// What the client sent.
  public var body: String
  /// What tells this content from another under the same id.
  public var fingerprint: [UInt8]
  /// Why it has no price, as a code.
  public var code: String
  /// Why it has no price, in words.
  public var message: String
  /// When it came.
  public var at: Instant

  /// Makes a dead letter.
  public init(
    id: String, customer: String, body: String, fingerprint: [UInt8], code: String,
    message: String, at: Instant
  ) {
    self.id = id
    self.customer = customer
    self.body = body
    self.fingerprint = fingerprint
    self.code = code
    self.message = message
    self.at = at
  }
}
