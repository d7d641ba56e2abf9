import RatecardCompiler

/// Some requests, as boxes that a person can read one by one.
struct Region: Sendable {
  /// Disjoint when they were made from disjoint boxes.
  private(set) var boxes: [Box]

  /// Joins boxes that differ along one axis only, until no two do.
  ///
  /// O(boxes × axes) a round; a round joins at least two boxes.
  init(_ boxes: [Box], in space: Space) {
    var boxes = boxes.map { Self.withoutFullSides($0, space) }
    let axes = Set(boxes.lazy.flatMap { $0.sides.lazy.map(\.axis) }).sorted(by: >)
    var hasChanged = true
    while hasChanged {
      hasChanged = false
      for axis in axes {
        var groups: [Box: AtomSet] = [:]
        var order: [Box] = []
        for box in boxes {
          let rest = box.without(axis)
          let atoms = box[axis] ?? space.axes[axis].all
          if let known = groups[rest] {
            groups[rest] = known.union(atoms)
            hasChanged = true
          } else {
            groups[rest] = atoms
            order.append(rest)
          }
        }
        boxes = order.map { rest in
          let atoms = groups[rest] ?? .empty
          var box = rest
          if atoms != space.axes[axis].all { box.restrict(axis, to: atoms) }
          return box
        }
      }
    }
    self.boxes = boxes
  }

  private static func withoutFullSides(_ box: Box, _ space: Space) -> Box {
    var result = box
    for side in box.sides where side.atoms == space.axes[side.axis].all {
      result = result.without(side.axis)
    }
    return result
  }
}
