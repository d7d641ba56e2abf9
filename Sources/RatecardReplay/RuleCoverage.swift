internal import Ratecard
public import RatecardDiagnostics
internal import RatecardModel
internal import RatecardValues

/// Which rules of a card some tests reach: those that an answer names.
public struct RuleCoverage: Sendable {
  /// A rule and whether a test reaches it.
  public struct Entry: Hashable, Sendable {
    /// The rule's section.
    public let section: String
    /// The rule's name.
    public let rule: String
    /// Where it stands.
    public let span: Span
    /// Whether a test's answer names it.
    public let isReached: Bool
  }

  /// All rules, by section and name.
  public let entries: [Entry]

  /// How many rules are reached.
  public var reached: Int { entries.count { $0.isReached } }

  init(_ card: Card, answers: [TestAnswer]) {
    var named: Set<Key> = []
    for answer in answers { named.formUnion(Self.rules(named: answer, card)) }
    func entries<Outcome>(_ section: String, _ rules: [Rule<Outcome>]) -> [Entry] {
      rules.sorted { byBytes($0.name, $1.name) }.map { rule in
        Entry(
          section: section, rule: rule.name, span: rule.span,
          isReached: named.contains(Key(section: section, rule: rule.name)))
      }
    }
    self.entries =
      entries("costs", card.costs) + entries("adjustments", card.adjustments)
      + entries("tiers", card.tiers) + entries("routes", card.routes)
      + entries("events", card.events)
  }

  private struct Key: Hashable {
    let section: String
    let rule: ExactText

    init(section: String, rule: String) {
      self.section = section
      self.rule = ExactText(rule)
    }
  }

  private static func rules(named answer: TestAnswer, _ card: Card) -> Set<Key> {
    switch answer {
    case .failure, .reaction(nil): return []
    case .reaction(let reaction?): return [Key(section: "events", rule: reaction.rule)]
    case .quote(let quote):
      return Set(quote.adjustments.map { Key(section: "adjustments", rule: $0) })
        .union([Key(section: "costs", rule: quote.rule)])
    case .decision(let decision):
      var keys = Set(decision.adjustments.map { Key(section: "adjustments", rule: $0) })
      if let rule = decision.tierRule { keys.insert(Key(section: "tiers", rule: rule)) }
      if let rule = decision.route { keys.insert(Key(section: "routes", rule: rule)) }
      keys.insert(
        Key(section: isRefusedByRoute(decision, card) ? "routes" : "costs", rule: decision.rule))
      return keys
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
