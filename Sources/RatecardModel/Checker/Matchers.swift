internal import RatecardDiagnostics
internal import RatecardSyntax
internal import RatecardValues

/// Matchers: what a condition asks of one attribute, typed by the attribute's kind.
extension CheckContext {
  /// A matcher on the values of an attribute; nil after something was reported.
  mutating func readMatcher(_ node: Node, for attribute: Attribute) -> Matcher? {
    switch node.kind {
    case .scalar: scalarMatcher(node, for: attribute)
    case .sequence: listMatcher(node, for: attribute)
    case .mapping: mapMatcher(node, for: attribute)
    }
  }

  /// A scalar, which is also what the keys of a table are: a word, a literal or a glob.
  mutating func scalarMatcher(_ node: Node, for attribute: Attribute) -> Matcher? {
    if node.isPlain {
      switch node.text {
      case "any": return .any
      case "present": return .present
      case "absent": return .absent
      default: break
      }
    }
    return pattern(node, for: attribute).map { .oneOf([$0]) }
  }

  private mutating func listMatcher(_ node: Node, for attribute: Attribute) -> Matcher? {
    guard let items = items(node, "a list of values") else { return nil }
    var patterns: Set<Pattern> = []
    var isWhole = true
    for item in items {
      guard let pattern = listed(item, for: attribute) else {
        isWhole = false
        continue
      }
      guard patterns.insert(pattern).inserted else {
        report(
          .repeatedValue, "`\(item.text)` stands twice in this list", at: item.span,
          help: "remove one of them, or write the value that was meant")
        isWhole = false
        continue
      }
    }
    guard isWhole else { return nil }
    return .oneOf(patterns.sorted(by: Pattern.precedes))
  }

  /// An item of a list: a literal or a glob.
  private mutating func listed(_ item: Node, for attribute: Attribute) -> Pattern? {
    guard item.kind == .scalar else {
      report(
        .wrongKind, "a list holds values alone, this is \(item.inWords)",
        at: item.span,
        help: item.kind == .mapping
          ? "bounds and `not` stand alone; where one of several conditions suffices, "
            + "write `when` as a list of maps" : nil)
      return nil
    }
    let text = item.text
    if item.isPlain, ["any", "present", "absent"].contains(text) {
      report(
        .wordInList, "`\(text)` does not stand in a list", at: item.span,
        help: text == "any"
          ? "`any` alone says it all; in quotes it is the word"
          : "in quotes it is the word; for `\(text)` or a value, write `when` as a list of maps")
      return nil
    }
    return pattern(item, for: attribute)
  }

  /// A literal of the attribute's kind or, on text, a glob.
  private mutating func pattern(_ node: Node, for attribute: Attribute) -> Pattern? {
    let hasStar = node.withUTF8 { $0.contains(UInt8(ascii: "*")) }
    if !hasStar {
      return (knownValue(node, of: attribute) ?? value(node, of: attribute)).map(Pattern.value)
    }
    switch attribute.kind {
    case .text, .choice: return starred(node, of: attribute)
    case .windows:
      report(
        .matcherMismatch, "windows are named one by one, `\(node.text)` has a star",
        at: node.span, help: "write `present` for any window, or a list of names")
      return nil
    case .flag, .count, .quantity, .number, .instant:
      return value(node, of: attribute).map(Pattern.value)
    }
  }

  /// A text or a flag that is plainly a value of an attribute: most are, and not worth the words
  /// of a finding; nil: that has to be looked into.
  private func knownValue(_ node: Node, of attribute: Attribute) -> Value? {
    guard !node.isMissing else { return nil }
    let isModel = attribute.id == .model || attribute.id == .requestedModel
    switch attribute.kind {
    case .text:
      let text = ExactText(node.text)
      return !isModel || (models.isDeclared && models.contains(text)) ? .text(text) : nil
    case .choice(let names) where !isModel:
      let text = ExactText(node.text)
      return names.containsInOrder(text) ? .text(text) : nil
    case .flag where node.isPlain:
      return Bool(node.text).map(Value.flag)
    default:
      return nil
    }
  }

  /// A text with stars: a glob, or a literal where every star has its backslash.
  private mutating func starred(_ node: Node, of attribute: Attribute) -> Pattern? {
    let glob = Glob(parsing: node.text)
    let isModel = attribute.id == .model || attribute.id == .requestedModel
    if let literal = glob.literal.map(ExactText.init) {
      let known: [ExactText]? =
        if case .choice(let names) = attribute.kind {
          names
        } else {
          isModel && models.isDeclared ? models.models.map(\.name) : nil
        }
      guard let known, !known.containsInOrder(literal) else { return .value(.text(literal)) }
      reportUnknown(
        .unknownValue, "`\(attribute.name)` is never `\(literal)`", literal.string, at: node.span,
        among: known.map(\.string), of: section(declaring: attribute))
      return nil
    }
    if case .choice(let names) = attribute.kind,
      !names.contains(where: { glob.matches($0.string) })
    {
      let names = names.map(\.string)
      reportUnknown(
        .unknownValue, "`\(node.text)` matches no value of `\(attribute.name)`", node.text,
        at: node.span, among: names, of: section(declaring: attribute),
        otherwise: Self.list(names))
      return nil
    }
    if isModel { checkModelGlob(glob, at: node.span) }
    return .glob(glob)
  }

  /// The section that says which values an attribute has.
  private func section(declaring attribute: Attribute) -> String {
    switch attribute.id {
    case .tier, .currentTier: "tiers"
    case .plan: "plans"
    case .model, .requestedModel, .modelClass: "models"
    default: "attributes"
    }
  }

  private mutating func mapMatcher(_ node: Node, for attribute: Attribute) -> Matcher? {
    let keys = ["above", "at_least", "below", "at_most", "not"]
    guard let fields = fields(of: node, "a matcher", keys: keys), !fields.isFaulty else {
      return nil
    }
    guard let inner = fields["not"] else { return range(fields, for: attribute) }
    guard fields.fields.count == 1 else {
      reportConflict(
        among: ["not", "above", "at_least", "below", "at_most"], in: fields,
        because: "`not` turns one matcher around")
      return nil
    }
    return readMatcher(inner, for: attribute).map(Matcher.not)
  }
}

extension Pattern {
  /// A total order, so that equal sets are equal lists: literals by value, then globs by bytes.
  static func precedes(_ left: Pattern, _ right: Pattern) -> Bool {
    switch (left, right) {
    case (.value(let left), .value(let right)): Value.precedes(left, right)
    case (.glob(let left), .glob(let right)): left.description.precedesByBytes(right.description)
    case (.value, .glob): true
    case (.glob, .value): false
    }
  }
}

extension Value {
  /// A total order of the values of one attribute, which are all of one kind.
  static func precedes(_ left: Value, _ right: Value) -> Bool {
    switch (left, right) {
    case (.text(let left), .text(let right)): left < right
    case (.number(let left), .number(let right)): left < right
    case (.instant(let left), .instant(let right)): left < right
    case (.flag(let left), .flag(let right)): !left && right
    default: false
    }
  }
}
