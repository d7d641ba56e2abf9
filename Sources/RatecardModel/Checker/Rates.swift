internal import RatecardDiagnostics
internal import RatecardSyntax
internal import RatecardValues

/// A rate as it is written, with the keys that a finding may point at.
struct WrittenRate {
  /// What was read.
  var rate: Rate
  /// The attribute's name.
  let key: Node
  /// The first key that looks at the quantity as a whole, such as `at_least`; nil: none does.
  let shapingKey: Node?
}

/// Rates: what the units of an attribute cost.
extension CheckContext {
  /// Keys of a rate that speak of the quantity as a whole.
  private static let shapingKeys = ["round", "at_least", "at_most", "graduated", "volume"]

  /// A map of attributes and their rates, sorted by the attributes' names; nil after something was
  /// reported.
  ///
  /// With `isPriced` its attributes are components of a price, which `of` may name.
  mutating func readRates(_ node: Node, _ what: String, isPriced: Bool = false) -> [Rate]? {
    guard node.kind == .mapping else {
      report(
        .wrongKind, "\(what) must be a map of attributes and rates, this is \(node.inWords)",
        at: node.span, help: "write `{input_tokens: 3 USD per 1M}`")
      return nil
    }
    guard node.count > 0 else {
      report(
        .noPrice, "\(what) rates nothing", at: node.span,
        help: "name an attribute and its rate, or remove it")
      return nil
    }
    var written: [WrittenRate] = []
    var isWhole = true
    for entry in node.entries {
      guard let attribute = quantity(entry.key) else {
        isWhole = false
        continue
      }
      if isPriced { components.insert(.attribute(attribute.id)) }
      guard !entry.value.isMissing else {
        reportMissingValue(of: entry.key)
        isWhole = false
        continue
      }
      guard let rate = readRate(entry.value, of: attribute, at: entry.key) else {
        isWhole = false
        continue
      }
      written.append(rate)
    }
    if reportShapedWholes(written) { isWhole = false }
    guard isWhole else { return nil }
    guard written.count > 1 else { return written.map(\.rate) }
    return written.sorted { $0.key.text.precedesByBytes($1.key.text) }.map(\.rate)
  }

  /// An attribute that has units: a count or a quantity.
  mutating func quantity(_ key: Node) -> Attribute? {
    guard let attribute = attribute(key) else { return nil }
    guard attribute.kind.isQuantity else {
      report(
        .notAQuantity,
        "`\(attribute.name)` is \(attribute.kind.inWords), only a count or a quantity has units",
        at: key.span)
      return nil
    }
    return attribute
  }

  /// The rate of an attribute: `AMOUNT`, `AMOUNT per N`, or a map.
  private mutating func readRate(
    _ node: Node, of attribute: Attribute, at key: Node
  ) -> WrittenRate? {
    guard node.kind != .scalar else {
      return linearRate(node, "a rate").map {
        WrittenRate(
          rate: Rate(attribute: attribute.id, schedule: .linear($0)), key: key, shapingKey: nil)
      }
    }
    let what = "the rate of `\(attribute.name)`"
    let keys = ["rate", "round", "at_least", "at_most", "graduated", "volume", "after"]
    guard let fields = fields(of: node, what, keys: keys) else { return nil }
    let bounds = readQuantityBounds(fields)
    let schedule = readSchedule(fields, what)
    guard !fields.isFaulty, let bounds, let schedule else { return nil }
    return WrittenRate(
      rate: Rate(
        attribute: attribute.id, rounding: bounds.rounding, atLeast: bounds.atLeast,
        atMost: bounds.atMost, schedule: schedule),
      key: key, shapingKey: Self.shapingKeys.lazy.compactMap(fields.key).first)
  }

  private mutating func readSchedule(_ fields: Fields, _ what: String) -> Rate.Schedule? {
    let kinds = ["rate", "graduated", "volume"]
    let present = fields.present(kinds)
    guard let kind = present.first, let node = fields[kind] else {
      if !fields.isFaulty {
        report(
          .missingKey, "\(what) needs `rate`, `graduated` or `volume`", at: fields.span,
          help: "write what a unit costs: `rate: 3 USD per 1M`")
      }
      return nil
    }
    let isOne = !reportConflict(
      among: kinds, in: fields, because: "a quantity is priced in one way")
    var after: AttributeID?
    var isWhole = isOne
    if let node = fields["after"] {
      if kind == "graduated" {
        after = quantity(node)?.id
        if after == nil { isWhole = false }
      } else if isOne, let key = fields.key("after") {
        report(
          .conflictingKeys,
          "`after` cannot stand beside `\(kind)`: it says where `graduated` "
            + "bands are entered", at: key.span, help: "write `graduated`, or remove `after`")
        isWhole = false
      }
    }
    let schedule: Rate.Schedule? =
      switch kind {
      case "rate": linearRate(node, what).map(Rate.Schedule.linear)
      case "graduated": readBands(node, "`graduated`").map { .graduated($0, after: after) }
      default: readBands(node, "`volume`").map(Rate.Schedule.volume)
      }
    return isWhole ? schedule : nil
  }

  /// Reports rates that shape a quantity of which the same price rates a part; true if any does.
  private mutating func reportShapedWholes(_ rates: [WrittenRate]) -> Bool {
    guard rates.count > 1 else { return false }
    var found = false
    for whole in rates {
      guard let key = whole.shapingKey,
        let part = rates.first(where: { isPart($0.rate.attribute, of: whole.rate.attribute) })
      else { continue }
      found = true
      report(
        .shapedWhole,
        "`\(key.text)` on `\(whole.key.text)` is unclear, its part `\(part.key.text)` is rated "
          + "beside it", at: key.span,
        help: "write a rule for each band instead, with a condition on the whole: "
          + "`when: {\(whole.key.text): {above: …}}`",
        notes: [Diagnostic.Note("the part is here", at: part.key.span)])
    }
    return found
  }

  /// Whether an attribute is a part of another, or a part of its parts.
  private func isPart(_ part: AttributeID, of whole: AttributeID) -> Bool {
    var next = attributes[part.index].partOf
    var steps = 0
    while let id = next, steps < attributes.count {
      if id == whole { return true }
      next = attributes[id.index].partOf
      steps += 1
    }
    return false
  }
}
