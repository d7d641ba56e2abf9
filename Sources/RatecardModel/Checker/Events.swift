internal import RatecardDiagnostics
internal import RatecardSyntax
internal import RatecardValues

/// The `events` section: what the billing provider's events do to a customer.
extension CheckContext {
  /// Reads the event rules, sorted by name.
  mutating func readEvents() -> [Rule<EventOutcome>] {
    let entries = listItems("events", of: "event rule", limit: RuleSection.mostRules)
      .compactMap { readEventRule($0) }
    return resolve(entries, in: .events)
  }

  private mutating func readEventRule(_ node: Node) -> RuleEntry<EventOutcome>? {
    guard
      let fields = fields(
        of: node, "an event rule", keys: Self.headKeys + ["on", "tier", "notify"])
    else {
      partialSections.insert("events")
      return nil
    }
    let head = readHead(fields, in: .events, on: fields["on"])
    let event = readEventType(fields)
    let tier = fields["tier"].map { tierName($0) }
    let notify = fields["notify"].map { notice($0) }
    guard let head else { return nil }
    guard let event, tier != .some(nil), notify != .some(nil) else { return RuleEntry(head, nil) }
    let outcome = EventOutcome(tier: tier ?? nil, notify: notify ?? nil)
    return RuleEntry(head.adding(event), outcome)
  }

  /// The text of a notice for the customer.
  private mutating func notice(_ node: Node) -> ExactText? {
    guard let text = text(node, "`notify`") else { return nil }
    guard !text.isEmpty else {
      report(
        .missingValue, "`notify` has no text", at: node.span,
        help: "write what the customer reads, or remove the key")
      return nil
    }
    return ExactText(text)
  }

  /// `on`: the condition on the event's type.
  private mutating func readEventType(_ fields: Fields) -> Condition? {
    guard let node = fields["on"], let key = fields.key("on") else {
      if !fields.isFaulty {
        report(
          .missingKey, "an event rule needs `on`",
          at: fields["name"]?.span ?? fields.fields.first?.key.span ?? fields.span,
          help: "write the event's type: `on: credit.balance_low`; every event is `on: any`")
      }
      return nil
    }
    let attribute = attributes[AttributeID.event.index]
    return readMatcher(node, for: attribute).map {
      Condition(attribute.id, $0, span: key.span.joined(node.span))
    }
  }
}

extension RuleHead {
  /// The same with one more condition in every alternative.
  func adding(_ condition: Condition) -> RuleHead {
    RuleHead(
      name: name, span: span,
      alternatives: alternatives.map { conditions in
        (conditions + [condition]).sorted { $0.attribute < $1.attribute }
      },
      from: from, until: until, overrides: overrides, replaces: replaces, isWhole: isWhole)
  }
}
