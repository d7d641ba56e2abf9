internal import Ratecard
internal import RatecardModel
internal import RatecardValues

/// A rule by its section and name.
struct RuleReference: Hashable {
  let section: String
  let name: ExactText

  init(section: String, name: String) {
    self.init(section: section, name: ExactText(name))
  }

  init(section: String, name: ExactText) {
    self.section = section
    self.name = name
  }
}

extension TestAnswer {
  /// Asks a card.
  init(
    _ card: RateCard, _ question: CardTest.Question, _ request: [String: RequestValue],
    at now: Instant
  ) {
    do throws(RequestError) {
      switch question {
      case .decision: self = .decision(try card.decide(request, at: now))
      case .price: self = .quote(try card.price(request, at: now))
      case .event: self = .reaction(try card.react(to: request, at: now))
      }
    } catch {
      self = .failure(error)
    }
  }

  /// The rules that the answer names.
  func rules(of card: Card) -> Set<RuleReference> {
    switch self {
    case .failure, .reaction(nil): return []
    case .reaction(let reaction?): return [RuleReference(section: "events", name: reaction.rule)]
    case .quote(let quote):
      return Set(quote.adjustments.map { RuleReference(section: "adjustments", name: $0) })
        .union([RuleReference(section: "costs", name: quote.rule)])
    case .decision(let decision):
      var rules = Set(decision.adjustments.map { RuleReference(section: "adjustments", name: $0) })
      if let rule = decision.tierRule { rules.insert(RuleReference(section: "tiers", name: rule)) }
      if let rule = decision.route { rules.insert(RuleReference(section: "routes", name: rule)) }
      let decides = Self.isRefusedByRoute(decision, card) ? "routes" : "costs"
      rules.insert(RuleReference(section: decides, name: decision.rule))
      return rules
    }
  }

  /// Whether the refusal of a decision is a route's: a refusing route ends the decision.
  private static func isRefusedByRoute(_ decision: Decision, _ card: Card) -> Bool {
    guard case .denied = decision.outcome, decision.route == nil else { return false }
    return card.routes.contains { rule in
      guard case .deny = rule.outcome else { return false }
      return ExactText(rule.name) == ExactText(decision.rule)
    }
  }
}
