/// Finds a request that lies in one box and outside others, or proves that there is none.
///
/// The box is cut along the sides of what is to be avoided until a piece lies outside all of it.
/// Pieces are disjoint, so that no part is looked at twice; what has to be avoided along one side
/// only is cut off first, since that needs no choice. Exponential at worst, hence the budget.
package struct RoomSearch {
  /// The search took more steps than it may; nothing is known then.
  package struct GaveUp: Error {
    package init() {}
  }

  /// A refusal that wins where it holds and none of its beaters does.
  package struct Refusal {
    package let holds: [Box]
    /// The boxes of each rule that beats it.
    package let beaters: [[Box]]

    package init(holds: [Box], beaters: [[Box]]) {
      self.holds = holds
      self.beaters = beaters
    }
  }

  package let space: Space
  private var stepsLeft: Int

  /// A search that may look at `steps` pieces in all its calls together.
  package init(_ space: Space, steps: Int = 2_000_000) {
    self.space = space
    stepsLeft = steps
  }

  /// A part of `box` in which every request lies outside `avoided`, and at least one is possible;
  /// nil: every possible request of `box` is in `avoided`.
  package mutating func room(
    in box: Box, outside avoided: [Box], notRefusedBy refusals: [Refusal] = []
  ) throws(GaveUp) -> Box? {
    guard !box.isEmpty, let tight = space.tightened(box), !tight.isEmpty else {
      return nil
    }
    return try search(tight, avoided[...], refusals[...])
  }

  /// Whether every request of some boxes, each without what no request in it can have, is in
  /// others.
  package mutating func isInside(_ inner: [Box], _ outer: [Box]) throws(GaveUp) -> Bool {
    for box in inner {
      if outer.contains(where: { box.isInside($0, in: space) }) { continue }
      if outer.count < 2 { return false }
      if try room(in: box, outside: outer) != nil { return false }
    }
    return true
  }

  private mutating func search(
    _ start: Box, _ avoided: ArraySlice<Box>, _ refusals: ArraySlice<Refusal>
  ) throws(GaveUp) -> Box? {
    var box = start
    var left = Array(avoided)
    while true {
      stepsLeft -= 1 + left.count / 64
      if stepsLeft < 0 { throw GaveUp() }
      var remaining: [Box] = []
      var fewest: (index: Int, sides: [Int])?
      var wasCut = false
      for other in left {
        guard other.intersects(box) else { continue }
        let crossing = other.sides.filter { side in
          !(box[side.axis] ?? space.axes[side.axis].all).isSubset(of: side.atoms)
        }.map(\.axis)
        if crossing.isEmpty { return nil }
        if crossing.count == 1 {
          cut(&box, crossing[0], other)
          wasCut = true
          continue
        }
        if crossing.count < fewest?.sides.count ?? .max {
          fewest = (remaining.count, crossing)
        }
        remaining.append(other)
      }
      if wasCut {
        guard let tight = space.tightened(box), !tight.isEmpty else { return nil }
        box = tight
        left = remaining
        continue
      }
      guard let fewest else { return try withoutRefusal(box, refusals) }
      return try split(box, along: fewest.sides, remaining, at: fewest.index, refusals)
    }
  }

  private func cut(_ box: inout Box, _ axis: Int, _ other: Box) {
    guard let atoms = other[axis] else { return }
    box.restrict(axis, to: space.axes[axis].all.subtracting(atoms))
  }

  private mutating func split(
    _ box: Box, along axes: [Int], _ avoided: [Box], at index: Int,
    _ refusals: ArraySlice<Refusal>
  ) throws(GaveUp) -> Box? {
    let other = avoided[index]
    var others = avoided
    others.remove(at: index)
    var inside = box
    for axis in axes {
      guard let atoms = other[axis] else { continue }
      var outside = inside
      outside.restrict(axis, to: space.axes[axis].all.subtracting(atoms))
      if let tight = space.tightened(outside), !tight.isEmpty,
        let found = try search(tight, others[...], refusals)
      {
        return found
      }
      inside.restrict(axis, to: atoms)
    }
    return nil
  }

  /// A part of `box` where none of the refusals wins: it does not hold, or something beats it.
  private mutating func withoutRefusal(
    _ box: Box, _ refusals: ArraySlice<Refusal>
  ) throws(GaveUp) -> Box? {
    guard let refusal = refusals.first else { return box }
    let others = refusals.dropFirst()
    guard refusal.holds.contains(where: { $0.intersects(box) }) else {
      return try withoutRefusal(box, others)
    }
    if let found = try search(box, refusal.holds[...], others) { return found }
    for beater in refusal.beaters.joined() {
      guard let common = box.intersection(beater), let tight = space.tightened(common),
        !tight.isEmpty
      else { continue }
      if let found = try withoutRefusal(tight, others) { return found }
    }
    return nil
  }
}
