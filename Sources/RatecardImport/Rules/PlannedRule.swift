internal import RatecardValues

/// A cost rule of the card that is to be written.
struct PlannedRule: Sendable, Equatable {
  /// A condition on an attribute.
  struct Condition: Sendable, Equatable {
    let attribute: String
    let matcher: Matcher
  }

  /// The rule's name.
  let name: String
  /// The model it prices.
  let model: String
  /// What else it asks.
  let conditions: [Condition]
  /// When it begins to hold; nil: it always did.
  let from: CivilDate?
  /// When it ends; nil: never, or when another replaces it.
  var until: CivilDate?
  /// The rule it replaces.
  var replaces: String?
  /// The rules it stands before although it is not more specific.
  var overrides: [String] = []
  /// What it charges.
  let price: Price
}
