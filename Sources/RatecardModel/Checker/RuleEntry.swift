internal import RatecardDiagnostics
internal import RatecardSyntax
internal import RatecardValues

/// The name of a rule, table or cell that another refers to.
struct RuleReference {
  let name: String
  let span: Span
}

/// What every entry of a section of rules has, whatever it says.
struct RuleHead {
  /// Its name, or the one made of its conditions.
  let name: String
  /// Where it stands: its name where it has one, else its first key.
  let span: Span
  /// Its `when`.
  let alternatives: [[Condition]]
  /// When it holds, as written.
  let from: Instant?
  let until: Instant?
  /// What it overrides, as written.
  let overrides: [RuleReference]
  /// What it replaces.
  let replaces: RuleReference?
  /// Whether all of it could be read.
  let isWhole: Bool

  /// Whether its `from` is the beginning of a replacement, which does not count when rules are
  /// compared.
  var isReplacement: Bool { replaces != nil }
}

/// A rule of an entry: the entry's only one, or a cell of its table.
struct RuleCell<Outcome: Hashable & Sendable> {
  /// The keys that lead to it, joined with `/`; empty where it is the entry's only rule.
  let path: String
  /// The conditions of those keys.
  let conditions: [Condition]
  /// What it says.
  let outcome: Outcome
  /// Where it stands.
  let span: Span
}

/// An entry of a section of rules: a rule, or a table.
struct RuleEntry<Outcome: Hashable & Sendable> {
  let head: RuleHead
  let isTable: Bool
  /// Its rules; those that could not be read are missing.
  let cells: [RuleCell<Outcome>]
  /// Whether all of its rules could be read.
  let isWhole: Bool

  /// A rule that is no table; `outcome` is nil when it could not be read.
  init(_ head: RuleHead, _ outcome: Outcome?) {
    self.head = head
    isTable = false
    cells =
      outcome.map { [RuleCell(path: "", conditions: [], outcome: $0, span: head.span)] } ?? []
    isWhole = head.isWhole && outcome != nil
  }

  /// A table.
  init(_ head: RuleHead, cells: [RuleCell<Outcome>], isWhole: Bool) {
    self.head = head
    isTable = true
    self.cells = cells
    self.isWhole = head.isWhole && isWhole
  }
}

extension CheckContext {
  /// The keys that every rule may have.
  static let headKeys = ["name", "when", "from", "until", "overrides", "replaces", acceptKey]

  /// Reads what every rule has; nil, after something was reported, when its name is not known.
  ///
  /// Without `name` and conditions it is called `otherwise`; `axes` are those of a table without a
  /// name, so that it is not taken for the rule with its conditions.
  mutating func readHead(
    _ fields: Fields, in section: RuleSection, on: Node? = nil, otherwise: String? = "always",
    axes: String? = nil
  ) -> RuleHead? {
    let alternatives = readWhen(fields["when"], in: section)
    let period = readPeriod(fields)
    let overrides = fields["overrides"].map { references($0) } ?? []
    var replaced: [RuleReference]? = []
    if let node = fields["replaces"] {
      replaced = reference(node, "`replaces`").map { [$0] }
      if !fields.has("from"), !fields.isFaulty {
        report(
          .missingKey, "`replaces` needs `from`", at: fields.key("replaces")?.span ?? node.span,
          help: "say when it takes over: `from: 2027-01-01`")
        replaced = nil
      }
    }
    guard let name = ruleName(fields, on: on, otherwise: otherwise, axes: axes) else {
      partialSections.insert(section.rawValue)
      return nil
    }
    return RuleHead(
      name: name, span: Self.place(of: fields), alternatives: alternatives ?? [[]],
      from: period?.from, until: period?.until, overrides: overrides ?? [],
      replaces: replaced?.first,
      isWhole: !fields.isFaulty && alternatives != nil && period != nil && overrides != nil
        && replaced != nil)
  }

  /// The name of a rule; nil when it cannot be told, so that nothing is said about who uses it.
  private mutating func ruleName(
    _ fields: Fields, on: Node?, otherwise: String?, axes: String?
  ) -> String? {
    if let node = fields["name"] { return name(node, "a rule's name") }
    guard !fields.isFaulty else { return nil }
    let conditions = conditionsName(fields["when"], on: on)
    guard let axes else { return conditions ?? otherwise }
    return conditions.map { "\($0), \(axes)" } ?? axes
  }

  /// The name of a rule, or its first key with what stands there.
  private static func place(of fields: Fields) -> Span {
    if let name = fields["name"] { return name.span }
    guard let first = fields.fields.first else { return fields.span }
    return first.value.kind == .scalar ? first.key.span.joined(first.value.span) : first.key.span
  }

  private mutating func references(_ node: Node) -> [RuleReference]? {
    guard let items = oneOrMore(node, "`overrides`") else { return nil }
    let references = items.compactMap { reference($0, "`overrides`") }
    var isWhole = references.count == items.count
    var seen: Set<ExactText> = []
    for reference in references where !seen.insert(ExactText(reference.name)).inserted {
      report(
        .repeatedValue, "`\(reference.name)` stands twice in `overrides`", at: reference.span,
        help: "remove one of them")
      isWhole = false
    }
    return isWhole ? references : nil
  }

  private mutating func reference(_ node: Node, _ what: String) -> RuleReference? {
    name(node, what).map { RuleReference(name: $0, span: node.span) }
  }
}

extension Span {
  /// From its start to the end of another that follows it; itself where none follows (an alias
  /// stands where its anchor does).
  func joined(_ other: Span) -> Span {
    guard other.file == file, other.end > end else { return self }
    return Span(file: file, start: Int(start), end: Int(other.end))
  }
}
