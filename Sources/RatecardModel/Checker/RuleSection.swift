internal import RatecardDiagnostics
internal import RatecardSyntax

/// A section of rules, and which attributes its rules may look at.
enum RuleSection: String {
  case costs, adjustments, tiers, routes, events

  /// The most rules a section may have, the cells of tables counted.
  static let mostRules = 200_000

  /// What an entry of it is called.
  var ruleName: String {
    switch self {
    case .costs: "cost rule"
    case .adjustments: "adjustment"
    case .tiers: "tier rule"
    case .routes: "route"
    case .events: "event rule"
    }
  }

  /// The same with its article, to begin a sentence with.
  var aRule: String {
    switch self {
    case .adjustments: "an adjustment"
    case .events: "an event rule"
    default: "a \(ruleName)"
    }
  }

  /// Why its rules cannot look at an attribute, and what to do; nil where they can.
  func refusal(of attribute: Attribute) -> (message: String, help: String)? {
    switch (self, attribute.id) {
    case (.tiers, .tier):
      (
        "`tier` is not known yet while a tier is chosen",
        "the tier that the customer was last in is `current_tier`"
      )
    case (.events, .tier):
      (
        "`tier` belongs to a request, an event has none",
        "the tier that the customer was last in is `current_tier`"
      )
    case (.events, .requestType), (.events, .model), (.events, .requestedModel),
      (.events, .modelClass):
      (
        "`\(attribute.name)` belongs to a request, an event has none",
        "an event knows the customer (`plan`, `current_tier`, `balance`) and its own fields "
          + "(`event.NAME`)"
      )
    default: nil
    }
  }
}

extension CheckContext {
  /// The attribute that a key names, where the rules of a section may look at it.
  mutating func attribute(_ key: Node, in section: RuleSection) -> Attribute? {
    guard let attribute = attribute(key, inEvents: section == .events) else { return nil }
    guard let refusal = section.refusal(of: attribute) else { return attribute }
    report(.attributeOutOfPlace, refusal.message, at: key.span, help: refusal.help)
    return nil
  }
}
