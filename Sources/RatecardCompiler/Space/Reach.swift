/// How far a box reaches beyond another.
package enum Reach {
  /// They have nothing in common.
  case apart
  /// It does not: all of it lies in the other.
  case inside
  case along(axis: Int)
  case alongSeveral
}

extension Box {
  /// Tells along which axes the box reaches beyond another that it meets; where there are several,
  /// they are counted.
  package func reach(beyond other: Box, in space: Space, _ counts: inout [Int]) -> Reach {
    var result = Reach.inside
    var own = 0
    for place in other.sides.indices {
      let axis = other.sides[place].axis
      while own < sides.count, sides[own].axis < axis { own += 1 }
      if own < sides.count, sides[own].axis == axis {
        if sides[own].atoms.isSubset(of: other.sides[place].atoms) { continue }
        guard sides[own].atoms.intersects(other.sides[place].atoms) else { return .apart }
      } else if other.sides[place].atoms.isAll(space.axes[axis].count) {
        continue
      }
      if case .inside = result { result = .along(axis: axis) } else { result = .alongSeveral }
    }
    guard case .alongSeveral = result else { return result }
    own = 0
    for place in other.sides.indices {
      if !isInside(other.sides[place], in: space, lookingFrom: &own) {
        counts[other.sides[place].axis] += 1
      }
    }
    return result
  }
}
