internal import RatecardDiagnostics
internal import RatecardSyntax
internal import RatecardValues

/// The `adjustments` section: what changes prices after they are found.
extension CheckContext {
  /// The keys of which an adjustment has exactly one.
  private static let actions = ["multiply", "add", "minimum", "maximum"]

  /// Reads the adjustments, sorted by name; after the costs, whose components `of` names.
  mutating func readAdjustments() -> [Rule<Adjustment>] {
    let limit = RuleSection.mostRules
    let entries = listItems("adjustments", of: "adjustment", limit: limit)
      .compactMap { readAdjustment($0) }
    reportOverridesOutsideGroups(entries)
    return resolve(entries, in: .adjustments)
  }

  private mutating func readAdjustment(_ node: Node) -> RuleEntry<Adjustment>? {
    let keys = Self.headKeys + ["group", "of"] + Self.actions
    guard let fields = fields(of: node, "an adjustment", keys: keys) else {
      partialSections.insert("adjustments")
      return nil
    }
    let head = readHead(fields, in: .adjustments)
    let group = fields["group"].map { name($0, "`group`") }
    let action = readAction(fields)
    guard let head else { return nil }
    guard let action, group != .some(nil) else { return RuleEntry(head, nil) }
    return RuleEntry(head, Adjustment(group: (group ?? nil).map(ExactText.init), action: action))
  }

  private mutating func readAction(_ fields: Fields) -> Adjustment.Action? {
    let present = fields.present(Self.actions)
    guard let key = present.first, let node = fields[key] else {
      if !fields.isFaulty {
        report(
          .missingKey, "the adjustment does nothing",
          at: fields["name"]?.span ?? fields.fields.first?.key.span ?? fields.span,
          help: "add one of `multiply`, `add`, `minimum` and `maximum`")
      }
      return nil
    }
    let isOne = !reportConflict(
      among: Self.actions, in: fields, because: "an adjustment does one thing")
    var parts: [Adjustment.Component]?
    if let node = fields["of"] {
      parts = readComponents(node)
      if key != "multiply", isOne {
        report(
          .conflictingKeys,
          "`of` cannot stand beside `\(key)`: only `multiply` is of a part of the price",
          at: fields.key("of")?.span ?? node.span, help: "remove `of`")
      }
      guard parts != nil, key == "multiply" else { return nil }
    }
    guard isOne else { return nil }
    switch key {
    case "multiply":
      guard let factor = readFactor(node) else { return nil }
      return parts.map { .multiplyComponents(factor, of: $0) } ?? .multiply(factor)
    case "add":
      return node.kind == .mapping
        ? readRates(node, "`add`").map(Adjustment.Action.addRates)
        : amount(node, "`add`").map(Adjustment.Action.add)
    case "minimum": return amount(node, "`minimum`").map(Adjustment.Action.minimum)
    default: return amount(node, "`maximum`").map(Adjustment.Action.maximum)
    }
  }

  /// The number of a `multiply`: 0 or more.
  private mutating func readFactor(_ node: Node) -> Rational? {
    if node.kind == .scalar, node.text.hasSuffix("%") {
      let percent = try? Number(parsing: String(node.text.dropLast()))
      let factor = percent.flatMap { number in
        Number(significand: number.significand, exponent: number.exponent - 2)
      }
      report(
        .malformedNumber, "`multiply` must be a number, `\(node.text)` is a percentage",
        at: node.span, help: factor.map { "write `\($0)`" } ?? "write `0.8` for 80 %")
      return nil
    }
    guard let factor = number(node, "`multiply`", from: 0) else { return nil }
    guard let exact = try? Rational(factor) else {
      report(
        .inexactAmount, "`\(node.text)` is too long to be held exactly as a fraction",
        at: node.span, help: "both sides of the fraction stay below 2^127 (38 digits)")
      return nil
    }
    return exact
  }

  /// The parts of a price that `of` names; each must be one that some price has.
  private mutating func readComponents(_ node: Node) -> [Adjustment.Component]? {
    guard let items = oneOrMore(node, "`of`") else { return nil }
    var result: Set<Adjustment.Component> = []
    var isWhole = true
    for item in items {
      guard let component = readComponent(item) else {
        isWhole = false
        continue
      }
      if !result.insert(component).inserted {
        report(
          .repeatedValue, "`\(item.text)` stands twice in `of`", at: item.span,
          help: "remove one of them")
        isWhole = false
      }
    }
    return isWhole ? result.sorted() : nil
  }

  private mutating func readComponent(_ node: Node) -> Adjustment.Component? {
    guard let name = text(node, "a part of a price") else { return nil }
    var component = Adjustment.Component.credits
    if name != "credits" {
      guard let attribute = attribute(node) else { return nil }
      component = .attribute(attribute.id)
    }
    guard !components.contains(component) else { return component }
    let known = components.map { component in
      switch component {
      case .credits: "credits"
      case .attribute(let id): attributes[id.index].name
      }
    }
    reportUnknown(
      .unknownComponent,
      name == "credits"
        ? "no price has a flat part, `credits`" : "no price has a rate on `\(name)`", name,
      at: node.span, among: known.sortedByBytes(), of: "costs",
      otherwise: known.isEmpty ? "there is no price at all" : nil)
    return nil
  }

  /// Only members of one group exclude each other, so elsewhere `overrides` would do nothing.
  private mutating func reportOverridesOutsideGroups(_ entries: [RuleEntry<Adjustment>]) {
    guard entries.contains(where: { !$0.head.overrides.isEmpty }) else { return }
    var groups: [ExactText: ExactText?] = [:]
    for entry in entries {
      guard let adjustment = entry.cells.first?.outcome else { continue }
      groups[ExactText(entry.head.name)] = .some(adjustment.group)
    }
    for entry in entries {
      let name = ExactText(entry.head.name)
      guard let own = groups[name] else { continue }
      for reference in entry.head.overrides {
        let otherName = ExactText(reference.name)
        guard let other = groups[otherName], own == nil || own != other, otherName != name
        else { continue }
        report(
          .overridesOutsideGroup,
          "`\(entry.head.name)` and `\(reference.name)` are not in one group, so both apply",
          at: reference.span,
          help: "give them the same `group:`, so that they exclude each other")
      }
    }
  }
}
