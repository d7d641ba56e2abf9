internal import RatecardDiagnostics
internal import RatecardSyntax
internal import RatecardValues

/// The attributes that every card has, and how a card may narrow them.
extension CheckContext {
  /// The built-in attributes, at their fixed places.
  func builtInAttributes() -> [Attribute] {
    let plans: Attribute.Kind = sections.contains("plans") ? .choice(planNames) : .text
    let classes = Set(models.models.compactMap(\.modelClass)).sorted()
    let all: [(AttributeID, String, Attribute.Kind, Attribute.Origin)] = [
      (.customer, "customer", .text, .builtIn),
      (.requestType, "request_type", .text, .builtIn),
      (.model, "model", .text, .builtIn),
      (.requestedModel, "requested_model", .text, .builtIn),
      (.modelClass, "model_class", .choice(classes), .derived),
      (.plan, "plan", plans, .builtIn),
      (.tier, "tier", .choice(tierNames), .builtIn),
      (.currentTier, "current_tier", .choice(tierNames), .builtIn),
      (.balance, "balance", .number, .builtIn),
      (.granted, "granted", .number, .builtIn),
      (.balancePercent, "balance_percent", .number, .derived),
      (.at, "at", .instant, .builtIn),
      (.window, "window", .windows, .derived),
      (.event, "on", .text, .event),
    ]
    precondition(
      all.enumerated().allSatisfy { $0.offset == $0.element.0.index }
        && all.count == AttributeID.builtInCount,
      "the built-in attributes stand at their places")
    return all.map { Attribute(id: $0.0, name: $0.1, kind: $0.2, origin: $0.3) }
  }

  /// A built-in attribute as the card narrows it; nil after something was reported.
  mutating func narrowed(
    _ attribute: Attribute, by declaration: AttributeDeclaration
  ) -> Attribute? {
    let name = attribute.name
    switch attribute.id {
    case .modelClass, .balancePercent, .window:
      report(
        .reservedName, "`\(name)` is worked out by the program and cannot be declared",
        at: declaration.key.span, help: "remove it, or give it another name")
      return nil
    case .tier, .requestedModel:
      report(
        .reservedName, "`\(name)` is the outcome of a decision and cannot be declared",
        at: declaration.key.span,
        help: attribute.id == .tier ? "remove it" : "narrow `model` instead")
      return nil
    default: break
    }
    if let whole = declaration.wholeNode {
      report(
        .partOfKind, "`\(name)` is built in and part of nothing", at: whole.span,
        help: "remove `part_of`")
      return nil
    }
    if attribute.id == .at, let node = declaration.defaultNode {
      report(
        .invalidDefault, "`at` is the present when a request does not say it", at: node.span,
        help: "remove `default`")
      return nil
    }
    guard let kind = attribute.kind.narrowed(to: declaration.kind) else {
      report(
        .notNarrower,
        "`\(name)` is built in as \(attribute.kind.inWords) and cannot become "
          + declaration.kind.inWords, at: declaration.key.span,
        help: "a built-in attribute can only be narrowed; give yours another name")
      return nil
    }
    let narrowed = Attribute(
      id: attribute.id, name: name, kind: kind, origin: attribute.origin,
      span: declaration.key.span)
    return narrowed.with(defaultValue: defaultValue(declaration, of: narrowed))
  }
}

extension Attribute.Kind {
  /// The kind that a built-in attribute of this kind has when a card declares it as `kind`; nil
  /// when that is not narrower.
  func narrowed(to kind: Self) -> Self? {
    switch (self, kind) {
    case (.text, .text), (.text, .choice), (.instant, .instant): kind
    case (.number, .number), (.number, .quantity), (.number, .count): kind
    case (.choice, .text): self
    case (.choice(let all), .choice(let some)): Set(some).isSubset(of: all) ? kind : nil
    default: nil
    }
  }

  /// What it is, in a person's words.
  var inWords: String {
    switch self {
    case .text: "a text"
    case .choice(let texts):
      texts.count > 6 ? "a closed set" : "one of " + texts.map { "`\($0)`" }.joined(separator: ", ")
    case .flag: "a flag"
    case .count: "a count"
    case .quantity: "a quantity"
    case .number: "a number"
    case .instant: "an instant"
    case .windows: "a set of windows"
    }
  }

  /// Whether it counts something that a price may rate.
  var isQuantity: Bool { self == .count || self == .quantity }
}

extension Attribute {
  /// The same attribute with another default.
  func with(defaultValue: Value?) -> Attribute {
    Attribute(
      id: id, name: name, kind: kind, defaultValue: defaultValue, partOf: partOf, origin: origin,
      span: span)
  }

  /// The same attribute with another kind.
  func with(kind: Kind) -> Attribute {
    Attribute(
      id: id, name: name, kind: kind, defaultValue: defaultValue, partOf: partOf, origin: origin,
      span: span)
  }

  /// The same attribute as a part of another.
  func with(partOf: AttributeID?) -> Attribute {
    Attribute(
      id: id, name: name, kind: kind, defaultValue: defaultValue, partOf: partOf, origin: origin,
      span: span)
  }
}
