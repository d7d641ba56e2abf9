internal import RatecardDiagnostics
internal import RatecardSyntax
internal import RatecardValues

/// The `costs` section: prices, refusals, and tables of them.
extension CheckContext {
  /// The keys of a price or a refusal, in a rule or in a table's cell.
  static let priceKeys = ["credits", "rates", "minimum", "maximum", "adjust", "deny"]

  private static let ruleKeys = headKeys + priceKeys

  /// Reads the costs, sorted by name.
  mutating func readCosts() -> [Rule<CostOutcome>] {
    let limit = RuleSection.mostRules
    var entries: [RuleEntry<CostOutcome>] = []
    var count = 0
    let nodes = listItems("costs", of: "cost rule", limit: limit)
    entries.reserveCapacity(nodes.count)
    for node in nodes {
      let isTable = node.entries.contains { entry in
        let key = entry.key.text
        return key == "table" || key == "cells"
      }
      let entry = isTable ? readTable(node, room: limit - count) : readCostRule(node)
      guard let entry else { continue }
      count += entry.cells.count
      entries.append(entry)
    }
    return resolve(entries, in: .costs)
  }

  private mutating func readCostRule(_ node: Node) -> RuleEntry<CostOutcome>? {
    guard let fields = fields(of: node, "a cost rule", keys: Self.ruleKeys) else {
      partialSections.insert("costs")
      return nil
    }
    let head = readHead(fields, in: .costs)
    let outcome = readOutcome(fields, "the rule", within: PriceTerms())
    return head.map { RuleEntry($0, outcome) }
  }
}

/// What bounds a price beside its parts: a table's terms hold for all its cells.
struct PriceTerms {
  /// The price is at least this.
  var minimum: Rational?
  /// The price is at most this.
  var maximum: Rational?
  /// Whether adjustments touch it; nil: not said, so they do.
  var isAdjustable: Bool?
}

extension CheckContext {
  /// A price or a refusal, within the terms of the table it stands in; nil after something was
  /// reported.
  ///
  /// `what` says what it is: "the rule".
  mutating func readOutcome(
    _ fields: Fields, _ what: String, within table: PriceTerms
  ) -> CostOutcome? {
    if fields.isFaulty { partialSections.insert("costs") }
    guard !fields.has("deny") else { return readRefusal(fields) }
    var isWhole = !fields.isFaulty
    if fields.has("credits") { components.insert(.credits) }
    let credits = fields["credits"].flatMap { amount($0, "`credits`") }
    let rates = fields["rates"].flatMap { readRates($0, "`rates`", isPriced: true) }
    if fields.has("credits"), credits == nil { isWhole = false }
    if fields.has("rates"), rates == nil { isWhole = false }
    if isWhole, credits == nil, rates == nil {
      report(
        .noPrice, "\(what) has no price", at: Self.firstKey(of: fields),
        help: "write `credits:`, `rates:` or `deny:`; what is free says `credits: 0`")
      isWhole = false
    }
    guard let terms = readTerms(fields, within: table), isWhole else { return nil }
    return .price(
      Price(
        credits: credits, rates: rates ?? [], minimum: terms.minimum, maximum: terms.maximum,
        isAdjustable: terms.isAdjustable ?? true))
  }

  private static func firstKey(of fields: Fields) -> Span {
    fields["name"]?.span ?? fields.fields.first?.key.span ?? fields.span
  }

  /// `deny: TEXT`, which stands alone.
  private mutating func readRefusal(_ fields: Fields) -> CostOutcome? {
    let others = fields.present(Self.priceKeys.filter { $0 != "deny" })
    if let other = others.first {
      reportConflict(
        among: [other, "deny"], in: fields, because: "a rule has a price or refuses")
    }
    guard let node = fields["deny"], let text = refusal(node), others.isEmpty, !fields.isFaulty
    else { return nil }
    return .deny(text)
  }

  /// The text of a refusal, for the caller.
  mutating func refusal(_ node: Node) -> ExactText? {
    guard let text = text(node, "`deny`") else { return nil }
    guard !text.isEmpty, !node.isPlain || Bool(text) == nil else {
      report(
        .wrongKind, "`deny` must be a text for the caller, this is \(node.inWords)",
        at: node.span, help: "write why: `deny: o1 is not part of the Hobby plan.`")
      return nil
    }
    return ExactText(text)
  }

  /// Reads `minimum`, `maximum` and `adjust`, and joins them with those of the table around.
  mutating func readTerms(_ fields: Fields, within table: PriceTerms) -> PriceTerms? {
    var terms = table
    var isWhole = true
    if let node = fields["minimum"] {
      let own = amount(node, "`minimum`")
      if own == nil { isWhole = false }
      terms.minimum = [own, table.minimum].compactMap { $0 }.max()
    }
    if let node = fields["maximum"] {
      let own = amount(node, "`maximum`")
      if own == nil { isWhole = false }
      terms.maximum = [own, table.maximum].compactMap { $0 }.min()
    }
    if let node = fields["adjust"] {
      let own = flag(node, "`adjust`")
      if own == nil { isWhole = false }
      terms.isAdjustable = own
      if own == true, table.isAdjustable == false {
        report(
          .conflictingKeys, "`adjust: true` cannot stand in a table with `adjust: false`",
          at: node.span, help: "what a table says holds for all its cells")
        isWhole = false
      }
    }
    guard isWhole else { return nil }
    if let minimum = terms.minimum, let maximum = terms.maximum, minimum > maximum,
      let node = fields["minimum"] ?? fields["maximum"]
    {
      let note = fields.has("minimum") ? fields["maximum"] : nil
      report(
        .crossedBounds, "the minimum `\(minimum)` is above the maximum `\(maximum)`",
        at: node.span, help: "no price is both",
        notes: note.map { [Diagnostic.Note("`maximum` is here", at: $0.span)] } ?? [])
      return nil
    }
    return terms
  }
}
