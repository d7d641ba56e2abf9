internal import RatecardDiagnostics
internal import RatecardSyntax
internal import RatecardValues

/// The `guards` section.
extension CheckContext {
  /// The most guards of a card.
  private static let guardLimit = 1_000
  /// The keys of which a guard has exactly one.
  private static let promises = [
    "credits", "never_falls_in", "denied", "never_denied", "priced", "changes",
  ]

  /// Reads the guards, in the order of their places.
  mutating func readGuards() -> [Guard] {
    var names = NameTable(of: "guard")
    var guards: [Guard] = []
    for node in listItems("guards", of: "guard", limit: Self.guardLimit) {
      if let found = cardGuard(node, names: &names) { guards.append(found) }
    }
    return guards.sorted { $0.span < $1.span }
  }

  private mutating func cardGuard(_ node: Node, names: inout NameTable) -> Guard? {
    guard let fields = fields(of: node, "a guard", keys: ["name", "when"] + Self.promises) else {
      return nil
    }
    let name = fields["name"].flatMap { node -> String? in
      guard let name = self.name(node, "a guard's name") else { return nil }
      return names.claim(name, at: node.span, in: &self) ? name : nil
    }
    let alternatives = readWhen(fields["when"])
    let promised = fields.present(Self.promises)
    if promised.isEmpty, !fields.isFaulty {
      report(
        .missingKey, "a guard promises nothing", at: node.span,
        help: "add one of " + Self.promises.map { "`\($0)`" }.joined(separator: ", "))
    }
    reportConflict(among: Self.promises, in: fields, because: "a guard promises one thing")
    guard let key = promised.first, let value = fields[key],
      let promise = promise(key, value), let alternatives
    else { return nil }
    return Guard(
      name: name ?? conditionsName(fields["when"]) ?? "always",
      scope: RuleScope(alternatives: alternatives), promise: promise, span: node.span)
  }

  private mutating func promise(_ key: String, _ node: Node) -> Guard.Promise? {
    switch key {
    case "credits": return creditsPromise(node).map(Guard.Promise.credits)
    case "never_falls_in": return fallingPromise(node).map(Guard.Promise.neverFallsIn)
    case "denied":
      return affirmed(node, key, instead: "never_denied: true") ? .denied : nil
    case "never_denied":
      return affirmed(node, key, instead: "denied: true") ? .neverDenied : nil
    case "priced": return affirmed(node, key, instead: nil) ? .priced : nil
    default: return changesPromise(node)
    }
  }

  /// `true`; what else could be meant by `false` is another guard.
  private mutating func affirmed(_ node: Node, _ key: String, instead: String?) -> Bool {
    guard let flag = flag(node, "`\(key)`") else { return false }
    if !flag {
      report(
        .unknownOption, "`\(key)` can only be promised, not denied", at: node.span,
        help: instead.map { "write `\($0)`" } ?? "remove the guard")
    }
    return flag
  }

  private mutating func creditsPromise(_ node: Node) -> Matcher? {
    let credits = Attribute(
      id: AttributeID(-1), name: "credits", kind: .number, origin: .derived)
    guard let matcher = readMatcher(node, for: credits) else { return nil }
    switch matcher {
    case .oneOf, .range: return matcher
    case .any, .present, .absent, .not:
      report(
        .wrongKind, "`credits` must be promised as a number or a range, not \(node.inWords)",
        at: node.span, help: "write `credits: {at_least: 1}`")
      return nil
    }
  }

  private mutating func fallingPromise(_ node: Node) -> [AttributeID]? {
    guard let items = oneOrMore(node, "`never_falls_in`") else { return nil }
    var result: [AttributeID] = []
    for item in items {
      guard let attribute = attribute(item) else { continue }
      if !attribute.kind.isQuantity {
        report(
          .notAQuantity,
          "`\(attribute.name)` is \(attribute.kind.inWords), a price can only rise "
            + "with a count or a quantity", at: item.span)
      } else if result.contains(attribute.id) {
        report(
          .repeatedValue, "`\(attribute.name)` stands twice in `never_falls_in`", at: item.span,
          help: "remove one of them")
      } else {
        result.append(attribute.id)
      }
    }
    return result.isEmpty ? nil : result.sorted()
  }

  /// `{at_most: 3x, at_least: 0.5x}`.
  private mutating func changesPromise(_ node: Node) -> Guard.Promise? {
    guard let fields = fields(of: node, "`changes`", keys: ["at_most", "at_least"]) else {
      return nil
    }
    if fields.fields.isEmpty, !fields.isFaulty {
      report(
        .missingKey, "`changes` needs `at_most` or `at_least`", at: node.span,
        help: "write `{at_most: 3x}`")
    }
    let atMost = fields["at_most"].flatMap { factor($0, "`at_most`") }
    let atLeast = fields["at_least"].flatMap { factor($0, "`at_least`") }
    if let atMost, let atLeast, atMost < atLeast, let node = fields["at_least"] {
      report(
        .numberOutOfRange, "no change is at least `\(atLeast)x` and at most `\(atMost)x`",
        at: node.span)
    }
    return .changes(atMost: atMost, atLeast: atLeast)
  }

  /// A multiple of a price: `3x`.
  private mutating func factor(_ node: Node, _ what: String) -> Number? {
    guard let text = text(node, what) else { return nil }
    guard text.hasSuffix("x") else {
      report(
        .malformedNumber, "\(what) must be a multiple of the old price, not `\(text)`",
        at: node.span,
        help: "write `\((try? Number(parsing: text)) == nil ? "3" : text)x`")
      return nil
    }
    return number(String(text.dropLast()), at: node.span, what)
  }
}
