import RatecardCompiler
import RatecardDiagnostics
import RatecardModel
import RatecardTestSupport
import RatecardValues
import Testing

@testable import RatecardAnalysis

/// What is said of models, routes and costs together is what trying every decision shows.
@Suite struct DecisionFindingTests {
  @Test func foundAsByTryingEveryDecision() throws {
    var loaded = 0
    var counts: [String: Int] = [:]
    for seed in 0..<1000 as Range<UInt64> {
      let text = Self.card(seed)
      guard let card = SmallCard(text), card.axis(.model) != nil else { continue }
      loaded += 1
      let definition = Definition(card)
      let expected: [(LintRule, [Span])] = [
        (.unpricedModel, definition.unpricedModels),
        (.unpricedRoute, definition.unpricedRoutes.map { card.card.routes[$0.route].span }),
        (.unreachablePrice, definition.unreachablePrices),
        (.voidRefusal, definition.voidRefusals),
      ]
      for (rule, spans) in expected {
        counts[rule.code.name, default: 0] += spans.count
        #expect(
          try card.found(rule) == Array(Set(spans)).sorted(), "\(rule.code.name)\n\(text)")
      }
      try Self.checkWitnesses(of: card, text)
    }
    #expect(loaded > 300)
    #expect(counts.count == 4 && counts.values.allSatisfy { $0 > 30 }, "\(counts) in \(loaded)")
  }

  /// A request that is shown for a route is one that a decision gives to the model without a price.
  private static func checkWitnesses(of card: SmallCard, _ text: String) throws {
    for found in try card.inspection.unpricedRoutes() {
      for gap in found.gaps {
        let point = try #require(card.request(of: gap.witness), "\(gap.witness.text)\n\(text)")
        let decision = try #require(
          card.decisions.first { point.isInside($0.asked, in: card.space) || $0.covers(point) },
          "\(gap.witness.text)\n\(text)")
        #expect(decision.routes.contains(found.route), "\(gap.witness.text)\n\(text)")
        let seen = try #require(decision.costs[card.atomOfModel(gap.model)])
        #expect(
          !card.sets.costs.rules.indices.contains { card.holds($0, seen, in: card.sets.costs) },
          "\(gap.witness.text)\n\(text)")
      }
    }
  }

  private static func card(_ seed: UInt64) -> String {
    var random = SplitMix(seed: seed &+ 708)
    let models = ["m", "n", "o"]
    var lines = ["attributes:", "  request_type: [a, b]"]
    if random.oneIn(2) { lines.append("models: {m: {}, n: {class: big}, o: {class: big}}") }
    func condition(_ random: inout SplitMix, _ attribute: String) -> String {
      "\(attribute): \(random.pick(["m", "n", "[m, o]", "{not: m}", "'n*'"]))"
    }
    if random.oneIn(2) {
      lines += [
        "tiers:", "  - {name: low, tier: low, when: {balance: {below: 1}}}",
        random.oneIn(2)
          ? "  - tier: high" : "  - {name: high, tier: high, when: {balance: {above: 3}}}",
      ]
    } else {
      lines += [
        "tiers:", "  - {name: high, tier: high}", "  - {tier: low, when: {balance: absent}}",
      ]
    }
    lines.append("routes:")
    for rule in 0..<(1 + random.below(3)) {
      var conditions: [String] = []
      if random.oneIn(3) { conditions.append("tier: \(random.pick(["low", "high"]))") }
      if random.oneIn(4) { conditions.append(condition(&random, "model")) }
      if random.oneIn(4) { conditions.append("request_type: a") }
      let outcome = random.pick([
        "model: \(random.pick(models))", "model: \(random.pick(models))", "queue: fast",
        "model: \(random.pick(models)), fallbacks: [\(random.pick(models))]", "deny: no",
        "split: {by: customer, m: 1, \(random.pick(["n", "o"])): \(random.below(2))}",
      ])
      let overrides =
        rule > 0 && random.oneIn(2) ? ", overrides: [t\(random.below(rule))]" : ""
      lines.append(
        "  - {name: t\(rule), when: {\(conditions.joined(separator: ", "))}, \(outcome)\(overrides)}"
      )
    }
    lines.append("costs:")
    for rule in 0..<(1 + random.below(4)) {
      var conditions: [String] = []
      if !random.oneIn(4) { conditions.append(condition(&random, "model")) }
      if random.oneIn(6) { conditions.append(condition(&random, "requested_model")) }
      if random.oneIn(3) { conditions.append("request_type: \(random.pick(["a", "b"]))") }
      if random.oneIn(5) { conditions.append("tier: \(random.pick(["low", "high"]))") }
      let price = random.oneIn(3) ? "deny: no" : "credits: \(1 + random.below(2))"
      let overrides =
        rule > 0 && random.oneIn(2) ? ", overrides: [r\(random.below(rule))]" : ""
      lines.append(
        "  - {name: r\(rule), when: {\(conditions.joined(separator: ", "))}, \(price)\(overrides)}")
    }
    if random.oneIn(4) {
      lines += [
        "tests:",
        "  - {price: {model: \(random.pick(models))}, expect: {error: unpriced}}",
      ]
    }
    return lines.joined(separator: "\n")
  }

  /// The definitions, decision by decision.
  private struct Definition {
    let card: SmallCard
    let set: RuleSet
    let decisions: [SmallCard.Decision]
    let model: Int

    init(_ card: SmallCard) {
      self.card = card
      set = card.sets.costs
      decisions = card.decisions
      model = card.axis(.model) ?? 0
    }

    // MARK: Models and prices

    /// Models that serve, or that a route names.
    private var serving: Set<Int> {
      var result = Set(decisions.flatMap(\.served))
      for rule in card.card.routes {
        guard case .route(let route) = rule.outcome else { continue }
        let sides = route.split?.sides.filter { $0.weight > 0 }.map(\.model) ?? []
        for name in sides + (route.model.map { [$0] } ?? []) + route.fallbacks {
          result.insert(card.atomOfModel(name))
        }
      }
      return result
    }

    var unpricedModels: [Span] {
      let serving = serving
      let routed = Set(unpricedRoutes.map(\.model))
      let points = card.points
      return card.card.models.models.compactMap { model in
        let atom = card.atomOfModel(model.name)
        let here = points.filter { card.atom($0, self.model) == atom }
        let isPriced = set.rules.indices.contains { rule in
          !set.rules[rule].isDenial && here.contains { card.decides(rule, $0, in: set) }
        }
        let isRefused = set.rules.indices.contains { rule in
          set.rules[rule].isDenial && asksForModels(rule)
            && here.contains { card.holds(rule, $0, in: set) }
        }
        let isFound =
          !isPriced && !isRefused && serving.contains(atom) && !routed.contains(model.name)
        return isFound ? model.span : nil
      }
    }

    private func asksForModels(_ rule: Int) -> Bool {
      card.card.costs[rule].scope.alternatives.joined().contains { $0.attribute == .model }
    }

    var unreachablePrices: [Span] {
      guard !card.card.routes.isEmpty else { return [] }
      var reached = serving
      for test in card.card.tests {
        for input in test.inputs where input.name == "model" {
          reached.insert(card.atomOfModel(ExactText(input.text)))
        }
      }
      return set.rules.indices.filter { rule in
        !set.rules[rule].isDenial && asksForModels(rule)
          && !card.points.contains {
            card.holds(rule, $0, in: set) && reached.contains(card.atom($0, model))
          }
      }.map { card.card.costs[$0].span }
    }

    var voidRefusals: [Span] {
      guard !card.card.routes.isEmpty else { return [] }
      return set.rules.indices.filter { rule in
        set.rules[rule].isDenial && asksForModels(rule)
          && !decisions.contains { decision in
            decision.costs.values.contains { card.holds(rule, $0, in: set) }
          }
      }.map { card.card.costs[$0].span }
    }

    // MARK: Routes

    var unpricedRoutes: [(route: Int, model: ExactText)] {
      card.card.routes.indices.flatMap { route -> [(route: Int, model: ExactText)] in
        guard case .route(let said) = card.card.routes[route].outcome else { return [] }
        let sides = said.split?.sides.filter { $0.weight > 0 }.map(\.model) ?? []
        let names = Set(sides + (said.model.map { [$0] } ?? []) + said.fallbacks)
        return names.filter { name in
          decisions.contains { $0.routes.contains(route) && isGap($0, card.atomOfModel(name)) }
        }.map { (route, $0) }
      }
    }

    private func isGap(_ decision: SmallCard.Decision, _ served: Int) -> Bool {
      guard let seen = decision.costs[served],
        !set.rules.indices.contains(where: { card.holds($0, seen, in: set) })
      else { return false }
      return hasNamedTexts(decision.asked, served)
        && set.rules.indices.contains { rule in
          !set.rules[rule].isDenial && !holds(rule, for: served)
            && card.space.axes[model].all.atoms.contains { atom in
              card.holds(rule, seen.replacing(model, by: AtomSet(atom: atom)), in: set)
            }
        }
    }

    /// Whether a rule holds for a model at all.
    private func holds(_ rule: Int, for served: Int) -> Bool {
      set.rules[rule].holds.contains { $0[model]?.contains(served) ?? true }
    }

    /// The texts that rules for the model look at are carried and named by the card.
    private func hasNamedTexts(_ asked: Box, _ served: Int) -> Bool {
      set.rules.indices.filter { holds($0, for: served) }.allSatisfy { rule in
        card.card.costs[rule].scope.alternatives.joined().allSatisfy { condition in
          guard condition.attribute != .model, condition.attribute != .modelClass else {
            return true
          }
          let attribute: AttributeID =
            condition.attribute == .requestedModel ? .model : condition.attribute
          guard let axis = card.axis(attribute) else { return true }
          let texts = card.texts(axis)
          return texts.count == 0 || card.atom(asked, axis) < texts.literals.count
        }
      }
    }
  }
}

