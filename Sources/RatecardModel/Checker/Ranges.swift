internal import RatecardDiagnostics
internal import RatecardSyntax
internal import RatecardValues

/// Ranges: one lower bound, one upper bound, or both.
extension CheckContext {
  /// The range that the bounds of a matcher make.
  mutating func range(_ fields: Fields, for attribute: Attribute) -> Matcher? {
    guard let first = fields.fields.first else {
      report(
        .missingKey, "the matcher of `\(attribute.name)` says nothing", at: fields.span,
        help: "write a value, a list of values, `{above: …}`, `{at_least: …}`, `{below: …}`, "
          + "`{at_most: …}` or `{not: …}`")
      return nil
    }
    if let kind = attribute.kind.withoutOrder {
      report(
        .matcherMismatch, "`\(attribute.name)` is \(kind), so nothing is `\(first.key.text)` it",
        at: first.key.span, help: "bounds are for numbers and instants")
      return nil
    }
    let lowerClash = reportConflict(
      among: ["above", "at_least"], in: fields, because: "a range has one lower bound")
    let upperClash = reportConflict(
      among: ["below", "at_most"], in: fields, because: "a range has one upper bound")
    guard !lowerClash, !upperClash else { return nil }

    var isWhole = true
    let lower = bound(["above", "at_least"], fields, of: attribute, &isWhole)
    let upper = bound(["below", "at_most"], fields, of: attribute, &isWhole)
    guard isWhole else { return nil }
    if isEmpty(lower, upper, attribute.kind) {
      report(
        .emptyRange, "no value of `\(attribute.name)` is \(Self.inWords(fields))",
        at: fields.span,
        help: emptyRangeHelp(lower, upper))
      return nil
    }
    return .range(lower: lower, upper: upper)
  }

  /// The bound under whichever of two keys is there; the second of them belongs to the range.
  private mutating func bound(
    _ keys: [String], _ fields: Fields, of attribute: Attribute, _ isWhole: inout Bool
  ) -> Bound? {
    guard let key = keys.first(where: fields.has), let node = fields[key] else { return nil }
    let value: Value? =
      if case .instant = attribute.kind {
        instant(node, "`\(key)`").map(Value.instant)
      } else {
        number(node, "`\(key)`", signed: true).map(Value.number)
      }
    guard let value else {
      isWhole = false
      return nil
    }
    return Bound(value, isInclusive: key == keys[1])
  }

  private func emptyRangeHelp(_ lower: Bound?, _ upper: Bound?) -> String {
    guard let lower, let upper else { return "it is 0 or more" }
    return Value.precedes(lower.value, upper.value)
      ? "it is a whole number" : "the lower bound must lie below the upper one"
  }

  /// Whether no value of a kind lies within both bounds.
  private func isEmpty(_ lower: Bound?, _ upper: Bound?, _ kind: Attribute.Kind) -> Bool {
    guard let upper else { return false }
    guard let lower else {
      guard kind == .count || kind == .quantity, case .number(let most) = upper.value else {
        return false
      }
      return most < .zero || most.isZero && !upper.isInclusive
    }
    if lower.value == upper.value { return !lower.isInclusive || !upper.isInclusive }
    if Value.precedes(upper.value, lower.value) { return true }
    guard kind == .count, case .number(let least) = lower.value, !lower.isInclusive,
      case .number(let most) = upper.value, !upper.isInclusive,
      let first = least.asInteger(), let last = most.asInteger()
    else { return false }
    return last - first < 2
  }

  private static func inWords(_ fields: Fields) -> String {
    let words = ["above": "above", "at_least": "at least", "below": "below", "at_most": "at most"]
    return ["above", "at_least", "below", "at_most"].compactMap { key in
      fields[key].map { "\(words[key] ?? key) `\($0.text)`" }
    }.joined(separator: " and ")
  }
}

extension Attribute.Kind {
  /// What it is, in words, where its values have no order; nil where they have.
  var withoutOrder: String? {
    switch self {
    case .text: "text"
    case .choice: "one of a closed set"
    case .flag: "a flag"
    case .windows: "a set of windows"
    case .count, .quantity, .number, .instant: nil
    }
  }
}
