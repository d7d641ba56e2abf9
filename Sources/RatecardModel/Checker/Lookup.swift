internal import RatecardDiagnostics
internal import RatecardSyntax
internal import RatecardValues

/// Names that sections use for what other sections declare. Each returns nil after reporting.
extension CheckContext {
  /// The attribute that a key or a scalar names; `event.NAME` only where `inEvents`.
  mutating func attribute(_ node: Node, inEvents: Bool = false) -> Attribute? {
    guard let name = text(node, "an attribute's name") else { return nil }
    if let id = attributeIDs[ExactText(name)] {
      let attribute = attributes[id.index]
      if attribute.origin != .event || inEvents { return attribute }
      report(
        .unknownAttribute, "`\(name)` is known only where a provider's event is handled",
        at: node.span, help: "it may stand in the conditions of `events`")
      return nil
    }
    guard !faultyAttributes.contains(ExactText(name)) else { return nil }
    let known =
      attributes.filter { $0.origin != .event || inEvents }.map(\.name)
      + faultyAttributes.map(\.string)
    reportUnknown(
      .unknownAttribute, "no attribute is called `\(name)`", name, at: node.span, among: known,
      of: "attributes", otherwise: "declare it under `attributes:`")
    return nil
  }

  /// A literal value of an attribute, of the attribute's kind; models, tiers, plans, windows and
  /// closed sets are checked against what there is.
  ///
  /// Globs are the caller's business.
  mutating func value(_ node: Node, of attribute: Attribute) -> Value? {
    let what = "`\(attribute.name)`"
    switch attribute.kind {
    case .text:
      if attribute.id == .model || attribute.id == .requestedModel {
        return modelName(node).map(Value.text)
      }
      return text(node, what).map { .text(ExactText($0)) }
    case .choice(let names):
      if attribute.id == .model || attribute.id == .requestedModel {
        guard let name = modelName(node) else { return nil }
        return member(name, of: names, attribute, at: node.span).map(Value.text)
      }
      guard let name = text(node, what).map(ExactText.init) else { return nil }
      return member(name, of: names, attribute, at: node.span).map(Value.text)
    case .windows:
      guard let name = text(node, what).map(ExactText.init) else { return nil }
      return member(name, of: windowNames, attribute, at: node.span).map(Value.text)
    case .flag: return flag(node, what).map(Value.flag)
    case .count:
      guard let number = number(node, what, from: 0) else { return nil }
      guard number.isInteger else {
        report(
          .numberOutOfRange, "\(what) is a count and must be a whole number, not `\(node.text)`",
          at: node.span)
        return nil
      }
      return .number(number)
    case .quantity: return number(node, what, from: 0).map(Value.number)
    case .number: return number(node, what, signed: true).map(Value.number)
    case .instant: return instant(node, what).map(Value.instant)
    }
  }

  /// A tier's name, as a rule or an event sets it.
  mutating func tierName(_ node: Node) -> ExactText? {
    guard let name = text(node, "a tier").map(ExactText.init) else { return nil }
    return member(name, of: tierNames, attributes[AttributeID.tier.index], at: node.span)
  }

  private mutating func member(
    _ name: ExactText, of names: [ExactText], _ attribute: Attribute, at span: Span
  ) -> ExactText? {
    if names.containsInOrder(name) { return name }
    let known = names.map(\.string)
    let (section, message, otherwise): (String, String, String?) =
      switch attribute.id {
      case .tier, .currentTier:
        (
          "tiers", "no tier is called `\(name)`",
          "a tier is what a rule of `tiers` gives: `tier: \(name)`"
        )
      case .plan: ("plans", "no plan is called `\(name)`", "declare it under `plans:`")
      case .window: ("windows", "no window is called `\(name)`", "declare it under `windows:`")
      case .modelClass:
        (
          "models", "no model is of class `\(name)`",
          "give it to a model: `NAME: {class: \(name)}`"
        )
      default: ("attributes", "`\(attribute.name)` is never `\(name)`", nil)
      }
    reportUnknown(
      .unknownValue, message, name.string, at: span, among: known, of: section,
      otherwise: Self.list(known) ?? otherwise)
    return nil
  }
}
