import RatecardCompiler
import RatecardEngine
import RatecardModel
import RatecardValues
import Synchronization

/// The prices of a card over the requests of a space: its own, or one that tells the requests of
/// several cards apart.
///
/// It never changes but for what it remembers; as a class it is held cheaply.
final class PriceSheet: Sendable {
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
  let plan: TablePlan
  /// What the card takes texts for that name models.
  let models: ModelNames
  let steps: Steps
  let space: Space
  /// The rules of `costs`, compared.
  let costs: RuleSet
  /// What the card's attributes are in `space`.
  let attributes: [AttributeID]
  private let units: [Unit]
  /// Whether some adjustment adds rates.
  private let addsRates: Bool
  /// Between what times itself an adjusted price lies; nil: some adjustment does more than multiply
  /// the whole of it.
  let scales: ClosedRange<Rational>?
  /// Where each of the units may apply.
  private let reach: RuleBoxes
  /// Whether some adjustment looks at each axis.
  private let isAdjusted: [Bool]
  /// The landscapes that were asked for: several proofs may need the same.
  let landscapes = Mutex<[LandscapeKey: Landscape]>([:])

  /// The prices of a card over its own requests, or those of a space that its conditions cut as
  /// well; `sets` are its rules there.
  convenience init(_ card: Card, _ plan: TablePlan, _ sets: RuleSets, in space: Space) throws {
    var units = sets.groups.map { Unit(members: $0.members, rules: $0.rules) }
    for (index, rule) in card.adjustments.enumerated() where rule.outcome.group == nil {
      let alone = Rule(
        name: rule.name, scope: rule.scope, outcome: rule.outcome, span: rule.span)
      let rules = try RuleSets.set("adjustments", [alone], .afterRouting, space) { _ in "" }
      units.append(Unit(members: [index], rules: rules))
    }
    self.init(
      card, plan, ModelNames(card.models), try Steps(decimals: plan.decimals, plan.rounding),
      space,
      costs: sets.costs, attributes: card.attributes.map(\.id), units)
  }

  private init(
    _ card: Card, _ plan: TablePlan, _ models: ModelNames, _ steps: Steps, _ space: Space,
    costs: RuleSet, attributes: [AttributeID], _ units: [Unit]
  ) {
    self.card = card
    self.plan = plan
    self.models = models
    self.steps = steps
    self.space = space
    self.costs = costs
    self.attributes = attributes
    self.units = units
    addsRates = plan.adjustments.contains { if case .addRates = $0 { true } else { false } }
    scales = Self.scales(plan.adjustments)
    reach = RuleBoxes(units.map { $0.rules.rules.flatMap(\.holds) })
    var isAdjusted = space.axes.map { _ in false }
    for axis in reach.axes { isAdjusted[axis] = true }
    self.isAdjusted = isAdjusted
  }

  private static func scales(_ adjustments: [AdjustmentPlan]) -> ClosedRange<Rational>? {
    var (least, most) = (Rational.one, Rational.one)
    for adjustment in adjustments {
      guard case .multiply(let factor) = adjustment,
        let down = try? least * min(factor, .one), let up = try? most * max(factor, .one)
      else { return nil }
      (least, most) = (down, up)
    }
    return least...most
  }

  /// Bounds of the prices of a rule in a box before their rounding, under whichever adjustments; nil
  /// where they are not easily seen.
  func plainRange(of rule: Int, in box: Box) throws(Overflow) -> Interval? {
    guard let scales else { return nil }
    var range = try formula(rule, []).range(in: box, of: space)
    guard plan.costs[rule].isAdjustable else { return range }
    range.lower = try range.lower * scales.lowerBound
    range.upper = try range.upper.map { (end) throws(Overflow) in try end * scales.upperBound }
    return range
  }

  /// The same prices over the requests of another space: `carry` takes a set of rules there, and
  /// `attributes` are what the card's attributes are there.
  func carried(
    to space: Space, _ attributes: [AttributeID], _ carry: (RuleSet) -> RuleSet
  ) -> PriceSheet {
    PriceSheet(
      card, plan, models, steps, space, costs: carry(costs), attributes: attributes,
      units.map { Unit(members: $0.members, rules: carry($0.rules)) })
  }

