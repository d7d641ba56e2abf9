internal import RatecardDiagnostics
internal import RatecardSyntax
internal import RatecardValues

/// A table of costs, as far as its cells need it.
private struct CostTable {
  /// The attributes of its levels.
  let axes: [Attribute]
  /// What each amount is a rate on; nil: amounts are flat.
  let per: (attribute: AttributeID, bounds: QuantityBounds)?
  /// What holds for all cells.
  let terms: PriceTerms
  /// How many cells there may be.
  let room: Int
  /// The cells read so far.
  var cells: [RuleCell<CostOutcome>] = []
  /// Whether all cells could be read.
  var isWhole = true
}

/// Tables: shorthand for one rule a cell.
extension CheckContext {
  /// The most levels of a table.
  private static let axisLimit = 16

  /// Reads a table; nil, after something was reported, when its name is not known.
  mutating func readTable(_ node: Node, room: Int) -> RuleEntry<CostOutcome>? {
    let own = ["table", "cells", "per", "adjust", "minimum", "maximum"]
    guard
      let fields = fields(
        of: node, "a table", keys: Self.headKeys + own, required: ["table", "cells"])
    else { return nil }
    if fields.isFaulty { partialSections.insert("costs") }
    let axes = fields["table"].flatMap { readAxes($0) }
    let names = fields["table"].map { table in
      (table.kind == .sequence ? Array(table.items) : [table]).map(\.text).joined(separator: ", ")
    }
    let head = readHead(fields, in: .costs, axes: names ?? "")
    let terms = readTerms(fields, within: PriceTerms())
    let per = fields["per"].flatMap { readPer($0) }
    guard let axes, let cells = fields["cells"], let terms, per != nil || !fields.has("per") else {
      return head.map { RuleEntry($0, cells: [], isWhole: false) }
    }
    var table = CostTable(axes: axes, per: per, terms: terms, room: room)
    readLevel(cells, "`cells`", path: "", conditions: [], into: &table)
    guard let head else { return nil }
    let isWhole = table.isWhole && isWithinConditions(head, axes)
    return RuleEntry(head, cells: table.cells, isWhole: isWhole)
  }

  private mutating func readAxes(_ node: Node) -> [Attribute]? {
    guard let items = oneOrMore(node, "`table`") else { return nil }
    guard items.count <= Self.axisLimit else {
      report(
        .tooMany, "a table has at most \(Self.axisLimit) levels, this one has \(items.count)",
        at: items[Self.axisLimit].span, help: "this is the first one over the limit")
      return nil
    }
    var axes: [Attribute] = []
    for item in items {
      guard let attribute = attribute(item, in: .costs) else { continue }
      if axes.contains(where: { $0.id == attribute.id }) {
        report(
          .repeatedValue, "`\(attribute.name)` stands twice in `table`", at: item.span,
          help: "remove one of them")
      } else {
        axes.append(attribute)
      }
    }
    return axes.count == items.count ? axes : nil
  }

  /// `per: ATTRIBUTE`, or a map of it and what happens to its quantity.
  private mutating func readPer(
    _ node: Node
  ) -> (attribute: AttributeID, bounds: QuantityBounds)? {
    guard node.kind == .mapping else {
      return quantity(node).map { ($0.id, QuantityBounds()) }
    }
    guard let entry = node.entries.first, node.count == 1 else {
      report(
        .wrongKind, "`per` must name one attribute, this names \(node.count)", at: node.span,
        help: "rates on several attributes stand in the cells: `{rates: {…}}`")
      return nil
    }
    let attribute = quantity(entry.key)
    guard !entry.value.isMissing else {
      reportMissingValue(of: entry.key)
      return nil
    }
    let keys = ["round", "at_least", "at_most"]
    guard let fields = fields(of: entry.value, "`per`", keys: keys) else { return nil }
    guard let bounds = readQuantityBounds(fields), let attribute, !fields.isFaulty else {
      return nil
    }
    return (attribute.id, bounds)
  }

