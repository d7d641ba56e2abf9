import RatecardEngine
import RatecardModel
import RatecardValues

/// Turns a checked, unambiguous card into the table that answers requests.
struct Planner {
  private let card: Card
  private let space: Space
  private let sets: RuleSets

  init(_ card: Card, _ space: Space, _ sets: RuleSets) {
    self.card = card
    self.space = space
    self.sets = sets
  }

  /// The table.
  ///
  /// Throws where a number has too many digits for exact arithmetic.
  func table() throws(Overflow) -> RuleTable {
    let tier = space.axis(of: .tier, in: .afterRouting).map { space.axes[$0] }
    return RuleTable(
      layout: layout(),
      tiers: RuleTable.Section(
        index: RuleIndex(sets.tiers, in: space),
        plans: card.tiers.map { rule in
          guard let tier, case .texts(let texts) = tier.domain else { return -1 }
          return Int32(texts.atom(of: rule.outcome) ?? -1)
        }),
      routes: RuleTable.Section(
        index: RuleIndex(sets.routes, in: space), plans: card.routes.map { plan($0.outcome) }),
      costs: RuleTable.Section(
        index: RuleIndex(sets.costs, in: space), plans: try prices()),
      adjustments: try adjustments(),
      events: RuleIndex(sets.events, in: space),
      decimals: card.credit.decimals, rounding: card.credit.rounding)
  }

  private func layout() -> RuleTable.Layout {
    let time = space.axis(of: .at, in: .afterRouting)
    var grants: [ExactText: Number] = [:]
    for plan in card.plans { grants[plan.name] = plan.credits }
    let scopes = card.costs.map(\.scope) + card.adjustments.map(\.scope)
    return RuleTable.Layout(
      attributes: card.attributes.map(attribute),
      builtIns: RuleTable.BuiltIns(
        model: AttributeID.model.index, requestedModel: AttributeID.requestedModel.index,
        tier: AttributeID.tier.index, plan: AttributeID.plan.index,
        balance: AttributeID.balance.index, granted: AttributeID.granted.index,
        balancePercent: AttributeID.balancePercent.index, at: AttributeID.at.index),
      axisCount: space.axes.count, time: time.flatMap(timeClassifier), timeAxis: time ?? -1,
      sums: card.attributes.compactMap { whole in
        let parts = card.attributes.filter { $0.partOf == whole.id }.map(\.id.index)
        return parts.isEmpty ? nil : RuleTable.PartSum(whole: whole.id.index, parts: parts)
      },
      grants: grants,
      costsNeedTier: scopes.contains { scope in
        scope.alternatives.joined().contains { $0.attribute == .tier }
      })
  }

  private func timeClassifier(_ axis: Int) -> TimeClassifier? {
    guard case .times(let times) = space.axes[axis].domain else { return nil }
    return TimeClassifier(
      cuts: times.cuts, windows: times.windows.map { card.windows[$0].window },
      atoms: times.atoms.map { ($0.stretch, $0.windows) },
      examples: times.atoms.map(\.example))
  }

  private func attribute(_ attribute: Attribute) -> RuleTable.Attribute {
    var place = space.axis(of: attribute.id, in: .afterRouting)
    // Time is classified once for all, with its windows; a class goes with its model.
    if [.at, .window, .modelClass].contains(attribute.id) { place = nil }
    let axis = place.map { space.axes[$0] }
    var texts: TextClassifier?
    var numbers: NumberClassifier?
    switch axis?.domain {
    case .texts(let domain)?:
      texts = TextClassifier(
        literals: domain.literals, globs: domain.globs,
        combinations: domain.others.enumerated().map {
          ($1.globs, domain.literals.count + $0)
        })
    case .numbers(let domain)?:
      numbers = NumberClassifier(domain.cuts.map { ($0.value, $0.isAfter) })
    default:
      if case .choice(let members) = attribute.kind {
        texts = TextClassifier(literals: members, globs: [], combinations: [])
      }
    }
    let absent = axis.map { $0.hasAbsent ? Int32($0.count - 1) : -1 } ?? -1
    return RuleTable.Attribute(
      kind: kind(of: attribute), axis: place ?? -1, texts: texts, numbers: numbers,
      absentAtom: absent)
  }

