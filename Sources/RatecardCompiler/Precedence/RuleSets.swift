package import RatecardModel
package import RatecardValues

/// The rule sets of a card: within each of them rules beat each other, and one wins.
package struct RuleSets {
  /// The adjustments that exclude each other.
  package struct Group {
    package let name: ExactText
    /// Indices into the card's adjustments, in the order of the set's rules.
    package let members: [Int]
    package let rules: RuleSet
  }

  package let tiers: RuleSet
  package let routes: RuleSet
  package let costs: RuleSet
  package let events: RuleSet
  package let groups: [Group]

  package init(_ card: Card, in space: Space) throws(RoomSearch.GaveUp) {
    let text = OutcomeText(card)
    tiers = try Self.set("tiers", card.tiers, .beforeRouting, space) { text.tier($0) }
    routes = try Self.set(
      "routes", card.routes, .beforeRouting, space, isDenial: \.isDenial
    ) { text.route($0) }
    costs = try Self.set("costs", card.costs, .afterRouting, space, isDenial: \.isDenial) {
      text.cost($0)
    }
    events = try Self.set("events", card.events, .beforeRouting, space) { text.event($0) }
    var groups: [Group] = []
    let grouped = card.adjustments.indices.filter { card.adjustments[$0].outcome.group != nil }
    let byName = Dictionary(grouping: grouped) { card.adjustments[$0].outcome.group }
    for name in byName.keys.compactMap(\.self).sorted() {
      let members = byName[name] ?? []
      // Overrides are indices into the section; only those within the group can matter.
      let rules = members.map { index in
        let rule = card.adjustments[index]
        return Rule(
          name: rule.name, scope: rule.scope,
          overrides: rule.overrides.compactMap { members.place(of: $0) },
          outcome: rule.outcome, span: rule.span)
      }
      let set = try Self.set("adjustments", rules, .afterRouting, space) { text.adjustment($0) }
      groups.append(Group(name: name, members: members, rules: set))
    }
    self.groups = groups
  }

  /// Every set, for what is checked of each.
  package var all: [RuleSet] { [tiers, routes, costs, events] + groups.map(\.rules) }

  package static func set<Outcome>(
    _ section: String, _ rules: [Rule<Outcome>], _ place: Space.Section, _ space: Space,
    isDenial: (Outcome) -> Bool = { _ in false },
    says: @escaping @Sendable (Outcome) -> String
  ) throws(RoomSearch.GaveUp) -> RuleSet {
    var outcomes: [Outcome: Int] = [:]
    outcomes.reserveCapacity(rules.count)
    var prepared: [RuleSet.Rule] = []
    prepared.reserveCapacity(rules.count)
    for rule in rules {
      let next = outcomes.count
      let outcome = number(&outcomes[rule.outcome], next)
      let holds = space.boxes(rule.scope, in: place, .holding)
      let hasSwitch = rule.scope.begins != nil || rule.scope.ends != nil
      let compares = hasSwitch ? space.boxes(rule.scope, in: place, .comparing) : holds
      prepared.append(
        RuleSet.Rule(
          name: rule.name, span: rule.span, outcome: outcome, isDenial: isDenial(rule.outcome),
          holds: holds, compares: compares,
          tight: space.isProduct ? compares : compares.compactMap { space.tightened($0) },
          overrides: rule.overrides))
    }
    return try RuleSet(section: section, rules: prepared, in: space) { says(rules[$0].outcome) }
  }
}

/// The number that is known, which becomes `next` where there is none.
private func number(_ known: inout Int?, _ next: Int) -> Int {
  let number = known ?? next
  known = number
  return number
}

extension CostOutcome {
  package var isDenial: Bool {
    if case .deny = self { return true }
    return false
  }
}

extension RouteOutcome {
  package var isDenial: Bool {
    if case .deny = self { return true }
    return false
  }
}
