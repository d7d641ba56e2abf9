package import RatecardModel
package import RatecardValues

/// Why there is no answer.
package enum TwinError: Error, Hashable, Sendable {
  case invalidRequest
  case unpriced
  /// Never of a card that loads.
  case ambiguous
}

/// What a request costs.
package struct TwinQuote: Hashable, Sendable {
  package enum Outcome: Hashable, Sendable {
    case priced(Fraction)
    case denied(ExactText)
  }
  package var outcome: Outcome
  package var rule: TwinText
  package var adjustments: [TwinText]
  /// Whether a number met on the way is so long that the engine may say that it overflows.
  package var isLong: Bool
}

/// What is decided for a request.
package struct TwinDecision: Hashable, Sendable {
  package var tier: ExactText?
  package var tierRule: TwinText?
  package var route: TwinText?
  package var routed: Route?
  /// The model that serves it.
  package var model: TwinText?
  package var requestedModel: TwinText?
  /// The route's refusal, or what the cost rules say; an error of theirs is the decision's.
  package var quote: Result<TwinQuote, TwinError>
}

/// The slow second implementation of the language: it walks the model of a card and applies each
/// sentence of the reference literally, with numbers of any size and every rule in turn.
package struct Twin {
  package let card: TwinCard
  package let costs: Section<CostOutcome>
  package let tiers: Section<ExactText>
  package let routes: Section<RouteOutcome>
  package let events: Section<EventOutcome>
  package let groups: [ExactText: Section<Adjustment>]
  private let ungrouped: [Rule<Adjustment>]

  package init(_ model: Card, limit: Int = 200_000) throws {
    let twin = TwinCard(model)
    card = twin
    costs = try Section(model.costs, of: twin, servesRequestedModel: true, limit: limit) {
      if case .deny = $0 { true } else { false }
    }
    tiers = try Section(model.tiers, of: twin, servesRequestedModel: false, limit: limit)
    routes = try Section(model.routes, of: twin, servesRequestedModel: false, limit: limit) {
      if case .deny = $0 { true } else { false }
    }
    events = try Section(model.events, of: twin, servesRequestedModel: false, limit: limit)
    ungrouped = model.adjustments.filter { $0.outcome.group == nil }
    groups = try Dictionary(
      uniqueKeysWithValues: Set(model.adjustments.compactMap(\.outcome.group)).map { name in
        let members = model.adjustments.indices.filter {
          model.adjustments[$0].outcome.group == name
        }
        // Overrides are indices into the whole section.
        let rules = members.map { index in
          let rule = model.adjustments[index]
          return Rule(
            name: rule.name, scope: rule.scope,
            overrides: rule.overrides.compactMap(members.firstIndex), outcome: rule.outcome,
            span: rule.span)
        }
        return (name, try Section(rules, of: twin, servesRequestedModel: true, limit: limit))
      })
  }

  // MARK: The three questions

  /// The cost alone.
  package func price(_ inputs: [String: TwinValue]) throws(TwinError) -> TwinQuote {
    var request = try read(inputs, refused: [])
    if request[.requestedModel] == nil { request[.requestedModel] = request[.model] }
    if costsLookAtTier, request[.tier] == nil { throw .invalidRequest }
    return try quote(request)
  }

  /// Tier, route and cost.
  ///
  /// `side` is the side of a split that the engine took, where there are several; the language does
  /// not say which, and any other is ignored.
  package func decide(
    _ inputs: [String: TwinValue], side: TwinText? = nil
  ) throws(TwinError) -> TwinDecision {
    var request = try read(inputs, refused: [.tier, .requestedModel])
    request[.requestedModel] = request[.model]
    var decision = TwinDecision(quote: .failure(.unpriced))
    decision.requestedModel = request[.model]?.text
    switch tiers.winner(for: request) {
    case .rule(let rule):
      decision.tier = tiers.rules[rule].outcome
      decision.tierRule = TwinText(tiers.rules[rule].name)
      request[.tier] = .text(tiers.rules[rule].outcome)
    case .none: break
    case .ambiguous: throw .ambiguous
    }
    switch routes.winner(for: request) {
    case .rule(let rule):
      switch routes.rules[rule].outcome {
      case .deny(let text):
        decision.quote = .success(
          TwinQuote(
            outcome: .denied(text), rule: TwinText(routes.rules[rule].name), adjustments: [],
            isLong: false))
        decision.model = request[.model]?.text
        return decision
      case .route(let route):
        decision.route = TwinText(routes.rules[rule].name)
        decision.routed = route
        if let model = served(route, request, side) { request[.model] = .text(model) }
      }
    case .none: break
    case .ambiguous: throw .ambiguous
    }
    decision.model = request[.model]?.text
    request[.modelClass] = decision.model.flatMap(card.modelClass).map { .text($0) }
    do {
      decision.quote = .success(try quote(request))
    } catch {
      decision.quote = .failure(error)
    }
    return decision
  }

  /// What an event does to a customer; nil: nothing.
  package func react(
    _ inputs: [String: TwinValue]
  ) throws(TwinError) -> (rule: TwinText, outcome: EventOutcome)? {
    var request = try read(inputs, refused: [.tier, .requestedModel], isEvent: true)
    request[.requestedModel] = request[.model]
    switch events.winner(for: request) {
    case .rule(let rule): return (TwinText(events.rules[rule].name), events.rules[rule].outcome)
    case .none: return nil
    case .ambiguous: throw .ambiguous
    }
  }

  /// The request of any section that inputs make; nil: they make none.
  package func request(_ inputs: [String: TwinValue]) -> TwinRequest? {
    guard var request = try? read(inputs, refused: [], isEvent: true) else { return nil }
    if request[.requestedModel] == nil { request[.requestedModel] = request[.model] }
    return request
  }

  /// Whether the requests by which cost rules are compared include one that matches the same rules
  /// as these inputs; true where the inputs are no request.
  package func foresees(_ inputs: [String: TwinValue]) -> Bool {
    guard var request = try? read(inputs, refused: []) else { return true }
    if request[.requestedModel] == nil { request[.requestedModel] = request[.model] }
    return costs.foresees(request) && groups.values.allSatisfy { $0.foresees(request) }
  }

  // MARK: The steps

  /// The model that a route sends a request to; nil: the one asked for.
  private func served(_ route: Route, _ request: TwinRequest, _ side: TwinText?) -> TwinText? {
    guard let split = route.split else { return route.model.map { TwinText($0) } }
    let sides = split.sides.filter { $0.weight > 0 }
    if request[split.by] != nil {
      return (sides.first { TwinText($0.model) == side } ?? sides.first)
        .map { TwinText($0.model) }
    }
    let heaviest = sides.map(\.weight).max()
    return sides.filter { $0.weight == heaviest }.map { TwinText($0.model) }.min()
  }

  private func quote(_ request: TwinRequest) throws(TwinError) -> TwinQuote {
    let rule: Rule<CostOutcome>
    switch costs.winner(for: request) {
    case .rule(let index): rule = costs.rules[index]
    case .none: throw .unpriced
    case .ambiguous: throw .ambiguous
    }
    switch rule.outcome {
    case .deny(let text):
      return TwinQuote(
        outcome: .denied(text), rule: TwinText(rule.name), adjustments: [], isLong: false)
    case .price(let price):
      let applying = price.isAdjustable ? try adjustments(request) : []
      var pricing = Pricing(card.card, request)
      let credits = try pricing.credits(price, applying)
      return TwinQuote(
        outcome: .priced(credits), rule: TwinText(rule.name),
        adjustments: applying.map { TwinText($0.name) }.sorted(),
        isLong: (pricing.numbers + [credits]).contains(where: Self.isLong))
    }
  }

  private func adjustments(_ request: TwinRequest) throws(TwinError) -> [Applying] {
    var applying = ungrouped.filter { $0.scope.holds(for: request) }
      .map { Applying(name: $0.name, action: $0.outcome.action) }
    for group in groups.values {
      switch group.winner(for: request) {
      case .rule(let rule):
        applying.append(
          Applying(name: group.rules[rule].name, action: group.rules[rule].outcome.action))
      case .none: break
      case .ambiguous: throw .ambiguous
      }
    }
    return applying
  }

  private var costsLookAtTier: Bool {
    let scopes = card.card.costs.map(\.scope) + card.card.adjustments.map(\.scope)
    return scopes.contains { scope in
      scope.alternatives.contains { $0.contains { $0.attribute == .tier } }
    }
  }

  private static func isLong(_ number: Fraction) -> Bool {
    let limit = BigInteger.powerOfTen(17)
    return number.numerator.magnitude > limit || number.denominator > limit
  }
}
