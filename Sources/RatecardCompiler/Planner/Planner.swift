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

  /// What a credit is.
  var credit: Credit { card.credit }

  /// Whether a cost rule or an adjustment looks at `tier`.
  var costsNeedTier: Bool {
    let scopes = card.costs.lazy.map(\.scope)
    return scopes.contains(where: Self.looksAtTier)
      || card.adjustments.contains { Self.looksAtTier($0.scope) }
  }

  private static func looksAtTier(_ scope: RuleScope) -> Bool {
    scope.alternatives.contains { conditions in
      conditions.contains { $0.attribute == .tier }
    }
  }

  /// The table of what was planned; with graphs, where they are wanted and small enough.
  func table(_ plan: TablePlan, wantsGraphs: Bool) -> RuleTable {
    func index(_ set: RuleSet) -> RuleIndex { RuleIndex(set, in: space, wantsGraph: wantsGraphs) }
    let tier = space.axis(of: .tier, in: .afterRouting).map { space.axes[$0] }
    return RuleTable(
      layout: layout(plan),
      tiers: RuleTable.Section(
        index: index(sets.tiers),
        plans: card.tiers.map { rule in
          guard let tier, case .texts(let texts) = tier.domain else { return -1 }
          return Int32(texts.atom(of: rule.outcome) ?? -1)
        }),
      routes: RuleTable.Section(
        index: index(sets.routes), plans: card.routes.map { self.plan($0.outcome) }),
      costs: RuleTable.Section(
        index: index(sets.costs), plans: plan.costs),
      adjustments: adjustments(plan.adjustments, wantsGraphs: wantsGraphs),
      events: index(sets.events),
      decimals: card.credit.decimals, rounding: card.credit.rounding)
  }

  private func layout(_ plan: TablePlan) -> RuleTable.Layout {
    let time = space.axis(of: .at, in: .afterRouting)
    var grants: [ExactText: Number] = [:]
    for plan in card.plans { grants[plan.name] = plan.credits }
    return RuleTable.Layout(
      attributes: card.attributes.map(attribute),
      builtIns: RuleTable.BuiltIns(
        model: AttributeID.model.index, requestedModel: AttributeID.requestedModel.index,
        tier: AttributeID.tier.index, plan: AttributeID.plan.index,
        balance: AttributeID.balance.index, granted: AttributeID.granted.index,
        balancePercent: AttributeID.balancePercent.index, at: AttributeID.at.index),
      axisCount: space.axes.count, time: time.flatMap(timeValues), timeAxis: time ?? -1,
      sums: card.attributes.compactMap { whole in
        let parts = card.attributes.filter { $0.partOf == whole.id }.map(\.id.index)
        return parts.isEmpty ? nil : RuleTable.PartSum(whole: whole.id.index, parts: parts)
      },
      grants: grants,
      splitKeys: Set(
        card.routes.compactMap { rule in
          if case .route(let route) = rule.outcome { route.split?.by.index } else { nil }
        }),
      costsNeedTier: plan.costsNeedTier)
  }

  private func timeValues(_ axis: Int) -> TimeValues? {
    guard case .times(let times) = space.axes[axis].domain else { return nil }
    return TimeValues(
      cuts: times.cuts, windows: times.windows.map { card.windows[$0].window },
      atoms: times.atoms.map { ($0.stretch, $0.windows) },
      examples: times.atoms.map(\.example))
  }

  private func attribute(_ attribute: Attribute) -> RuleTable.Attribute {
    var place = space.axis(of: attribute.id, in: .afterRouting)
    // Time is classified once for all, with its windows; a class goes with its model.
    if [.at, .window, .modelClass].contains(attribute.id) { place = nil }
    let axis = place.map { space.axes[$0] }
    var texts: TextValues?
    var cuts: [(value: Number, isAfter: Bool)] = []
    switch axis?.domain {
    case .texts(let domain)?: texts = textValues(domain, of: attribute)
    case .numbers(let domain)?: cuts = domain.cuts.map { ($0.value, $0.isAfter) }
    default: texts = unclassifiedTexts(attribute)
    }
    let absent = axis.map { $0.hasAbsent ? Int32($0.count - 1) : -1 } ?? -1
    return RuleTable.Attribute(
      kind: kind(of: attribute), axis: place ?? -1, texts: texts, cuts: cuts,
      absentAtom: absent)
  }

  /// The texts that rules tell apart, by all their names.
  private func textValues(_ domain: TextDomain, of attribute: Attribute) -> TextValues {
    var symbols = domain.literals
    var atoms = symbols.indices.map { Int32($0) }
    let values = TextValues(
      symbols: symbols, atoms: atoms, globs: domain.globs,
      combinations: domain.others.enumerated().map {
        ($1.globs, domain.literals.count + $0)
      })
    // Names that no rule looks at are symbols too, so that an answer can name them.
    for name in names(of: attribute) where domain.atom(of: name) == nil {
      guard let atom = values.atom(ofOther: name.string) else { continue }
      symbols.append(name)
      atoms.append(atom)
    }
    return TextValues(
      symbols: symbols, atoms: atoms, aliases: aliases(of: attribute, symbols),
      globs: domain.globs,
      combinations: domain.others.enumerated().map {
        ($1.globs, domain.literals.count + $0)
      })
  }

  /// The texts of an attribute that no rule looks at; nil: any text is as good as another.
  private func unclassifiedTexts(_ attribute: Attribute) -> TextValues? {
    var symbols = names(of: attribute)
    if case .choice(let members) = attribute.kind { symbols = members }
    guard !symbols.isEmpty else {
      if case .choice = attribute.kind { return TextValues(symbols: [], atoms: []) }
      return nil
    }
    return TextValues(
      symbols: symbols, atoms: symbols.map { _ in -1 },
      aliases: aliases(of: attribute, symbols))
  }

  /// The names that the card itself has for values of an attribute.
  private func names(of attribute: Attribute) -> [ExactText] {
    switch attribute.id {
    case .model, .requestedModel: card.models.models.map(\.name)
    case .plan: card.plans.map(\.name)
    default: []
    }
  }

  private func aliases(of attribute: Attribute, _ symbols: [ExactText]) -> [TextValues.Alias] {
    guard [.model, .requestedModel].contains(attribute.id) else { return [] }
    var places: [ExactText: Int] = [:]
    for (place, symbol) in symbols.enumerated() { places[symbol] = place }
    let names = ModelNames(card.models)
    let others = card.models.models.lazy.flatMap(\.aliases).compactMap { alias -> ExactText? in
      if case .value(.text(let text)) = alias { text } else { nil }
    }
    return (symbols + others).compactMap { text in
      let name = names.name(of: text)
      guard name != text, let symbol = places[name] else { return nil }
      return TextValues.Alias(text: text, symbol: symbol)
    }
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

  /// What each rule of `costs` says.
  ///
  /// Throws where a number has too many digits for exact arithmetic.
  func prices() throws(Overflow) -> [PricePlan] {
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

  /// What each adjustment does.
  ///
  /// Throws where a number has too many digits for exact arithmetic.
  func adjustmentPlans() throws(Overflow) -> [AdjustmentPlan] {
    let planner = RatePlanner(card)
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
      case .addRates(let rates): plans.append(.addRates(try planner.plans(rates)))
      case .minimum(let amount): plans.append(.minimum(amount))
      case .maximum(let amount): plans.append(.maximum(amount))
      }
    }
    return plans
  }

  private func adjustments(_ plans: [AdjustmentPlan], wantsGraphs: Bool) -> AdjustmentIndex {
    var alone: [RuleIndex.Entry] = []
    for (place, rule) in card.adjustments.enumerated() where rule.outcome.group == nil {
      for box in space.boxes(rule.scope, in: .afterRouting, .holding) {
        alone.append(RuleIndex.Entry(rule: place, circleEnd: 0, sides: box.indexedSides))
      }
    }
    return AdjustmentIndex(
      plans: plans, alone: alone,
      groups: sets.groups.map { group in
        let order = EntryOrder(group.rules)
        return AdjustmentIndex.Group(
          entries: order.entries, members: group.members.map { Int32($0) },
          beaters: order.beaters)
      },
      atomCounts: space.axes.map(\.count), wantsGraphs: wantsGraphs)
  }
}
