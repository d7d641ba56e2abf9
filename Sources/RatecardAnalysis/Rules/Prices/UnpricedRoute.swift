import RatecardCompiler
import RatecardDiagnostics
import RatecardModel
import RatecardValues

extension LintRule {
  /// A route to a model for which `costs` has no price, for some request that the route wins.
  ///
  /// The model is the route's own, a side of its split, or a fallback; tier, route and cost are
  /// worked out as a decision does. The costs must have a priced rule that the request would meet with
  /// some other model; where they have none, whatever the model, `unpriced-requests` tells of it. A
  /// text that some rule for the model looks at must be one that the card names, since a set without
  /// an end need not have prices for all of it.
  static let unpricedRoute = LintRule(.unpricedRoute) { inspection throws(RoomSearch.GaveUp) in
    try inspection.unpricedRoutes().map { found in
      let rule = inspection.card.routes[found.route]
      let names = found.gaps.map { "`\($0.model)`" }.joined(separator: ", ")
      return Diagnostic(
        .unpricedRoute,
        "`\(rule.name)` gives requests to \(names) for which `costs` has no price", at: rule.span,
        help: "price them in `costs`, or send them to another model",
        notes: found.gaps.map { gap in
          Diagnostic.Note(
            "\(gap.isFallback ? "as a fallback, " : "")`\(gap.model)` may serve the "
              + "request \(gap.witness.text)")
        })
    }
  }
}

extension Inspection {
  /// A route and the models that it gives to requests without a price for them.
  struct UnpricedRoute {
    struct Gap {
      let model: ExactText
      let isFallback: Bool
      /// A request for a decision.
      let witness: Witness
    }

    /// The route, as an index into the card's.
    let route: Int
    let gaps: [Gap]
  }

  /// The routes that lead to models without a price.
  func unpricedRoutes() throws(RoomSearch.GaveUp) -> [UnpricedRoute] {
    var serving = Serving(self)
    let axes = Set(axes(of: sets.routes) + axes(of: sets.costs)).sorted()
    var held: [Int: [Box]] = [:]
    var found: [UnpricedRoute] = []
    for (index, rule) in card.routes.enumerated() {
      guard case .route(let route) = rule.outcome else { continue }
      var gaps: [UnpricedRoute.Gap] = []
      for name in rule.outcome.models + route.fallbacks
      where !gaps.contains(where: { $0.model == name }) {
        guard let atom = serving.atom(of: name) else { continue }
        let taken = held[atom] ?? requests(heldFor: atom, serving)
        held[atom] = taken
        guard let room = try roomWithoutPrice(for: atom, outside: taken, on: index, &serving) else {
          continue
        }
        gaps.append(
          UnpricedRoute.Gap(
            model: name, isFallback: !rule.outcome.models.contains(name),
            witness: serving.witness(in: room, axes: axes)))
      }
      if !gaps.isEmpty { found.append(UnpricedRoute(route: index, gaps: gaps)) }
    }
    return found
  }

  /// The requests, as routes see them, for which a rule of costs holds when a model serves.
  private func requests(heldFor model: Int, _ serving: Serving) -> [Box] {
    sets.costs.rules.flatMap { rule in
      rule.holds.compactMap { serving.asked($0, served: model) }
    }
  }

  /// Requests that a route gives to a model without a price; nil: each has a price or a refusal.
  private func roomWithoutPrice(
    for model: Int, outside taken: [Box], on route: Int, _ serving: inout Serving
  ) throws(RoomSearch.GaveUp) -> Box? {
    let named = namedTexts(lookedAtBy: taken)
    for way in serving.ways(by: route) {
      var known = taken
      while let room = try serving.room(on: way, within: named, outside: known) {
        if let priced = pricedOtherwise(room, for: model, serving) { return priced }
        known.append(room)
      }
    }
    return nil
  }

  /// A part of a box of requests that have a price with another model.
  private func pricedOtherwise(_ box: Box, for model: Int, _ serving: Serving) -> Box? {
    for rule in sets.costs.rules where !rule.isDenial {
      for holds in rule.holds where serving.asked(holds, served: model) == nil {
        if let other = serving.askedOfAnyModel(holds), let common = box.intersection(other),
          let tight = space.tightened(common)
        {
          return tight
        }
      }
    }
    return nil
  }

  /// The requests whose texts are all named, as far as some boxes look at them.
  private func namedTexts(lookedAtBy boxes: [Box]) -> Box {
    var result = Box.everything
    for axis in Set(boxes.lazy.flatMap(\.sides).map(\.axis)) {
      guard case .texts(let texts) = space.axes[axis].domain else { continue }
      result.restrict(axis, to: AtomSet(0..<texts.literals.count))
    }
    return result
  }
}