  private func kind(of attribute: Attribute) -> RuleTable.Attribute.Kind {
    if attribute.origin == .derived { return .derived }
    switch attribute.kind {
    case .text: return .text
    case .choice: return .choice
    case .flag: return .flag
    case .count: return .count
    case .quantity: return .quantity
    case .number: return .number
    case .instant: return .instant
    case .windows: return .derived
    }
  }

  private func plan(_ outcome: RouteOutcome) -> RoutePlan {
    guard case .route(let route) = outcome else {
      return RoutePlan(isDenial: true, sides: [], splitKey: -1)
    }
    var sides: [(ExactText, Int)] = []
    if let split = route.split {
      sides = split.sides.map { ($0.model, $0.weight) }
    } else if let model = route.model {
      sides = [(model, 1)]
    }
    return RoutePlan(
      isDenial: false,
      sides: sides.map { model, weight in
        RoutePlan.Side(model: model.string, atom: atom(ofModel: model), weight: UInt64(weight))
      },
      splitKey: route.split?.by.index ?? -1)
  }

  private func atom(ofModel name: ExactText) -> Int32 {
    guard let axis = space.axis(of: .model, in: .afterRouting),
      case .texts(let texts) = space.axes[axis].domain
    else { return -1 }
    if let atom = texts.atom(of: name) { return Int32(atom) }
    let globs = texts.globs.indices.filter { texts.globs[$0].matches(name.string) }
    guard let other = texts.others.firstIndex(where: { $0.globs == globs }) else { return -1 }
    return Int32(texts.literals.count + other)
  }

  private func prices() throws(Overflow) -> [PricePlan] {
    let planner = RatePlanner(card)
    var plans: [PricePlan] = []
    plans.reserveCapacity(card.costs.count)
    for rule in card.costs {
      switch rule.outcome {
      case .deny:
        plans.append(
          PricePlan(
            isDenial: true, credits: nil, rates: [], minimum: nil, maximum: nil,
            isAdjustable: false))
      case .price(let price):
        plans.append(
          PricePlan(
            isDenial: false, credits: price.credits,
            rates: try planner.plans(price.rates),
            minimum: price.minimum, maximum: price.maximum, isAdjustable: price.isAdjustable))
      }
    }
    return plans
  }

  private func adjustments() throws(Overflow) -> RuleTable.Adjustments {
    var plans: [AdjustmentPlan] = []
    for rule in card.adjustments {
      switch rule.outcome.action {
      case .multiply(let factor): plans.append(.multiply(factor))
      case .multiplyComponents(let factor, let components):
        plans.append(
          .multiplyComponents(
            factor,
            of: components.map { component in
              if case .attribute(let attribute) = component { return attribute.index }
              return -1
            }))
      case .add(let amount): plans.append(.add(amount))
      case .addRates(let rates): plans.append(.addRates(try RatePlanner(card).plans(rates)))
      case .minimum(let amount): plans.append(.minimum(amount))
      case .maximum(let amount): plans.append(.maximum(amount))
      }
    }
    let alone = card.adjustments.indices.filter { card.adjustments[$0].outcome.group == nil }
    return RuleTable.Adjustments(
      alone: RuleIndex(
        all: alone.map {
          space.boxes(card.adjustments[$0].scope, in: .afterRouting, .holding)
        }, in: space),
      members: alone.map { Int32($0) },
      groups: sets.groups.map { group in
        RuleTable.Group(
          index: RuleIndex(group.rules, in: space), members: group.members.map { Int32($0) })
      },
      plans: plans)
  }
}
