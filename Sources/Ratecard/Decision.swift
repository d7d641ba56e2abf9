public import RatecardModel
public import RatecardValues

/// What a request costs: credits, or a refusal.
public struct Quote: Hashable, Sendable {
  /// A price or a refusal.
  public enum Outcome: Hashable, Sendable {
    /// The exact price in credits, rounded once as the card says.
    case priced(credits: Number)
    /// The card's own words for the caller.
    case denied(String)
  }

  /// A price or a refusal.
  public let outcome: Outcome
  /// The name of the rule that says so: of `costs`, or of `routes` where a route refuses.
  public let rule: String
  /// The names of all adjustments that apply, by bytes, whether or not they changed the price.
  public let adjustments: [String]

  /// Makes a quote.
  public init(outcome: Outcome, rule: String, adjustments: [String]) {
    self.outcome = outcome
    self.rule = rule
    self.adjustments = adjustments
  }
}

/// The whole answer to a request: its tier, where it goes and what it costs.
public struct Decision: Hashable, Sendable {
  /// A price or a refusal.
  public var outcome: Quote.Outcome
  /// The name of the rule that says so: of `costs`, or of `routes` where a route refuses.
  public var rule: String
  /// The names of all adjustments that apply, by bytes, whether or not they changed the price.
  public var adjustments: [String]
  /// The tier; nil where no tier rule matches.
  public var tier: String?
  /// The name of the rule that chose the tier.
  public var tierRule: String?
  /// The model that serves the request and is priced; nil where none was asked for or routed to.
  public var model: String?
  /// The model asked for, after aliases.
  public var requestedModel: String?
  /// The queue; nil where the route names none.
  public var queue: String?
  /// The models to try next, in this order.
  public var fallbacks: [String]
  /// Scalars that the route hands through, sorted by name.
  public var parameters: [Route.Parameter]
  /// The name of the rule that chose the route; nil where none matches.
  public var route: String?

  /// Makes a decision.
  public init(
    outcome: Quote.Outcome, rule: String, adjustments: [String] = [], tier: String? = nil,
    tierRule: String? = nil, model: String? = nil, requestedModel: String? = nil,
    queue: String? = nil, fallbacks: [String] = [], parameters: [Route.Parameter] = [],
    route: String? = nil
  ) {
    self.outcome = outcome
    self.rule = rule
    self.adjustments = adjustments
    self.tier = tier
    self.tierRule = tierRule
    self.model = model
    self.requestedModel = requestedModel
    self.queue = queue
    self.fallbacks = fallbacks
    self.parameters = parameters
    self.route = route
  }
}

/// What an event of the billing provider does to a customer.
public struct Reaction: Hashable, Sendable {
  /// The name of the rule that says so.
  public let rule: String
  /// The tier that becomes the customer's `current_tier`; nil: it stays.
  public let tier: String?
  /// A notice for the customer; nil: none.
  public let notify: String?

  /// Makes a reaction.
  public init(rule: String, tier: String?, notify: String?) {
    self.rule = rule
    self.tier = tier
    self.notify = notify
  }
}
