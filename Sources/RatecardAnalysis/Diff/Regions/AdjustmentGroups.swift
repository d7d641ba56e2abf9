import RatecardCompiler
import RatecardModel

/// The adjustments of both cards over their common space, with outcomes that can be compared.
struct AdjustmentGroups {
  /// What the outcomes of the sets mean.
  let adjustments: [Adjustment]
  /// A set for each adjustment without a group.
  let alone: Both<[RuleSet]>
  /// The groups, by name; one that a card does not have has no rules there.
  let named: [Both<RuleSet>]

  init(_ pair: CardPair) throws(DifferenceFailure) {
    var places: [Adjustment: Int] = [:]
    func carried(_ set: RuleSet, _ members: [Rule<Adjustment>], _ side: PairedCard) -> RuleSet {
      let meaning = Meaning(side)
      let outcomes = members.map { rule in
        let adjustment = meaning.adjustment(rule.outcome)
        let place = places[adjustment] ?? places.count
        places[adjustment] = place
        return place
      }
      return side.carried(set, outcomes: outcomes)
    }
    func alone(_ side: PairedCard) throws(DifferenceFailure) -> [RuleSet] {
      var sets: [RuleSet] = []
      for rule in side.card.adjustments where rule.outcome.group == nil {
        sets.append(carried(try side.set(of: [rule.withoutOverrides]), [rule], side))
      }
      return sets
    }
    self.alone = try pair.sides.map(alone)
    let groups = pair.sides.map { side in
      side.sets.groups.map { group in
        let members = group.members.map { side.card.adjustments[$0] }
        return (name: group.name, rules: carried(group.rules, members, side))
      }
    }
    let names = Set(groups.list.joined().map(\.name)).sorted()
    let none = try pair.sides.old.set(of: [])
    named = names.map { name in groups.map { $0.first { $0.name == name }?.rules ?? none } }
    adjustments = places.sorted { $0.value < $1.value }.map(\.key)
  }
}

extension Rule<Adjustment> {
  /// The rule by itself, where there is nothing to override.
  fileprivate var withoutOverrides: Rule {
    Rule(name: name, scope: scope, outcome: outcome, span: span)
  }
}