extension SmallCard {
  /// The request that a witness writes out, as the routes see it; the tier is left open.
  fileprivate func request(of witness: Witness) -> Box? {
    var point = Box.everything
    for axis in space.axes.indices
    where axis != self.axis(.tier) && axis != self.axis(.requestedModel) {
      let value = witness.pairs.first { $0.name == card[space.axes[axis].attribute].name }?.value
      guard let value else {
        point.restrict(axis, to: space.axes[axis].absent)
        continue
      }
      switch space.axes[axis].domain {
      case .texts:
        point.restrict(
          axis,
          to: AtomSet(
            atom: space.axes[axis].attribute == .model
              ? atomOfModel(ExactText(value))
              : texts(axis).atom(of: ExactText(value)) ?? texts(axis).literals.count))
      case .numbers(let numbers):
        guard let number = try? Number(parsing: value) else { return nil }
        point.restrict(axis, to: AtomSet(atom: numbers.atomsBelow(.before(number))))
      case .flags: point.restrict(axis, to: AtomSet(atom: value == "true" ? 1 : 0))
      case .times: return nil
      }
    }
    return point.isEmpty ? nil : point
  }
}

extension SmallCard.Decision {
  /// Whether it is the decision on a request whose tier is not said.
  fileprivate func covers(_ request: Box) -> Bool {
    request.sides.allSatisfy { asked[$0.axis] == $0.atoms }
  }
}
