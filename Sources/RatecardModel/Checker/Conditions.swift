internal import RatecardDiagnostics
internal import RatecardSyntax
internal import RatecardValues

/// Conditions: `when`, and `from` and `until` beside it.
extension CheckContext {
  /// The most alternatives of a `when`.
  static let mostAlternatives = 64
  /// The most conditions of a `when`, in all of its alternatives.
  static let mostConditions = 256

  /// What a `when` says: one list of conditions an alternative; no `when` is one empty list.
  ///
  /// The section decides which attributes may be looked at. Alternatives and conditions are
  /// sorted, so that what was written first means nothing. Nil after something was reported.
  mutating func readWhen(_ node: Node?, in section: RuleSection = .costs) -> [[Condition]]? {
    guard let node else { return [[]] }
    guard let maps = alternatives(node) else { return nil }
    var result: [[Condition]] = []
    var count = 0
    var isWhole = true
    for map in maps {
      guard map.kind == .mapping else {
        report(
          .wrongKind, "`when` must be a map of attributes and matchers, this is \(map.inWords)",
          at: map.span, help: "write `when: {ATTRIBUTE: VALUE}`")
        isWhole = false
        continue
      }
      count += map.count
      guard count <= Self.mostConditions else {
        report(
          .tooMany, "a rule has at most \(Self.mostConditions) conditions, here are more",
          at: map.span, help: "a list of values is one condition; so is a table's key")
        return nil
      }
      guard let conditions = conditions(map, in: section) else {
        isWhole = false
        continue
      }
      result.append(conditions)
    }
    return isWhole ? result : nil
  }

  /// The maps of a `when`, of which one must hold, in an order that does not depend on theirs.
  private mutating func alternatives(_ node: Node) -> [Node]? {
    guard node.kind == .sequence else { return [node] }
    guard let items = items(node, "`when`") else { return nil }
    guard items.count <= Self.mostAlternatives else {
      report(
        .tooMany,
        "a rule has at most \(Self.mostAlternatives) alternatives, this one has \(items.count)",
        at: items[Self.mostAlternatives].span, help: "this is the first one over the limit")
      return nil
    }
    guard items.count > 1 else { return items }
    return items.map { (node: $0, name: conditionsName($0) ?? "") }
      .sorted { $0.name.precedesByBytes($1.name) }.map(\.node)
  }

  private mutating func conditions(_ map: Node, in section: RuleSection) -> [Condition]? {
    var result: [Condition] = []
    result.reserveCapacity(map.count)
    var isWhole = true
    for entry in map.entries {
      guard let attribute = attribute(entry.key, in: section) else {
        isWhole = false
        continue
      }
      guard !entry.value.isMissing else {
        reportMissingValue(of: entry.key)
        isWhole = false
        continue
      }
      guard let matcher = readMatcher(entry.value, for: attribute) else {
        isWhole = false
        continue
      }
      let place = entry.key.span.joined(entry.value.span)
      result.append(Condition(attribute.id, matcher, span: place))
    }
    guard isWhole else { return nil }
    return result.count > 1 ? result.sorted { $0.attribute < $1.attribute } : result
  }

  /// When a rule holds, by its `from` and `until`; nil after something was reported.
  mutating func readPeriod(_ fields: Fields) -> (from: Instant?, until: Instant?)? {
    var isWhole = true
    var ends: [Instant?] = []
    for key in ["from", "until"] {
      guard let node = fields[key] else {
        ends.append(nil)
        continue
      }
      let end = instant(node, "`\(key)`")
      ends.append(end)
      if end == nil { isWhole = false }
    }
    guard isWhole else { return nil }
    if let from = ends[0], let until = ends[1], until <= from, let node = fields["until"] {
      report(
        .emptyRange, "`until` is not after `from`, so there is no such time", at: node.span,
        help: "`until` is the first instant at which it no longer holds")
      return nil
    }
    return (ends[0], ends[1])
  }
}