  /// Reads a level of the cells: keys of one axis, and below them the next level or the cells.
  private mutating func readLevel(
    _ node: Node, _ what: String, path: String, conditions: [Condition],
    into table: inout CostTable
  ) {
    let axis = table.axes[conditions.count]
    guard node.kind == .mapping else {
      report(
        .wrongKind, "\(what) must be a map by `\(axis.name)`, this is \(node.inWords)",
        at: node.span, help: "write `{KEY: AMOUNT}`; where every value is meant, the key is `any`")
      return table.isWhole = false
    }
    guard node.count > 0 else {
      report(
        .missingValue, "\(what) has no cells", at: node.span,
        help: "write `{KEY: AMOUNT}`, or remove it")
      return table.isWhole = false
    }
    let isLast = conditions.count + 1 == table.axes.count
    for entry in node.entries {
      guard table.cells.count < table.room || !table.isWhole else {
        report(
          .tooMany, "a card has at most \(RuleSection.mostRules) cost rules, cells counted",
          at: entry.key.span, help: "this is the first one over the limit")
        return table.isWhole = false
      }
      guard !entry.value.isMissing else {
        reportMissingValue(of: entry.key)
        table.isWhole = false
        continue
      }
      guard let matcher = scalarMatcher(entry.key, for: axis) else {
        table.isWhole = false
        continue
      }
      let name = Self.matcherName(entry.key)
      let path = path.isEmpty ? name : "\(path)/\(name)"
      let conditions = conditions + [Condition(axis.id, matcher, span: entry.key.span)]
      if entry.value.kind == .mapping, !isLast {
        readLevel(entry.value, "`\(path)`", path: path, conditions: conditions, into: &table)
      } else if let outcome = readCell(entry.value, path, in: table) {
        table.cells.append(
          RuleCell(path: path, conditions: conditions, outcome: outcome, span: entry.key.span))
      } else {
        table.isWhole = false
      }
    }
  }

  /// A cell: an amount, or a whole price.
  private mutating func readCell(
    _ node: Node, _ path: String, in table: CostTable
  ) -> CostOutcome? {
    let what = "`\(path)`"
    guard node.kind == .mapping else { return readAmountCell(node, what, in: table) }
    let isPrice = node.entries.contains { Self.priceKeys.contains($0.key.text) }
    guard isPrice || node.count == 0 else {
      let axes = table.axes.map { "`\($0.name)`" }.joined(separator: ", ")
      report(
        .wrongKind, "the cell \(what) must be an amount or a price, this is another map",
        at: node.span,
        help: "the table's levels are \(axes); the keys of a price are "
          + Self.priceKeys.map { "`\($0)`" }.joined(separator: ", "))
      return nil
    }
    guard let fields = fields(of: node, "the cell \(what)", keys: Self.priceKeys) else {
      return nil
    }
    return readOutcome(fields, "the cell \(what)", within: table.terms)
  }

  private mutating func readAmountCell(
    _ node: Node, _ what: String, in table: CostTable
  ) -> CostOutcome? {
    var credits: Rational?
    var rates: [Rate] = []
    if let per = table.per {
      components.insert(.attribute(per.attribute))
      guard let rate = linearRate(node, what) else { return nil }
      rates = [
        Rate(
          attribute: per.attribute, rounding: per.bounds.rounding, atLeast: per.bounds.atLeast,
          atMost: per.bounds.atMost, schedule: .linear(rate))
      ]
    } else {
      components.insert(.credits)
      credits = amount(node, what)
      guard credits != nil else { return nil }
    }
    return .price(
      Price(
        credits: credits, rates: rates, minimum: table.terms.minimum,
        maximum: table.terms.maximum, isAdjustable: table.terms.isAdjustable ?? true))
  }

  /// Whether the cells stay within the conditions of a rule, those of the table's `when` counted.
  private mutating func isWithinConditions(_ head: RuleHead, _ axes: [Attribute]) -> Bool {
    let count = head.alternatives.reduce(0) { $0 + $1.count + axes.count }
    guard count > Self.mostConditions else { return true }
    report(
      .tooMany,
      "a cell of this table has \(count) conditions, a rule has at most \(Self.mostConditions)",
      at: head.span, help: "every alternative of `when` has the conditions of a cell's keys, too")
    return false
  }
}
