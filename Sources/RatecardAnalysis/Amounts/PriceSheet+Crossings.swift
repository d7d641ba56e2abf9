import RatecardCompiler
import RatecardEngine
import RatecardModel
import RatecardValues
import Synchronization

extension PriceSheet {
  /// Two regions of which a move leads from the one to the other, in boxes that differ only in what
  /// moves.
  struct Crossing {
    let first: Region
    let second: Region
  }

  /// Regions between which to look for crossings.
  struct Landscape {
    let regions: [Region]
    /// Whether the adjustments of the regions are still to be found out.
    let isUnadjusted: Bool
  }

  /// What a landscape depends on.
  struct LandscapeKey: Hashable {
    let boxes: [Box]
    let moving: Set<AttributeID>
  }

  /// The regions of some boxes as far as a move may lead from one to another.
  ///
  /// Where adjustments do not look at what moves, the same apply before and after, so that a
  /// crossing is divided by them only once it is found.
  func landscape(
    of boxes: [Box], for move: Move, _ steps: inout StepCount
  ) throws(RoomSearch.GaveUp) -> Landscape {
    let key = LandscapeKey(boxes: boxes, moving: move.attributes)
    if let known = landscapes.withLock({ $0[key] }) {
      try steps.take(known.regions.count)
      return known
    }
    let landscape = try newLandscape(of: boxes, for: move, &steps)
    landscapes.withLock { $0[key] = landscape }
    return landscape
  }

  private func newLandscape(
    of boxes: [Box], for move: Move, _ steps: inout StepCount
  ) throws(RoomSearch.GaveUp) -> Landscape {
    let isUnadjusted = ignoresInAdjustments(move)
    let moving = axes(of: move)
    // Elsewhere the same rules hold before and after.
    let suspects = (costs.boxes.boxes + adjustmentBoxes).filter { box in
      moving.contains { box[$0] != nil }
    }.map { box in moving.reduce(box) { $0.without($1) } }
    var regions: [Region] = []
    for box in boxes {
      regions +=
        isUnadjusted
        ? try unadjustedRegions(of: box, meeting: suspects, &steps)
        : try self.regions(of: box, meeting: suspects, &steps)
    }
    return Landscape(regions: regions, isUnadjusted: isUnadjusted)
  }

  /// Whether no adjustment looks at what moves.
  func ignoresInAdjustments(_ move: Move) -> Bool {
    let moving = axes(of: move)
    return !adjustmentBoxes.contains { box in moving.contains { box[$0] != nil } }
  }

  private func axes(of move: Move) -> [Int] {
    move.attributes.compactMap { space.axis(of: $0, in: .afterRouting) }
  }

  /// What `body` finds first where a move leads from one region to another, along an axis, from one
  /// of its atoms to a later one.
  ///
  /// Crossings where the price plainly does not fall are left out.
  func firstCrossing<Found>(
    in landscape: Landscape, by move: Move, along axis: Int, _ steps: inout StepCount,
    _ body: (Crossing) throws -> Found?
  ) throws -> Found? {
    let moving = axes(of: move)
    let regions = landscape.regions.filter { $0.box[axis] != nil }
    let others = regions.map { region in moving.reduce(region.box) { $0.without($1) } }
    for (left, right) in OverlapJoin(others).pairs() {
      for (first, second) in [(left, right), (right, left)] {
        let (first, second) = (regions[first], regions[second])
        guard first.box.leads(to: second.box, by: move, on: axis, of: space),
          !isPlainlyNoLess(second, than: first, move)
        else { continue }
        for crossing in try crossings(first, second, moving, landscape.isUnadjusted, &steps) {
          if try isPlainlyLevel(crossing) { continue }
          if let found = try body(crossing) { return found }
        }
      }
    }
    return nil
  }

  private func unadjustedRegions(
    of box: Box, meeting suspects: [Box], _ steps: inout StepCount
  ) throws(RoomSearch.GaveUp) -> [Region] {
    try steps.pieces(of: box, by: costs, meeting: suspects, in: space).compactMap { piece in
      guard let rule = piece.winner, !isDenial(rule) else { return nil }
      return Region(box: piece.box, rule: rule, adjustments: [])
    }
  }

