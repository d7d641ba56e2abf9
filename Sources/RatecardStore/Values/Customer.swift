public import RatecardValues

/// A value with when it was so and who said it.
///
/// Of two, the one that was so later counts, in whatever order they come. When both were so at the
/// same time the content decides, the lower balance for one, so that every order ends the same.
public struct Known<Value: Hashable & Sendable>: Hashable, Sendable {
  /// The value.
  public var value: Value
  /// When it was so, by the clock of who said it.
  public var at: Instant
  /// Who said it, such as `webhook` or `operator`.
  public var source: String

  /// Makes a known value.
  public init(_ value: Value, at: Instant, source: String) {
    self.value = value
    self.at = at
    self.source = source
  }
}

/// What is known of a customer.
public struct Customer: Hashable, Sendable {
  /// The customer's id; the provider's too, unless one was noted by `Change.identify`.
  public var id: String
  /// The plan; its value is nil where the customer is known to have none.
  public var plan: Known<String?>?
  /// The tier; nil until a rule moves the customer.
  public var tier: String?
  /// The balance as the provider had it.
  public var balance: Known<Number?>?
  /// The credits of recorded usage that the provider has not deducted yet.
  public var pending: Number
  /// The credits that reservations hold.
  public var held: Number
  /// When anything of this changed last.
  public var updatedAt: Instant

  /// Makes a customer of whom nothing is known.
  public init(id: String, updatedAt: Instant = .earliest) {
    self.id = id
    pending = .zero
    held = .zero
    self.updatedAt = updatedAt
  }

  /// What may still be used: balance − pending − held; nil where the balance is not known.
  public var available: Number? {
    guard let balance = balance?.value else { return nil }
    return try? balance - pending - held
  }
}

/// What is to be changed of a customer; whatever is nil stays as it is.
public struct CustomerChange: Hashable, Sendable {
  /// The customer.
  public var id: String
  /// The plan; an older one never replaces a newer one.
  public var plan: Known<String?>?
  /// The balance; an older one never replaces a newer one.
  public var balance: Known<Number?>?
  /// The tier; what it was before does not matter.
  public var tier: String??
  /// Pending credits that the provider has deducted by now; no more are taken than are pending.
  public var deducted: Number?
  /// Where the balance is the provider's word: whatever it had accepted before then is in that
  /// balance, so that it is pending no longer.
  public var settledBefore: Instant?
  /// Whether the plan and the balance hold even where something later is known, such as from before
  /// a clock went back.
  public var overrides = false
  /// Why, for the history of tiers.
  public var cause: String
  /// When.
  public var at: Instant

  /// Makes a change.
  public init(
    id: String, plan: Known<String?>? = nil, balance: Known<Number?>? = nil,
    tier: String?? = nil, deducted: Number? = nil, settledBefore: Instant? = nil, cause: String,
    at: Instant
  ) {
    self.id = id
    self.plan = plan
    self.balance = balance
    self.tier = tier
    self.deducted = deducted
    self.settledBefore = settledBefore
    self.cause = cause
    self.at = at
  }
}

/// A customer's way from one tier to another, with its cause.
public struct TierChange: Hashable, Sendable {
  /// The customer.
  public var customer: String
  /// The tier before; nil: none.
  public var from: String?
  /// The tier after; nil: none.
  public var to: String?
  /// Why.
  public var cause: String
  /// When.
  public var at: Instant

  /// Makes a change.
  public init(customer: String, from: String?, to: String?, cause: String, at: Instant) {
    self.customer = customer
    self.from = from
    self.to = to
    self.cause = cause
    self.at = at
  }
}

/// Something that a customer is to be told.
public struct Notice: Hashable, Sendable {
  /// The customer.
  public var customer: String
  /// What.
  public var text: String
  /// Why; a customer is told only once for one cause.
  public var cause: String
  /// When.
  public var at: Instant
  /// The name under which it is posted, the same at every attempt; nil: it is kept only.
  public var postedAs: String?

  /// Makes a notice.
  public init(
    customer: String, text: String, cause: String, at: Instant, postedAs: String? = nil
  ) {
    self.customer = customer
    self.text = text
    self.cause = cause
    self.at = at
    self.postedAs = postedAs
  }
}

/// An entry of a list that is read page by page, newest last.
public struct Entry<Value: Hashable & Sendable>: Hashable, Sendable {
  /// Where the entry stands; the next page begins after the last one's.
  public let sequence: Int64
  /// The entry.
  public let value: Value

  init(_ sequence: Int64, _ value: Value) {
    self.sequence = sequence
    self.value = value
  }
}
