internal import Ratecard
public import RatecardDiagnostics
internal import RatecardModel

/// What of a card some tests reach: its rules, the cells of its tables, and the bounds at which
/// something changes.
public struct TestCoverage: Sendable {
  /// A rule, or a cell of a table.
  public struct Entry: Hashable, Sendable {
    /// The rule's section.
    public let section: String
    /// The rule's name.
    public let rule: String
    /// The table whose cell it is; nil: it stands by itself.
    public let table: String?
    /// Where it stands.
    public let span: Span
    /// Whether a test's answer names it.
    public let isReached: Bool
  }

  /// A bound of a rule's conditions, dates or bands, or of all cells of a table.
  public struct Boundary: Hashable, Sendable {
    /// The rule's section.
    public let section: String
    /// The rule, or the table.
    public let rule: String
    /// Where something changes: `input_tokens 200_000`, `at 2027-01-01`.
    public let bound: String
    /// Where it stands.
    public let span: Span
    /// Whether tests ask on both sides of it: on the one the rule answers, on the other it would but
    /// for this bound.
    public let isReached: Bool
  }

  /// The rules that are no cells, by section and name.
  public let rules: [Entry]
  /// The cells of tables, by name.
  public let cells: [Entry]
  /// The bounds, by section and place.
  public let boundaries: [Boundary]

  init(_ card: RateCard, _ results: [CardTestResult]) {
    var named: Set<RuleReference> = []
    for result in results { named.formUnion(result.answer.rules(of: card.model)) }
    func entries<Outcome>(_ section: String, _ rules: [Rule<Outcome>]) -> [Entry] {
      rules.sorted { byBytes($0.name, $1.name) }.map { rule in
        Entry(
          section: section, rule: rule.name, table: rule.table, span: rule.span,
          isReached: named.contains(RuleReference(section: section, name: rule.name)))
      }
    }
    let model = card.model
    let all =
      entries("costs", model.costs) + entries("adjustments", model.adjustments)
      + entries("tiers", model.tiers) + entries("routes", model.routes)
      + entries("events", model.events)
    rules = all.filter { $0.table == nil }
    cells = all.filter { $0.table != nil }
    boundaries = BoundarySearch(card, results.map(\.test)).boundaries()
  }
}
