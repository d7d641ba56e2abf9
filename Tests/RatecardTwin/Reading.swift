import RatecardModel
import RatecardValues

extension Twin {
  /// The request that inputs make: checked, with defaults and what is derived from them.
  func read(
    _ inputs: [String: TwinValue], refused: Set<AttributeID>, isEvent: Bool = false
  ) throws(TwinError) -> TwinRequest {
    let model = card.card
    var request: TwinRequest = [:]
    for (name, value) in inputs {
      guard let attribute = model.attribute(named: name) else { throw .invalidRequest }
      if attribute.origin == .derived || refused.contains(attribute.id) { throw .invalidRequest }
      if attribute.origin == .event, !isEvent { throw .invalidRequest }
      request[attribute.id] = value
    }
    for id in [AttributeID.model, .requestedModel] {
      if let text = request[id]?.text { request[id] = .text(card.canonicalModel(text)) }
    }
    for (id, value) in request where !isAdmitted(value, model[id].kind) {
      // A tier that the card no longer has is as none.
      guard id == .currentTier, value.text != nil else { throw .invalidRequest }
      request[id] = nil
    }
    for attribute in model.attributes where request[attribute.id] == nil {
      request[attribute.id] = attribute.defaultValue.map { TwinValue($0) }
    }
    for whole in model.attributes {
      let parts = model.attributes.filter { $0.partOf == whole.id }
      let sum = parts.map { request[$0.id]?.number ?? .zero }.reduce(.zero, +)
      if sum > request[whole.id]?.number ?? .zero, !parts.isEmpty { throw .invalidRequest }
    }
    return derive(request)
  }

  private func derive(_ request: TwinRequest) -> TwinRequest {
    var request = card.withWindows(request)
    request[.modelClass] = request[.model]?.text.flatMap(card.modelClass).map { .text($0) }
    if request[.granted] == nil, let plan = request[.plan]?.text,
      let credits = card.card.plans.first(where: { TwinText($0.name) == plan })?.credits
    {
      request[.granted] = .number(Fraction(credits))
    }
    if let balance = request[.balance]?.number, let granted = request[.granted]?.number,
      !granted.isZero
    {
      request[.balancePercent] = .number(balance * Fraction(100) / granted)
    }
    return request
  }

  private func isAdmitted(_ value: TwinValue, _ kind: Attribute.Kind) -> Bool {
    switch (kind, value) {
    case (.text, .text), (.flag, .flag), (.number, .number): true
    case (.choice(let texts), .text(let text)): texts.contains { TwinText($0) == text }
    case (.count, .number(let number)): number.isInteger && number >= .zero
    case (.quantity, .number(let number)): number >= .zero
    case (.instant, .instant(let at)): (0...Instant.latest.nanoseconds).contains(at)
    default: false
    }
  }
}
