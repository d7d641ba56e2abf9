import RatecardCompiler
import RatecardModel
import RatecardValues

/// A section of both cards over their common space, with answers that can be compared.
struct PairedSection {
  let section: CardDifference.Section
  /// The rules of each card; their outcomes are places in `answers`.
  let sets: Both<RuleSet>
  let answers: [RuleAnswer]
  /// What is answered where no rule holds.
  let nothing: RuleAnswer

  init<Outcome>(
    _ section: CardDifference.Section, of pair: CardPair, nothing: RuleAnswer,
    rules: KeyPath<Card, [Rule<Outcome>]>, set: KeyPath<RuleSets, RuleSet>,
    answer: (Outcome, Meaning) -> RuleAnswer
  ) {
    self.section = section
    self.nothing = nothing
    var answers: [RuleAnswer] = []
    var places: [RuleAnswer: Int] = [:]
    sets = pair.sides.map { side in
      // Outcomes of a card are numbered already, so that few have to be hashed.
      var known: [Int: Int] = [:]
      let own = side.sets[keyPath: set]
      let meaning = Meaning(side)
      let outcomes = zip(own.rules, side.card[keyPath: rules]).map { rule, source in
        if let place = known[rule.outcome] { return place }
        let answer = answer(source.outcome, meaning)
        let place = places[answer] ?? answers.count
        if place == answers.count {
          answers.append(answer)
          places[answer] = place
        }
        known[rule.outcome] = place
        return place
      }
      return side.carried(own, outcomes: outcomes)
    }
    self.answers = answers
  }

  /// The answer of a rule set's outcome.
  func answer(_ outcome: Int?) -> RuleAnswer { outcome.map { answers[$0] } ?? nothing }

  /// Whether a rule of one of the cards looks at an axis.
  func looks(at axis: Int) -> Bool {
    sets.list.contains { set in
      set.rules.contains { rule in rule.holds.contains { $0[axis] != nil } }
    }
  }
}

extension PairedSection {
  static func tiers(_ pair: CardPair) -> PairedSection {
    PairedSection(
      .tiers, of: pair, nothing: .tier(nil), rules: \.tiers, set: \.tiers
    ) { tier, _ in .tier(tier.string) }
  }

  static func routes(_ pair: CardPair) -> PairedSection {
    PairedSection(
      .routes, of: pair, nothing: .route(Route()), rules: \.routes, set: \.routes
    ) { outcome, meaning in meaning.answer(outcome) }
  }

  static func costs(_ pair: CardPair) -> PairedSection {
    PairedSection(
      .costs, of: pair, nothing: .unpriced, rules: \.costs, set: \.costs
    ) { outcome, meaning in meaning.answer(outcome) }
  }

  static func events(_ pair: CardPair) -> PairedSection {
    PairedSection(
      .events, of: pair, nothing: .event(EventOutcome(tier: nil, notify: nil)),
      rules: \.events, set: \.events
    ) { outcome, _ in .event(outcome) }
  }
}
