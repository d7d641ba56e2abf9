import RatecardCompiler
import RatecardDiagnostics
import RatecardModel
import RatecardValues

/// A rule that proposals are about.
struct Subject: Sendable {
  let section: String
  let name: ExactText
  let table: ExactText?
  let scope: RuleScope
  let span: Span
  let contender: Contender
  /// The rates of its price, or of what it adds.
  let rates: [Rate]
  /// Whether its price is more than nothing; nil: it has none.
  let charges: Bool?
  /// Whether adjustments touch its price.
  let isAdjustable: Bool
  /// The tier that it chooses, for a rule of `tiers`.
  let tier: ExactText?

  /// Its table, or itself: what a bound of all cells belongs to.
  var entry: ExactText { table ?? name }
}

extension Subject {
  /// The rules of a section with their set, in the order of their places.
  static func all<Outcome>(
    _ rules: [Rule<Outcome>], _ set: RuleSet, price: (Outcome) -> Price? = { _ in nil },
    tier: (Outcome) -> ExactText? = { _ in nil }
  ) -> [Subject] {
    let rivals = set.rivalsOfRule
    return rules.indices.map { index in
      Subject(
        rules[index], in: set.section, Contender(index, of: set, rivals: rivals[index]),
        price: price(rules[index].outcome), tier: tier(rules[index].outcome))
    }.sorted { $0.span < $1.span }
  }

  /// The adjustments, of which those in groups exclude each other.
  static func adjustments(_ card: Card, _ sets: RuleSets, in space: Space) -> [Subject] {
    var contenders: [Int: Contender] = [:]
    for group in sets.groups {
      let rivals = group.rules.rivalsOfRule
      for (place, member) in group.members.enumerated() {
        contenders[member] = Contender(place, of: group.rules, rivals: rivals[place])
      }
    }
    return card.adjustments.enumerated().map { index, rule in
      var rates: [Rate] = []
      if case .addRates(let added) = rule.outcome.action { rates = added }
      let contender =
        contenders[index]
        ?? Contender(alone: space.boxes(rule.scope, in: .afterRouting, .holding))
      return Subject(rule, in: "adjustments", contender, price: nil, rates: rates)
    }.sorted { $0.span < $1.span }
  }

  private init<Outcome>(
    _ rule: Rule<Outcome>, in section: String, _ contender: Contender, price: Price?,
    rates: [Rate] = [], tier: ExactText? = nil
  ) {
    self.section = section
    name = ExactText(rule.name)
    table = rule.table.map(ExactText.init)
    scope = rule.scope
    span = rule.span
    self.contender = contender
    self.rates = price?.rates ?? rates
    charges = price.map { $0.credits != .zero || !$0.rates.isEmpty }
    isAdjustable = price?.isAdjustable ?? false
    self.tier = tier
  }
}

extension CostOutcome {
  /// The price; a refusal has none.
  var price: Price? {
    if case .price(let price) = self { return price }
    return nil
  }
}
