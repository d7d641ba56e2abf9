internal import RatecardEngine
package import RatecardModel
public import RatecardValues

extension AttributeHandle {
  /// The place of the attribute among those of its card, from 0.
  package var index: Int { place }

  /// The handle of one of the card's attributes, which a request may carry.
  package init(_ attribute: AttributeID) { self.init(place: attribute.index) }
}

extension RateCard {
  /// The handle of an attribute, for `RequestBuffer`.
  ///
  /// Throws `invalid_request` for a name that the card does not have. O(length of the name).
  public func handle(_ name: String) throws(RequestError) -> AttributeHandle {
    guard let place = names.place(of: name), model.attributes[place].origin != .event else {
      throw RequestError.unknown(name, model)
    }
    if model.attributes[place].origin == .derived {
      throw RequestError.derived(model.attributes[place])
    }
    return AttributeHandle(place: place)
  }

  /// The handle of an attribute by its name in UTF-8; nil for a name that no request may carry.
  ///
  /// O(length of the name).
  package func handle(utf8 name: UnsafeBufferPointer<UInt8>) -> AttributeHandle? {
    names.place(utf8: name).map { AttributeHandle(place: $0) }
  }

  /// The whole decision for a request: its tier, where it goes and what it costs.
  ///
  /// A refusal by the card is an answer; a request without a price, or with something wrong in it,
  /// throws. `now` stands in for an `at` that the request does not carry (default: the clock's time).
  public func decide(
    _ attributes: [String: RequestValue], at now: Instant? = nil
  ) throws(RequestError) -> Decision {
    var buffer = try fill(attributes)
    return try decide(&buffer, at: now)
  }

  /// The cost alone, with `tier` and `model` as given; see `decide(_:at:)`.
  public func price(
    _ attributes: [String: RequestValue], at now: Instant? = nil
  ) throws(RequestError) -> Quote {
    var buffer = try fill(attributes)
    return try price(&buffer, at: now)
  }

  /// What an event of the billing provider does to a customer; nil when no rule says anything.
  ///
  /// `event` carries the event's type as `on`, the customer's attributes, and scalar fields of the
  /// payload as `event.NAME`; fields that no rule looks at are passed over.
  public func react(
    to event: [String: RequestValue], at now: Instant? = nil
  ) throws(RequestError) -> Reaction? {
    var buffer = try fill(event: event)
    try buffer.finish(for: .event, at: now)
    let rule = evaluator.react(buffer.request)
    guard rule >= 0 else { return nil }
    let outcome = model.events[rule].outcome
    return Reaction(
      rule: model.events[rule].name, tier: outcome.tier?.string, notify: outcome.notify?.string)
  }

  /// The whole decision for a request in a buffer, which is left as it is.
  public func decide(
    _ buffer: inout RequestBuffer, at now: Instant? = nil
  ) throws(RequestError) -> Decision {
    let verdict = try judge(&buffer, at: now)
    return decision(verdict, for: buffer)
  }

  /// What a verdict says, in words; `buffer` holds the request it is about.
  public func decision(_ verdict: Verdict, for buffer: borrowing RequestBuffer) -> Decision {
    let requested = buffer.requestedModel
    var decision = Decision(outcome: .denied(""), rule: "")
    if verdict.tier >= 0 {
      decision.tier = model.tiers[Int(verdict.tier)].outcome.string
      decision.tierRule = model.tiers[Int(verdict.tier)].name
    }
    decision.requestedModel = requested
    decision.model = requested
    if verdict.route >= 0 {
      let place = Int(verdict.route)
      let rule = model.routes[place]
      switch rule.outcome {
      case .deny(let text):
        decision.outcome = .denied(text.string)
        decision.rule = rule.name
        return decision
      case .route(let route):
        decision.route = rule.name
        decision.queue = route.queue?.string
        decision.fallbacks = route.fallbacks.map(\.string)
        decision.parameters = route.parameters
        if verdict.side >= 0 {
          decision.model = evaluator.table.routes.plans[place].sides[Int(verdict.side)].model
        }
      }
    }
    let quote = quote(Int(verdict.cost), verdict.credits, buffer)
    decision.outcome = quote.outcome
    decision.rule = quote.rule
    decision.adjustments = quote.adjustments
    return decision
  }

  /// The cost alone for a request in a buffer, which is left as it is.
  public func price(
    _ buffer: inout RequestBuffer, at now: Instant? = nil
  ) throws(RequestError) -> Quote {
    try buffer.finish(for: .price, at: now)
    do {
      let cost = try evaluator.price(&buffer.request)
      return quote(cost.rule, cost.credits, buffer)
    } catch {
      throw RequestError(error, model)
    }
  }

  /// A buffer that holds a request's values.
  func fill(_ attributes: [String: RequestValue]) throws(RequestError) -> RequestBuffer {
    var buffer = RequestBuffer(for: self)
    // By name, so that of several mistakes always the same one is shown.
    for (name, value) in attributes.sorted(by: { precedes($0.key, $1.key) }) {
      try buffer.set(handle(name), value)
    }
    return buffer
  }

  /// A buffer that holds an event's values, its type among them.
  func fill(event: [String: RequestValue]) throws(RequestError) -> RequestBuffer {
    var buffer = RequestBuffer(for: self)
    for (name, value) in event.sorted(by: { precedes($0.key, $1.key) }) {
      guard let place = names.place(of: name) else {
        if name.hasPrefix("event.") { continue }
        throw RequestError.unknown(name, model)
      }
      let attribute = model.attributes[place]
      guard attribute.origin == .event else {
        try buffer.set(handle(name), value)
        continue
      }
      // A payload's numbers and flags may be compared as text.
      switch (attribute.kind, value) {
      case (.text, .number(let number)):
        try buffer.set(AttributeHandle(place: place), text: number.description)
      case (.text, .flag(let flag)):
        try buffer.set(AttributeHandle(place: place), text: flag ? "true" : "false")
      default:
        try buffer.set(AttributeHandle(place: place), value)
      }
    }
    guard buffer.request.carries(AttributeID.event.index) else {
      throw RequestError(
        .invalidRequest, "an event has a type, and `on` is not given", attribute: "on",
        help: "give `on`, such as credit.balance_low")
    }
    return buffer
  }

  private func quote(
    _ costRule: Int, _ credits: Number?, _ buffer: borrowing RequestBuffer
  ) -> Quote {
    let rule = model.costs[costRule]
    if let credits {
      return Quote(
        outcome: .priced(credits: credits), rule: rule.name,
        adjustments: buffer.request.appliedAdjustments.map { model.adjustments[Int($0)].name })
    }
    guard case .deny(let text) = rule.outcome else {
      preconditionFailure("a cost without credits is a refusal")
    }
    return Quote(outcome: .denied(text.string), rule: rule.name, adjustments: [])
  }
}
