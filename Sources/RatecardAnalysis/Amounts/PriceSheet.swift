import RatecardCompiler
import RatecardEngine
import RatecardModel
import RatecardValues

/// The prices of a card over the requests of a space: its own, or one that tells the requests of
/// several cards apart.
struct PriceSheet {
  /// Adjustments of which one applies at most: a group, or one that stands alone.
  private struct Unit {
    let members: [Int]
    let rules: RuleSet
  }

  /// Requests that one rule prices under the same adjustments.
  struct Region {
    let box: Box
    /// The rule of `costs`.
    let rule: Int
    /// The adjustments, as places in the card; none where the price is not adjusted.
    let adjustments: [Int]
  }

  let card: Card
  let table: RuleTable
  /// What the card takes texts for that name models.
  let models: ModelNames
  let steps: Steps
  private(set) var space: Space
  /// The rules of `costs`, compared.
  private(set) var costs: RuleSet
  /// What the card's attributes are in `space`.
  private(set) var attributes: [AttributeID]
  private var units: [Unit]

  /// The prices of a card over its own requests, or those of a space that its conditions cut as
  /// well; `sets` are its rules there.
  init(_ card: Card, _ table: RuleTable, _ sets: RuleSets, in space: Space) throws {
    self.card = card
    self.table = table
    models = ModelNames(card.models)
    self.space = space
    costs = sets.costs
    attributes = card.attributes.map(\.id)
    steps = try Steps(decimals: table.decimals, table.rounding)
    units = sets.groups.map { Unit(members: $0.members, rules: $0.rules) }
    for (index, rule) in card.adjustments.enumerated() where rule.outcome.group == nil {
      let alone = Rule(
        name: rule.name, scope: rule.scope, outcome: rule.outcome, span: rule.span)
      let rules = try RuleSets.set("adjustments", [alone], .afterRouting, space) { _ in "" }
      units.append(Unit(members: [index], rules: rules))
    }
  }

  /// The same prices over the requests of another space: `carry` takes a set of rules there, and
  /// `attributes` are what the card's attributes are there.
  func carried(
    to space: Space, _ attributes: [AttributeID], _ carry: (RuleSet) -> RuleSet
  ) -> PriceSheet {
    var result = self
    result.space = space
    result.attributes = attributes
    result.costs = carry(costs)
    result.units = units.map { Unit(members: $0.members, rules: carry($0.rules)) }
    return result
  }

  /// The requests that are priced at all; `sets` are the card's rules.
  ///
  /// Where costs look at the tier a request has one, unless rules of `tiers` leave it without.
  func requests(_ sets: RuleSets) -> Box {
    var box = Box.everything
    guard table.layout.costsNeedTier, let axis = space.axis(of: .tier, in: .afterRouting) else {
      return box
    }
    var search = RoomSearch(space)
    do throws(RoomSearch.GaveUp) {
      let rules = sets.tiers.rules.flatMap(\.holds)
      if try search.room(in: .everything, outside: rules) != nil { return box }
    } catch {
      // A tier may be missing for all we know.
      return box
    }
    box.restrict(axis, to: space.axes[axis].present)
    return box
  }

  /// Where adjustments hold.
  var adjustmentBoxes: [Box] { units.flatMap { $0.rules.rules.flatMap(\.holds) } }

  /// Whether a price or an adjustment depends on where a request lies on an axis.
  func distinguishes(_ axis: Int) -> Bool {
    costs.rules.contains { rule in rule.holds.contains { $0[axis] != nil } }
      || adjustmentBoxes.contains { $0[axis] != nil }
  }

  /// Whether a rule refuses.
  func isDenial(_ rule: Int) -> Bool { table.costs.plans[rule].isDenial }

  /// The price of a rule under adjustments; the rule does not refuse.
  func formula(_ rule: Int, _ adjustments: [Int]) throws(Overflow) -> PriceFormula {
    try PriceFormula(
      table.costs.plans[rule], adjustments.map { table.adjustments.plans[$0] }, steps: steps
    ) { attributes[$0] }
  }

  func formula(_ region: Region) throws(Overflow) -> PriceFormula {
    try formula(region.rule, region.adjustments)
  }

  /// A box divided by the adjustments that apply to the price of a rule, whether or not it wins.
  func divided(
    _ box: Box, by rule: Int, _ steps: inout StepCount
  ) throws(RoomSearch.GaveUp) -> [Region] {
    var regions = [Region(box: box, rule: rule, adjustments: [])]
    guard table.costs.plans[rule].isAdjustable else { return regions }
    for unit in units {
      var next: [Region] = []
      for region in regions {
        for piece in try steps.pieces(of: region.box, by: unit.rules, in: space) {
          let applied = piece.winner.map { [unit.members[$0]] } ?? []
          next.append(
            Region(box: piece.box, rule: rule, adjustments: region.adjustments + applied))
        }
      }
      regions = next
    }
    return regions.map {
      Region(box: $0.box, rule: rule, adjustments: $0.adjustments.sorted())
    }
  }

  /// The parts of a box in which a rule decides.
  func won(
    by rule: Int, in box: Box, _ steps: inout StepCount
  ) throws(RoomSearch.GaveUp) -> [Box] {
    if costs.rules.count == 1 { return [box] }
    return try steps.pieces(of: box, by: costs, in: space)
      .filter { $0.winner == rule }.map(\.box)
  }

  /// A box divided by the rule that prices and the adjustments that apply; what has no price or is
  /// refused is left out.
  func regions(
    of box: Box, _ steps: inout StepCount
  ) throws(RoomSearch.GaveUp) -> [Region] {
    var regions: [Region] = []
    for piece in try steps.pieces(of: box, by: costs, in: space) {
      guard let rule = piece.winner, !isDenial(rule) else { continue }
      regions += try divided(piece.box, by: rule, &steps)
    }
    return regions
  }
}

/// How many steps of dividing requests are left, for all divisions of a proof together.
struct StepCount {
  private var left: Int

  init(_ steps: Int = 4_000_000) { left = steps }

  /// The pieces of a box by the rules of a set.
  mutating func pieces(
    of box: Box, by set: RuleSet, in space: Space
  ) throws(RoomSearch.GaveUp) -> [Partition.Piece] {
    // Looking for the rules that meet the box takes its time too.
    left -= set.rules.count / 16
    if left < 0 { throw RoomSearch.GaveUp() }
    var partition = Partition(space, set, steps: left)
    let pieces = try partition.pieces(of: box)
    left = partition.stepsLeft
    return pieces
  }
}