  /// The crossings from one region to another.
  private func crossings(
    _ first: Region, _ second: Region, _ moving: [Int], _ isUnadjusted: Bool,
    _ steps: inout StepCount
  ) throws(RoomSearch.GaveUp) -> [Crossing] {
    guard let (box, target) = first.box.aligned(with: second.box, but: moving) else { return [] }
    guard isUnadjusted else {
      return [
        Crossing(
          first: Region(box: box, rule: first.rule, adjustments: first.adjustments),
          second: Region(box: target, rule: second.rule, adjustments: second.adjustments))
      ]
    }
    let plans = plan.costs
    let adjusted = plans[first.rule].isAdjustable ? first.rule : second.rule
    return try divided(box, by: adjusted, &steps).map { part in
      let moved = moving.reduce(part.box) {
        $0.replacing($1, by: target[$1] ?? space.axes[$1].all)
      }
      func region(_ rule: Int, _ box: Box) -> Region {
        Region(box: box, rule: rule, adjustments: plans[rule].isAdjustable ? part.adjustments : [])
      }
      return Crossing(first: region(first.rule, part.box), second: region(second.rule, moved))
    }
  }

  /// Whether the second price is nowhere below the first, as their ranges show.
  private func isPlainlyLevel(_ crossing: Crossing) throws -> Bool {
    let before = try formula(crossing.first).range(in: crossing.first.box, of: space)
    guard let greatest = before.upper else { return false }
    return try greatest <= formula(crossing.second).range(in: crossing.second.box, of: space).lower
  }

  /// Whether each part of one price is no less than the same part of another, so that adding to
  /// quantities cannot make it less.
  private func isPlainlyNoLess(_ region: Region, than other: Region, _ move: Move) -> Bool {
    guard region.adjustments == other.adjustments, move.isOnTop(in: space.card) else {
      return false
    }
    let (plan, least) = (self.plan.costs[region.rule], self.plan.costs[other.rule])
    guard plan.isAdjustable == least.isAdjustable,
      (plan.credits ?? .zero) >= (least.credits ?? .zero),
      (plan.minimum ?? .zero) >= (least.minimum ?? .zero),
      plan.maximum.map({ most in least.maximum.map { $0 <= most } ?? false }) ?? true
    else { return false }
    return plan.rates.allSatisfy { $0.linear != nil }
      && least.rates.allSatisfy { rate in
        guard let each = rate.linear,
          let same = plan.rates.first(where: { $0.attribute == rate.attribute }),
          same.innerParts == rate.innerParts
        else { return false }
        return each <= same.linear ?? .zero
      }
      && addedRates(of: region).allSatisfy { $0.linear != nil }
  }

  /// The rates that adjustments may add to the price of a region.
  private func addedRates(of region: Region) -> [RatePlan] {
    guard plan.costs[region.rule].isAdjustable else { return [] }
    return plan.adjustments.flatMap { plan in
      if case .addRates(let rates) = plan { rates } else { [RatePlan]() }
    }
  }
}

extension Move {
  /// Whether no part grows without its whole.
  fileprivate func isOnTop(in card: Card) -> Bool {
    attributes.allSatisfy { card[$0].partOf.map(attributes.contains) ?? true }
  }
}

extension RatePlan {
  /// The rate of every unit; nil: not every unit costs the same.
  fileprivate var linear: Rational? {
    guard rounding == nil, atLeast == nil, atMost == nil, case .linear(let each) = schedule else {
      return nil
    }
    return each
  }
}

extension Box {
  /// Whether a request of this box may become one of the other by a move on an axis, from one atom
  /// to a later one.
  fileprivate func leads(
    to other: Box, by move: Move, on axis: Int, of space: Space
  ) -> Bool {
    let present = space.axes[axis].present
    let from = (self[axis] ?? present).intersection(present)
    let to = (other[axis] ?? present).intersection(present)
    if move.isByOne {
      return from.ranges.contains { range in
        to.ranges.contains { next in
          // Some atom of the one is just before some atom of the other.
          next.lowerBound <= range.upperBound && range.lowerBound + 1 < next.upperBound
        }
      }
    }
    guard let first = from.ranges.first, let last = to.ranges.last else { return false }
    return first.lowerBound + 1 < last.upperBound
  }

  /// Both boxes less what the other does not hold, on all axes but those of what moves; nil: nothing
  /// is left.
  fileprivate func aligned(with other: Box, but moving: [Int]) -> (Box, Box)? {
    var (first, second) = (self, other)
    for side in other.sides where !moving.contains(side.axis) {
      first.restrict(side.axis, to: side.atoms)
    }
    for side in sides where !moving.contains(side.axis) {
      second.restrict(side.axis, to: side.atoms)
    }
    return first.isEmpty || second.isEmpty ? nil : (first, second)
  }
}
