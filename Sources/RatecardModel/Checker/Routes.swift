internal import RatecardDiagnostics
internal import RatecardSyntax
internal import RatecardValues

/// The `routes` section: which model serves a request, and how.
extension CheckContext {
  /// What a route may set; `deny` stands alone.
  private static let settings = ["model", "queue", "fallbacks", "params", "split"]
  /// The most models that a route names, and the most parameters.
  private static let listLimit = 256
  /// The largest weight of a side of a split.
  private static let mostWeight = 1_000_000

  /// Reads the routes, sorted by name.
  mutating func readRoutes() -> [Rule<RouteOutcome>] {
    let entries = listItems("routes", of: "route", limit: RuleSection.mostRules)
      .compactMap { readRoute($0) }
    return resolve(entries, in: .routes)
  }

  private mutating func readRoute(_ node: Node) -> RuleEntry<RouteOutcome>? {
    let keys = Self.headKeys + Self.settings + ["deny"]
    guard let fields = fields(of: node, "a route", keys: keys) else {
      partialSections.insert("routes")
      return nil
    }
    let head = readHead(fields, in: .routes)
    let outcome = readRouteOutcome(fields)
    return head.map { RuleEntry($0, outcome) }
  }

  private mutating func readRouteOutcome(_ fields: Fields) -> RouteOutcome? {
    var isWhole = !fields.isFaulty
    if let other = fields.present(Self.settings).first, fields.has("deny") {
      reportConflict(
        among: [other, "deny"], in: fields, because: "a route serves a request or refuses it")
      isWhole = false
    }
    if let node = fields["deny"] {
      let text = refusal(node)
      return isWhole ? text.map(RouteOutcome.deny) : nil
    }
    if reportConflict(
      among: ["model", "split"], in: fields, because: "a split chooses the model")
    {
      isWhole = false
    }
    let model = fields["model"].map { servingModel($0) }
    let queue = fields["queue"].map { name($0, "`queue`").map(ExactText.init) }
    let fallbacks = fields["fallbacks"].map { readFallbacks($0) }
    let parameters = fields["params"].map { readParameters($0) }
    let split = fields["split"].map { readSplit($0) }
    if model == .some(nil) || queue == .some(nil) || fallbacks == .some(nil)
      || parameters == .some(nil) || split == .some(nil)
    {
      isWhole = false
    }
    guard isWhole else { return nil }
    return .route(
      Route(
        model: model ?? nil, queue: queue ?? nil, fallbacks: (fallbacks ?? nil) ?? [],
        parameters: (parameters ?? nil) ?? [], split: split ?? nil))
  }

  /// One model, by its name: nothing serves "any of these", nor a model that `model` never is.
  private mutating func servingModel(_ node: Node) -> ExactText? {
    guard node.kind == .scalar, node.withUTF8({ $0.contains(UInt8(ascii: "*")) }) else {
      guard case .text(let name)? = value(node, of: attributes[AttributeID.model.index]) else {
        return nil
      }
      return name
    }
    report(
      .wrongKind, "a route must name one model, `\(node.text)` is a pattern", at: node.span,
      help: "write the name of the model that serves")
    return nil
  }

  private mutating func readFallbacks(_ node: Node) -> [ExactText]? {
    guard let items = oneOrMore(node, "`fallbacks`"),
      isWithin(items, "a route", "fallbacks")
    else { return nil }
    var result: [ExactText] = []
    var isWhole = true
    for item in items {
      guard let model = servingModel(item) else {
        isWhole = false
        continue
      }
      if result.contains(model) {
        report(
          .repeatedValue, "`\(model)` stands twice in `fallbacks`", at: item.span,
          help: "remove one of them")
        isWhole = false
      }
      result.append(model)
    }
    return isWhole ? result : nil
  }

  /// A map of scalars, handed through as they are.
  private mutating func readParameters(_ node: Node) -> [Route.Parameter]? {
    guard node.kind == .mapping else {
      report(
        .wrongKind, "`params` must be a map of names and values, this is \(node.inWords)",
        at: node.span, help: "write `{temperature: 0.2}`")
      return nil
    }
    guard isWithin(node.entries.map(\.key), "a route", "parameters") else { return nil }
    var result: [Route.Parameter] = []
    var isWhole = true
    for entry in node.entries {
      guard !entry.value.isMissing else {
        reportMissingValue(of: entry.key)
        isWhole = false
        continue
      }
      guard let value = parameter(entry.value, "the parameter `\(entry.key.text)`") else {
        isWhole = false
        continue
      }
      result.append(Route.Parameter(name: ExactText(entry.key.text), value: value))
    }
    return isWhole ? result.sorted { $0.name < $1.name } : nil
  }

  /// `{by: ATTRIBUTE, MODEL: WEIGHT, …}`.
  private mutating func readSplit(_ node: Node) -> Route.Split? {
    guard node.kind == .mapping else {
      report(
        .wrongKind, "`split` must be a map of models and weights, this is \(node.inWords)",
        at: node.span, help: "write `{by: customer, claude-sonnet: 90, gpt-4o: 10}`")
      return nil
    }
    guard isWithin(node.entries.map(\.key), "a split", "models") else { return nil }
    var by: AttributeID?
    var sides: [Route.Split.Side] = []
    var isWhole = true
    for entry in node.entries {
      guard !entry.value.isMissing else {
        reportMissingValue(of: entry.key)
        isWhole = false
        continue
      }
      if entry.key.text == "by" {
        by = splitAttribute(entry.value)
        if by == nil { isWhole = false }
        continue
      }
      let model = servingModel(entry.key)
      let weight = integer(
        entry.value, "the weight of `\(entry.key.text)`", in: 0...Self.mostWeight)
      guard let model, let weight else {
        isWhole = false
        continue
      }
      sides.append(Route.Split.Side(model: model, weight: weight))
    }
    guard isWhole else { return nil }
    guard let by else {
      report(
        .missingKey, "`split` needs `by`", at: node.span,
        help: "name the attribute that keeps its side, such as `by: customer`")
      return nil
    }
    guard sides.contains(where: { $0.weight > 0 }) else {
      report(
        .missingKey, "`split` gives no model any weight", at: node.span,
        help: "write `{by: customer, claude-sonnet: 90, gpt-4o: 10}`")
      return nil
    }
    return Route.Split(by: by, sides: sides.sorted { $0.model < $1.model })
  }

  private mutating func splitAttribute(_ node: Node) -> AttributeID? {
    guard let attribute = attribute(node) else { return nil }
    guard attribute.kind != .windows else {
      report(
        .wrongKind, "`window` has no one value to keep a side by", at: node.span,
        help: "name an attribute such as `customer`")
      return nil
    }
    return attribute.id
  }

  private mutating func isWithin(_ nodes: [Node], _ what: String, _ things: String) -> Bool {
    guard nodes.count > Self.listLimit else { return true }
    report(
      .tooMany, "\(what) has at most \(Self.listLimit) \(things), this one has \(nodes.count)",
      at: nodes[Self.listLimit].span, help: "this is the first one over the limit")
    return false
  }
}
