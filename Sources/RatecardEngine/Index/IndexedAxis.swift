/// An axis as one set of rules sees it: atoms that all its entries take alike are one class.
struct IndexedAxis: Sendable {
  /// Which axis of the request.
  let axis: Int
  /// The class of each atom; classes ascend with the atoms.
  let classOfAtom: [Int32]
  let classCount: Int

  /// The axes that some entry looks at, ascending.
  static func all(_ entries: [RuleIndex.Entry], _ atomCounts: [Int]) -> [IndexedAxis] {
    var borders: [[Bool]?] = Array(repeating: nil, count: atomCounts.count)
    for entry in entries {
      for side in entry.sides {
        if borders[side.axis] == nil {
          borders[side.axis] = Array(repeating: false, count: atomCounts[side.axis] + 1)
        }
        for range in side.atoms {
          borders[side.axis]?[Int(range.lowerBound)] = true
          borders[side.axis]?[Int(range.upperBound)] = true
        }
      }
    }
    return borders.enumerated().compactMap { axis, borders in
      borders.map { IndexedAxis(axis: axis, $0, atomCounts[axis]) }
    }
  }

  /// Atoms between which no entry begins or ends share a class.
  private init(axis: Int, _ isBorder: [Bool], _ atomCount: Int) {
    self.axis = axis
    var classes: [Int32] = []
    classes.reserveCapacity(atomCount)
    var last: Int32 = 0
    for atom in 0..<atomCount {
      if isBorder[atom], atom > 0 { last += 1 }
      classes.append(last)
    }
    classOfAtom = classes
    classCount = Int(last) + 1
  }

  /// The classes of some atoms.
  func classes(_ atoms: Range<Int32>) -> Range<Int32> {
    classOfAtom[Int(atoms.lowerBound)]..<(classOfAtom[Int(atoms.upperBound) - 1] + 1)
  }
}
