/// What is remembered of a provider's messages about a customer, replaced together with what
/// follows from it, or not at all.
///
/// Messages come in any order, and what one means depends on those before it. So whoever applies one
/// reads what is remembered, works out what follows, and writes both if nobody else did meanwhile.
public struct TrailChange: Hashable, Sendable {
  /// The customer.
  public var customer: String
  /// What was remembered when this was worked out; nil: nothing.
  public var before: String?
  /// What is to be remembered.
  public var after: String
  /// How the customer's tier moves; it must still be what it is moved from.
  public var tier: TierChange?
  /// The plan that follows, whatever is known of the plan.
  public var plan: Known<String?>?

  /// Makes a change.
  public init(
    customer: String, before: String?, after: String, tier: TierChange? = nil,
    plan: Known<String?>? = nil
  ) {
    self.customer = customer
    self.before = before
    self.after = after
    self.tier = tier
    self.plan = plan
  }
}
