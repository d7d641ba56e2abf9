public import RatecardDiagnostics
public import RatecardValues

/// What a condition asks of one attribute.
///
/// Matchers are checked against the attribute's kind before they get here: a `range` stands only on
/// numbers and instants, a glob only on text (model names and closed sets included).
public enum Matcher: Hashable, Sendable {
  /// Always, carried or not.
  case any
  /// Carried, whatever it is; of `window`: some window holds.
  case present
  /// Not carried; of `window`: none holds.
  case absent
  /// Equal to one of these, or matched by one of these globs. Absent: no.
  case oneOf([Pattern])
  /// Within both bounds; at least one is given. Absent: no.
  indirect case range(lower: Bound?, upper: Bound?)
  /// The exact complement, so an absent value satisfies `not(.oneOf(…))`.
  indirect case not(Matcher)
}

/// A value, or a set of texts written with stars.
public enum Pattern: Hashable, Sendable {
  case value(Value)
  case glob(Glob)
}

/// An end of a range: a number or an instant.
public struct Bound: Hashable, Sendable {
  /// The number or instant.
  public let value: Value
  /// Whether the range holds it: `at_least`, `at_most` rather than `above`, `below`.
  public let isInclusive: Bool

  /// Makes an end of a range.
  public init(_ value: Value, isInclusive: Bool) {
    self.value = value
    self.isInclusive = isInclusive
  }
}

/// One attribute and what is asked of it.
public struct Condition: Hashable, Sendable {
  /// The attribute.
  public let attribute: AttributeID
  /// What is asked of it.
  public let matcher: Matcher
  /// Where it stands.
  public let span: Span

  /// Makes a condition.
  public init(_ attribute: AttributeID, _ matcher: Matcher, span: Span) {
    self.attribute = attribute
    self.matcher = matcher
    self.span = span
  }
}

/// Which requests a rule is about, whatever section it stands in.
public struct RuleScope: Hashable, Sendable {
  /// The rule holds when every condition of one of these lists holds; never empty.
  ///
  /// A rule without conditions has one empty list. An attribute may stand twice in a list: both
  /// must hold.
  public let alternatives: [[Condition]]
  /// First instant at which it holds, as written; counts when rules are compared.
  public let from: Instant?
  /// First instant at which it no longer holds, as written; counts when rules are compared.
  public let until: Instant?
  /// The `from` of a rule that replaces another: it holds only from then on, but this does not
  /// count when rules are compared (`from` is nil then).
  public let begins: Instant?
  /// Set when another rule replaces this one: it holds only before then, but this does not count
  /// when rules are compared.
  public let ends: Instant?

  /// Makes a scope.
  public init(
    alternatives: [[Condition]], from: Instant? = nil, until: Instant? = nil,
    begins: Instant? = nil, ends: Instant? = nil
  ) {
    self.alternatives = alternatives
    self.from = from
    self.until = until
    self.begins = begins
    self.ends = ends
  }
}

/// A rule of a section: which requests, and what then.
///
/// Equal outcomes mean the same.
public struct Rule<Outcome: Hashable & Sendable>: Sendable {
  /// Its name, or the one made of its conditions; a table's cell is `table/key/key`.
  public let name: String
  /// Which requests it is about.
  public let scope: RuleScope
  /// The rules of the same section that it overrides, as indices into the section, sorted.
  ///
  /// Tables are resolved to their cells, and what `replaces` passes on is included.
  public let overrides: [Int]
  /// What holds then.
  public let outcome: Outcome
  /// Where it stands: its name where it has one, the cell's key in a table.
  public let span: Span
  /// The name of the table that it is a cell of; nil: it is an entry of its own.
  public let table: String?

  /// Makes a rule.
  public init(
    name: String, scope: RuleScope, overrides: [Int] = [], outcome: Outcome, span: Span,
    table: String? = nil
  ) {
    self.name = name
    self.scope = scope
    self.overrides = overrides
    self.outcome = outcome
    self.span = span
    self.table = table
  }
}