  /// The requests that are priced at all; `sets` are the card's rules.
  ///
  /// Where costs look at the tier a request has one, unless rules of `tiers` leave it without.
  func requests(_ sets: RuleSets) -> Box {
    var box = Box.everything
    guard plan.costsNeedTier, let axis = space.axis(of: .tier, in: .afterRouting) else {
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
  var adjustmentBoxes: [Box] { reach.boxes }

  /// Whether a price or an adjustment depends on where a request lies on an axis.
  func distinguishes(_ axis: Int) -> Bool {
    costs.rules.contains { rule in rule.holds.contains { $0[axis] != nil } }
      || adjustmentBoxes.contains { $0[axis] != nil }
  }

  /// Whether no quantity matters to the price of a rule.
  func isFlat(_ rule: Int) -> Bool { plan.costs[rule].rates.isEmpty && !addsRates }

  /// Whether a rule refuses.
  func isDenial(_ rule: Int) -> Bool { plan.costs[rule].isDenial }

  /// The price of a rule under adjustments; the rule does not refuse.
  func formula(_ rule: Int, _ adjustments: [Int]) throws(Overflow) -> PriceFormula {
    try PriceFormula(
      plan.costs[rule], adjustments.map { plan.adjustments[$0] }, steps: steps
    ) { attributes[$0] }
  }

  func formula(_ region: Region) throws(Overflow) -> PriceFormula {
    try formula(region.rule, region.adjustments)
  }

  /// A box divided by the adjustments that apply to the price of a rule, whether or not it wins.
  ///
  /// Most rules lie alike on the axes that adjustments look at; these alone are divided, and once.
  func divided(
    _ box: Box, by rule: Int, _ steps: inout StepCount
  ) throws(RoomSearch.GaveUp) -> [Region] {
    guard plan.costs[rule].isAdjustable, !units.isEmpty else {
      return [Region(box: box, rule: rule, adjustments: [])]
    }
    return try parts(of: box, &steps).list.compactMap { part in
      guard let common = box.intersection(part.box), let tight = space.tightened(common) else {
        return nil
      }
      return Region(box: tight, rule: rule, adjustments: part.adjustments)
    }
  }

  /// The lists of adjustments that may apply to the price of a rule somewhere in a box.
  func adjustments(
    to rule: Int, in box: Box, _ steps: inout StepCount
  ) throws(RoomSearch.GaveUp) -> [[Int]] {
    guard plan.costs[rule].isAdjustable, !units.isEmpty else { return [[]] }
    return try parts(of: box, &steps).combinations
  }

  private func parts(
    of box: Box, _ steps: inout StepCount
  ) throws(RoomSearch.GaveUp) -> AdjustedParts {
    let adjusted = box.only(where: isAdjusted)
    let key = StepCount.Divided(sheet: ObjectIdentifier(self), box: adjusted)
    if let known = steps.known[key] {
      try steps.take(known.list.count)
      return known
    }
    let parts = AdjustedParts(try divided(adjusted, &steps))
    steps.known[key] = parts
    return parts
  }

  private func divided(
    _ box: Box, _ steps: inout StepCount
  ) throws(RoomSearch.GaveUp) -> [AdjustedPart] {
    var parts = [AdjustedPart(box: box, adjustments: [])]
    for unit in Set(reach.meeting(box).map { reach.rules[$0] }).sorted().map({ units[$0] }) {
      var next: [AdjustedPart] = []
      for part in parts {
        for piece in try steps.pieces(of: part.box, by: unit.rules, in: space) {
          let applied = piece.winner.map { [unit.members[$0]] } ?? []
          next.append(AdjustedPart(box: piece.box, adjustments: part.adjustments + applied))
        }
      }
      parts = next
    }
    return parts.map { AdjustedPart(box: $0.box, adjustments: $0.adjustments.sorted()) }
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
  ///
  /// `suspects`, where given, are all that is of interest.
  func regions(
    of box: Box, meeting suspects: [Box]? = nil, _ steps: inout StepCount
  ) throws(RoomSearch.GaveUp) -> [Region] {
    var regions: [Region] = []
    for piece in try steps.pieces(of: box, by: costs, meeting: suspects, in: space) {
      guard let rule = piece.winner, !isDenial(rule) else { continue }
      regions += try divided(piece.box, by: rule, &steps)
    }
    return regions
  }
}

/// Requests to which the same adjustments apply.
struct AdjustedPart {
  let box: Box
  /// The adjustments, as places in the card, ascending.
  let adjustments: [Int]
}

/// All parts of a box by adjustments.
struct AdjustedParts {
  let list: [AdjustedPart]
  /// The adjustments that apply to some part, each list once.
  let combinations: [[Int]]

  init(_ parts: [AdjustedPart]) {
    list = parts
    var seen: Set<[Int]> = []
    combinations = parts.map(\.adjustments).filter { seen.insert($0).inserted }
  }
}

/// How many steps of dividing requests are left, for all divisions of a proof together, and what
/// was divided.
struct StepCount {
  /// What adjustments look at of a box.
  struct Divided: Hashable {
    let sheet: ObjectIdentifier
    let box: Box
  }

  private let budget: ProofBudget
  /// What was divided by adjustments, by sheets that live as long as this does.
  fileprivate var known: [Divided: AdjustedParts] = [:]

  /// The steps of a budget, which others may share.
  init(_ budget: ProofBudget) { self.budget = budget }

  /// As many steps as a proof about some rules may take.
  init(rules: Int = 0) { budget = ProofBudget(rules: rules) }

  /// Takes over what was divided for another proof.
  mutating func learn(from other: StepCount) { known = other.known }

  /// Takes some steps, or gives up where they are not left.
  mutating func take(_ steps: Int) throws(RoomSearch.GaveUp) { try budget.take(steps) }

  /// The pieces of a box by the rules of a set.
  mutating func pieces(
    of box: Box, by set: RuleSet, meeting suspects: [Box]? = nil, in space: Space
  ) throws(RoomSearch.GaveUp) -> [Partition.Piece] {
    var partition = Partition(space, set, budget)
    return try partition.pieces(of: box, meeting: suspects)
  }
}
