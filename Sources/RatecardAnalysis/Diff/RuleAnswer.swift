public import RatecardModel
public import RatecardValues

/// What a section's rules say to a request, as far as it means anything: without their names.
public enum RuleAnswer: Hashable, Sendable {
  /// The card does not let such requests in.
  case notAdmitted
  /// The same as for requests that have this value of an attribute in its place; nil: none.
  case asFor(AttributeID, String?)
  /// The tier; nil: none.
  case tier(String?)
  /// Where the request goes.
  case route(Route)
  /// A refusal, with its text for the caller.
  case denied(String)
  /// No cost rule holds.
  case unpriced
  /// A price, before adjustments.
  case price(PriceMeaning)
  /// The adjustments of one stage that apply, joined as far as they can be; empty: none.
  case adjusted([Adjustment])
  /// What an event does.
  case event(EventOutcome)
}

/// A price together with what its rates charge for.
public struct PriceMeaning: Hashable, Sendable {
  /// The price.
  public let price: Price
  /// For each rate, the attributes that are charged apart from it: the parts within its attribute
  /// that the price rates too, as the card includes them in each other.
  public let chargedApart: [[AttributeID]]
}

/// A part of a price that changes.
public enum ComponentChange: Hashable, Sendable {
  /// The flat part; nil: none.
  case credits(before: Rational?, after: Rational?)
  /// What an attribute's quantity costs; nil: the price has no rate for it.
  case rate(AttributeID, before: Rate?, after: Rate?)
  /// The parts that are charged apart from an attribute.
  case chargedApart(AttributeID, before: [AttributeID], after: [AttributeID])
  /// The least that the price comes to.
  case minimum(before: Rational?, after: Rational?)
  /// The most that the price comes to.
  case maximum(before: Rational?, after: Rational?)
  /// Whether adjustments touch it.
  case adjustability(before: Bool, after: Bool)
}
