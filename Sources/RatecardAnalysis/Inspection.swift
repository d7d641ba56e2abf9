import RatecardCompiler
import RatecardDiagnostics
import RatecardModel
import RatecardValues

/// A compiled card as one lint rule looks at it, and the questions that all of them share.
struct Inspection: Sendable {
  let card: Card
  let space: Space
  let sets: RuleSets
  /// The day on which lint runs.
  let now: Instant
  /// What the rules come to, and what answers requests.
  let plan: TablePlan
  /// The prices, where they are at hand already.
  let prices: PriceSheet?
  /// What the rule's searches may take together.
  let budget: ProofBudget

  init(
    card: Card, space: Space, sets: RuleSets, now: Instant, plan: TablePlan,
    prices: PriceSheet? = nil, budget: ProofBudget? = nil
  ) {
    self.card = card
    self.space = space
    self.sets = sets
    self.now = now
    self.plan = plan
    self.prices = prices
    self.budget = budget ?? ProofBudget(rules: space.ruleCount)
  }

  /// Where to point when a finding concerns a section as a whole: its first rule.
  func span<Outcome>(of rules: [Rule<Outcome>]) -> Span { rules.map(\.span).min() ?? cardSpan }

  /// Where to point when a finding concerns the card as a whole.
  var cardSpan: Span {
    let spans = card.costs.map(\.span) + card.tiers.map(\.span) + card.routes.map(\.span)
    return spans.min() ?? Span(file: FileID(0), start: 0, end: 0)
  }

  /// The requests for which a rule of a set wins as one box of several, or nil where it never does.
  ///
  /// Where something of `others` holds, and none of its beaters, is left out.
  func roomWon(
    by rule: Int, of set: RuleSet, within box: Box = .everything,
    without others: [RoomSearch.Refusal] = []
  ) throws(RoomSearch.GaveUp) -> Box? {
    var search = RoomSearch(space, budget)
    let beaters = set.beaters[rule].flatMap { set.rules[$0].holds }
    for own in set.rules[rule].holds {
      guard let common = own.intersection(box) else { continue }
      let refusals = set.refusals(beside: rule, in: common)
      let room = try search.room(in: common, outside: beaters, notRefusedBy: refusals + others)
      if let room { return room }
    }
    return nil
  }

  /// One possible request of a box, with a value for what the rules of `set` look at.
  func witness(in box: Box, of set: RuleSet) -> Witness {
    Witness(in: box, axes: set.axes, of: space)
  }

  /// One possible request of a box, with a value for what some rules of `set` look at.
  func witness(in box: Box, of set: RuleSet, showing rules: [Int]) -> Witness {
    let axes = rules.flatMap { set.rules[$0].holds }.flatMap { $0.sides.map(\.axis) }
    return Witness(in: box, axes: Set(axes), of: space)
  }

  /// The axes that some rule of a set looks at, ascending.
  func axes(of set: RuleSet) -> [Int] { set.axes }
}
