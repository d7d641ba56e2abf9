/// The atoms of an axis, by which of some boxes hold there.
package struct AtomClasses {
  /// Atoms at which the same boxes hold.
  package struct Class {
    package let atoms: AtomSet
    /// The boxes; those that the axis leaves free are left out.
    package let members: [Int]
  }

  /// Disjoint, by their first atoms.
  package let classes: [Class]
  /// The boxes that the axis leaves free.
  package let everywhere: [Int]

  /// Tells the atoms of `all` apart by some of the boxes, whose indices are given.
  ///
  /// O(ranges × log ranges) and the members of all classes, for which steps are taken.
  package init(
    of all: AtomSet, on axis: Int, by boxes: [Box], _ members: [Int], _ budget: ProofBudget
  ) throws(RoomSearch.GaveUp) {
    var sweep = Sweep(members.count)
    var everywhere: [Int] = []
    for member in members {
      if let atoms = boxes[member][axis] {
        sweep.add(atoms.intersection(all), member)
      } else {
        everywhere.append(member)
      }
    }
    self.everywhere = everywhere
    classes = try sweep.classes(of: all, budget)
  }

  /// The classes, those first whose atoms the fewest sets hold; of equals the first.
  package var fewestFirst: [Class] {
    classes.enumerated().sorted {
      ($0.element.members.count, $0.offset) < ($1.element.members.count, $1.offset)
    }.map(\.element)
  }
}

/// The places where the boxes' sets of atoms begin and end, from left to right.
private struct Sweep {
  /// Sorted by place, then by box: all in one number, since many are sorted.
  private struct Border: Comparable {
    let bits: UInt64

    init(_ place: Int32, _ index: Int, isStart: Bool) {
      bits = UInt64(UInt32(place)) << 32 | UInt64(UInt32(index)) << 1 | (isStart ? 1 : 0)
    }

    var place: Int32 { Int32(truncatingIfNeeded: bits >> 32) }
    var index: Int { Int(bits & 0xFFFF_FFFF) >> 1 }
    var isStart: Bool { bits & 1 == 1 }

    static func < (left: Border, right: Border) -> Bool { left.bits < right.bits }
  }

  private var borders: [Border] = []

  /// The boxes' indices, by the numbers that they have here.
  private var indices: [Int] = []

  init(_ count: Int) {
    borders.reserveCapacity(2 * count)
    indices.reserveCapacity(count)
  }

  mutating func add(_ set: AtomSet, _ index: Int) {
    let number = indices.count
    set.forEachRange { range in
      borders.append(Border(range.lowerBound, number, isStart: true))
      borders.append(Border(range.upperBound, number, isStart: false))
    }
    indices.append(index)
  }

  mutating func classes(
    of all: AtomSet, _ budget: ProofBudget
  ) throws(RoomSearch.GaveUp) -> [AtomClasses.Class] {
    borders.sort()
    var found: [(atoms: [Range<Int32>], members: [Int])] = []
    var known: [UInt64: Int] = [:]
    var active = ActiveSets(indices.count)
    var next = 0
    for range in all.ranges {
      var start = range.lowerBound
      while start < range.upperBound {
        while next < borders.count, borders[next].place <= start {
          active.change(borders[next].index, borders[next].isStart)
          next += 1
        }
        let border = next < borders.count ? borders[next].place : range.upperBound
        let end = min(border, range.upperBound)
        try budget.take(1 + active.members.count)
        if let place = known[active.sum], active.are(found[place].members) {
          found[place].atoms.append(start..<end)
        } else {
          known[active.sum] = found.count
          found.append(([start..<end], active.members))
        }
        start = end
      }
    }
    return found.map { atoms, members in
      AtomClasses.Class(atoms: AtomSet(sorted: atoms), members: members.map { indices[$0] })
    }
  }
}

/// The sets that hold the atom at hand.
private struct ActiveSets {
  private(set) var members: [Int] = []
  /// The sum of the members' numbers: equal for equal members, and hardly ever for others.
  private(set) var sum: UInt64 = 0
  private var places: [Int]

  init(_ count: Int) { places = Array(repeating: .max, count: count) }

  mutating func change(_ index: Int, _ isStart: Bool) {
    if isStart {
      places[index] = members.count
      members.append(index)
      sum &+= Self.number(of: index)
    } else if let last = members.popLast() {
      if last != index {
        members[places[index]] = last
        places[last] = places[index]
      }
      sum &-= Self.number(of: index)
    }
  }

  func are(_ others: [Int]) -> Bool {
    others.count == members.count
      && others.allSatisfy { places[$0] < members.count && members[places[$0]] == $0 }
  }

  private static func number(of index: Int) -> UInt64 {
    var mixed = (UInt64(index) &+ 1) &* 0x9E37_79B9_7F4A_7C15
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
