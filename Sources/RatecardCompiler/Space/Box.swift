/// The requests whose atom on each of some axes is among a set: what a list of conditions selects.
package struct Box: Hashable, Sendable {
  package struct Side: Hashable, Sendable {
    package let axis: Int
    package var atoms: AtomSet
  }

  /// The restricted axes, ascending; an axis not listed is free.
  package private(set) var sides: [Side] = []

  package static let everything = Box()

  private init() {}

  /// Everything, with room for a number of sides.
  init(sideCapacity: Int) { sides.reserveCapacity(sideCapacity) }

  package subscript(axis: Int) -> AtomSet? {
    for side in sides where side.axis >= axis { return side.axis == axis ? side.atoms : nil }
    return nil
  }

  /// Whether some side has no atoms left.
  package var isEmpty: Bool { sides.contains { $0.atoms.isEmpty } }

  /// Keeps only the requests whose atom on `axis` is in `atoms`.
  package mutating func restrict(_ axis: Int, to atoms: AtomSet) {
    let place = sides.firstIndex { $0.axis >= axis } ?? sides.count
    if place < sides.count, sides[place].axis == axis {
      sides[place].atoms = sides[place].atoms.intersection(atoms)
    } else {
      sides.insert(Side(axis: axis, atoms: atoms), at: place)
    }
  }

  /// The same box with the atoms of one axis exchanged.
  package func replacing(_ axis: Int, by atoms: AtomSet) -> Box {
    var copy = self
    if let place = sides.firstIndex(where: { $0.axis == axis }) {
      copy.sides[place].atoms = atoms
    } else {
      copy.restrict(axis, to: atoms)
    }
    return copy
  }

  /// The same box, free along one axis.
  package func without(_ axis: Int) -> Box {
    var copy = self
    copy.sides.removeAll { $0.axis == axis }
    return copy
  }

  package func intersects(_ other: Box) -> Bool {
    sides.withUnsafeBufferPointer { own in
      other.sides.withUnsafeBufferPointer { others in
        var i = 0
        var j = 0
        while i < own.count, j < others.count {
          if own[i].axis == others[j].axis {
            if !own[i].atoms.intersects(others[j].atoms) { return false }
            i += 1
            j += 1
          } else if own[i].axis < others[j].axis {
            i += 1
          } else {
            j += 1
          }
        }
        return true
      }
    }
  }

  /// What both hold; nil: nothing.
  package func intersection(_ other: Box) -> Box? {
    if other.sides.isEmpty { return self }
    guard intersects(other) else { return nil }
    var result = Box(sideCapacity: sides.count + other.sides.count)
    var i = 0
    var j = 0
    while i < sides.count || j < other.sides.count {
      if j == other.sides.count || (i < sides.count && sides[i].axis < other.sides[j].axis) {
        result.sides.append(sides[i])
        i += 1
      } else if i == sides.count || other.sides[j].axis < sides[i].axis {
        result.sides.append(other.sides[j])
        j += 1
      } else {
        result.sides.append(
          Side(axis: sides[i].axis, atoms: sides[i].atoms.intersection(other.sides[j].atoms)))
        i += 1
        j += 1
      }
    }
    return result
  }

  /// The same box, free along all axes but those that are kept.
  package func only(where isKept: [Bool]) -> Box {
    var copy = Box()
    copy.sides = sides.filter { isKept[$0.axis] }
    return copy
  }

  /// Whether every atom of every side lies within the other box's side.
  package func isInside(_ other: Box, in space: Space) -> Bool {
    sides.withUnsafeBufferPointer { sides in
      other.sides.withUnsafeBufferPointer { others in
        var own = 0
        for place in others.indices {
          let axis = others[place].axis
          while own < sides.count, sides[own].axis < axis { own += 1 }
          let isInside =
            own < sides.count && sides[own].axis == axis
            ? sides[own].atoms.isSubset(of: others[place].atoms)
            : others[place].atoms.isAll(space.axes[axis].count)
          if !isInside { return false }
        }
        return true
      }
    }
  }

  /// Whether every atom of an axis lies within a side of another box.
  ///
  /// `place` is where to look for the axis among the own sides, and moves on to it.
  @inline(__always)
  func isInside(_ other: Side, in space: Space, lookingFrom place: inout Int) -> Bool {
    while place < sides.count, sides[place].axis < other.axis { place += 1 }
    return place < sides.count && sides[place].axis == other.axis
      ? sides[place].atoms.isSubset(of: other.atoms)
      : other.atoms.isAll(space.axes[other.axis].count)
  }

  /// The part of the box within another, and disjoint parts outside; those that no request can be
  /// in are left out.
  package func parted(by other: Box, in space: Space) -> (inside: Box?, outside: [Box]) {
    var inside = self
    var outside: [Box] = []
    for side in other.sides {
      let own = inside[side.axis] ?? space.all(side.axis)
      if own.isSubset(of: side.atoms) { continue }
      var part = inside
      part.restrict(side.axis, to: own.subtracting(side.atoms))
      if let possible = space.tightened(part) { outside.append(possible) }
      inside.restrict(side.axis, to: side.atoms)
      if inside.isEmpty { return (nil, outside) }
    }
    return (space.tightened(inside), outside)
  }
}
