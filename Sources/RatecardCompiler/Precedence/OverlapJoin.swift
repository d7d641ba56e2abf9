/// Finds the pairs of boxes that meet, without comparing every two.
///
/// On an axis on which many boxes have a single atom, boxes with different atoms never meet: the
/// boxes are divided by it, and each part again by the next axis. Where there is no such axis they
/// are parted at an atom, into those that lie before it, those that lie behind, and the rest. About
/// linear in the boxes and the pairs found, but for ranges that overlap on every axis.
package struct OverlapJoin {
  private let boxes: [Box]
  private let hulls: BoxHulls
  private var limit = Int.max
  private var found: [(Int, Int)] = []
  private static let smallEnough = 24

  package init(_ boxes: [Box]) {
    self.boxes = boxes
    hulls = BoxHulls(boxes)
  }

  /// The pairs of indices, each once, of boxes that have an atom in common on every axis.
  ///
  /// In an order that depends on the boxes alone.
  package func pairs() -> [(Int, Int)] { (try? pairs(atMost: .max)) ?? [] }

  /// The pairs; gives up when there are more than `limit`.
  package func pairs(atMost limit: Int) throws(RoomSearch.GaveUp) -> [(Int, Int)] {
    var join = self
    join.limit = limit
    try join.join(Array(boxes.indices), hulls.axes)
    return join.found
  }

  private mutating func add(_ left: Int, _ right: Int) throws(RoomSearch.GaveUp) {
    guard hulls.meet(left, right), boxes[left].intersects(boxes[right]) else { return }
    if found.count == limit { throw RoomSearch.GaveUp() }
    found.append((left, right))
  }

  // MARK: Among themselves

  private mutating func join(_ members: [Int], _ axes: [Int]) throws(RoomSearch.GaveUp) {
    guard members.count > Self.smallEnough else { return try compareAll(members) }
    if let axis = axisOfSingles(members, axes) {
      let parts = BoxParts(members, of: hulls, by: axis)
      let others = axes.filter { $0 != axis }
      for (group, meeting) in parts.groups(meeting: parts.sets, of: boxes) {
        try join(group, others)
        try cross(group, meeting, others)
      }
      try cross(parts.singles, parts.free, others)
      try join(parts.sets + parts.free, axes)
    } else if let cut = bestCut(members, members, axes) {
      let (before, across, behind) = cut.parts(members, of: hulls)
      for part in [before, across, behind] { try join(part, axes) }
      try cross(across, before, axes)
      try cross(across, behind, axes)
    } else {
      try compareAll(members)
    }
  }

  private mutating func compareAll(_ members: [Int]) throws(RoomSearch.GaveUp) {
    for (place, left) in members.enumerated() {
      for right in members[(place + 1)...] { try add(left, right) }
    }
  }

  // MARK: One with another

  private mutating func cross(
    _ left: [Int], _ right: [Int], _ axes: [Int]
  ) throws(RoomSearch.GaveUp) {
    if left.isEmpty || right.isEmpty { return }
    let isSmall = left.count * right.count <= Self.smallEnough * Self.smallEnough
    let larger = left.count < right.count ? right : left
    if !isSmall, let axis = axisOfSingles(larger, axes) {
      try cross(
        BoxParts(left, of: hulls, by: axis), BoxParts(right, of: hulls, by: axis), on: axis, axes)
    } else if !isSmall, let cut = bestCut(left, right, axes) {
      let (before, across, behind) = cut.parts(left, of: hulls)
      let others = cut.parts(right, of: hulls)
      try cross(before, others.before + others.across, axes)
      try cross(behind, others.behind + others.across, axes)
      try cross(across, right, axes)
    } else {
      for first in left {
        for second in right { try add(first, second) }
      }
    }
  }

  private mutating func cross(
    _ left: BoxParts, _ right: BoxParts, on axis: Int, _ axes: [Int]
  ) throws(RoomSearch.GaveUp) {
    let others = axes.filter { $0 != axis }
    for (atom, group) in left.inOrder { try cross(group, right.byAtom[atom] ?? [], others) }
    for (group, meeting) in left.groups(meeting: right.sets, of: boxes) {
      try cross(group, meeting, others)
    }
    for (group, meeting) in right.groups(meeting: left.sets, of: boxes) {
      try cross(meeting, group, others)
    }
    try cross(left.singles, right.free, others)
    try cross(left.free, right.singles, others)
    try cross(left.sets + left.free, right.sets + right.free, axes)
  }

  // MARK: Where to divide

  /// The axis on which the most members have a single atom; nil when fewer than a quarter have.
  private func axisOfSingles(_ members: [Int], _ axes: [Int]) -> Int? {
    var best: (axis: Int, singles: Int)?
    for axis in axes {
      let singles = members.count { hulls[$0, axis].isSingle }
      if singles > best?.singles ?? members.count / 4 { best = (axis, singles) }
    }
    return best?.axis
  }

  /// The place at which to part boxes, so that the most pairs need no comparison; nil when these
  /// are few.
  private func bestCut(_ left: [Int], _ right: [Int], _ axes: [Int]) -> BoxCut? {
    var best: (cut: BoxCut, spared: Int)?
    for axis in axes {
      var starts = left.compactMap { hulls[$0, axis].restrictedFirst }
      guard starts.count * 4 > left.count else { continue }
      starts.sort()
      let cut = BoxCut(axis: axis, atom: starts[starts.count / 2])
      let (before, _, behind) = cut.counts(left, of: hulls)
      let others = left == right ? (before, 0, behind) : cut.counts(right, of: hulls)
      let spared = before * others.2 + behind * others.0
      if spared > best?.spared ?? left.count * right.count / 8 { best = (cut, spared) }
    }
    return best?.cut
  }
}

/// Between which atoms each box lies on each axis, in one list: what is asked most.
private struct BoxHulls {
  struct Hull {
    let first: Int32
    let last: Int32

    /// What an axis is to a box that it does not restrict.
    static let free = Hull(first: .min, last: .max)
    /// What an axis is to a box that has no atoms there.
    static let empty = Hull(first: .max, last: .min)

    var isSingle: Bool { first == last }
    /// The first atom; nil where the axis does not restrict the box.
    var restrictedFirst: Int? { first == .min ? nil : Int(first) }
  }

  /// The axes that restrict some box, ascending.
  let axes: [Int]
  private let slotOfAxis: [Int]
  /// Those of a box stand in a row, one for each of the axes.
  private let hulls: [Hull]

  init(_ boxes: [Box]) {
    var isUsed: [Bool] = []
    for box in boxes {
      guard let last = box.sides.last?.axis else { continue }
      if isUsed.count <= last {
        isUsed += repeatElement(false, count: last + 1 - isUsed.count)
      }
      for place in box.sides.indices { isUsed[box.sides[place].axis] = true }
    }
    let axes = isUsed.indices.filter { isUsed[$0] }
    var slots = isUsed.map { _ in 0 }
    for (slot, axis) in axes.enumerated() { slots[axis] = slot }
    var hulls = [Hull](repeating: .free, count: boxes.count * axes.count)
    for (index, box) in boxes.enumerated() {
      for place in box.sides.indices {
        let slot = index * axes.count + slots[box.sides[place].axis]
        hulls[slot] = box.sides[place].atoms.hull.map { Hull(first: $0.0, last: $0.1) } ?? .empty
      }
    }
    self.axes = axes
    self.hulls = hulls
    slotOfAxis = slots
  }

  subscript(box: Int, axis: Int) -> Hull { hulls[box * axes.count + slotOfAxis[axis]] }

  /// Whether two boxes lie side by side on no axis.
  func meet(_ left: Int, _ right: Int) -> Bool {
    let (left, right) = (left * axes.count, right * axes.count)
    for slot in axes.indices {
      let (own, other) = (hulls[left + slot], hulls[right + slot])
      if own.last < other.first || other.last < own.first { return false }
    }
    return true
  }
}

/// A place on an axis at which boxes are parted.
private struct BoxCut {
  let axis: Int
  /// The first atom behind the place.
  let atom: Int

  /// Those of the members that end before the place, reach across it, and begin behind it.
  func parts(
    _ members: [Int], of hulls: BoxHulls
  ) -> (before: [Int], across: [Int], behind: [Int]) {
    var parts: (before: [Int], across: [Int], behind: [Int]) = ([], [], [])
    for member in members {
      switch place(of: hulls[member, axis]) {
      case -1: parts.before.append(member)
      case 1: parts.behind.append(member)
      default: parts.across.append(member)
      }
    }
    return parts
  }

  /// How many each of the parts would hold.
  func counts(_ members: [Int], of hulls: BoxHulls) -> (Int, Int, Int) {
    var counts = (0, 0, 0)
    for member in members {
      switch place(of: hulls[member, axis]) {
      case -1: counts.0 += 1
      case 1: counts.2 += 1
      default: counts.1 += 1
      }
    }
    return counts
  }

  private func place(of hull: BoxHulls.Hull) -> Int {
    guard let first = hull.restrictedFirst else { return 0 }
    return hull.last < atom ? -1 : first >= atom ? 1 : 0
  }
}

/// Boxes divided by what they have on one axis.
private struct BoxParts {
  let axis: Int
  /// Those with a single atom.
  private(set) var byAtom: [Int: [Int]] = [:]
  private(set) var singles: [Int] = []
  /// Those with several, but not all.
  private(set) var sets: [Int] = []
  /// Those that the axis leaves free.
  private(set) var free: [Int] = []

  init(_ members: [Int], of hulls: BoxHulls, by axis: Int) {
    self.axis = axis
    for member in members {
      let hull = hulls[member, axis]
      guard let first = hull.restrictedFirst else {
        free.append(member)
        continue
      }
      if hull.isSingle {
        byAtom[first, default: []].append(member)
        singles.append(member)
      } else {
        sets.append(member)
      }
    }
  }

  /// The boxes of each atom, by atom: a dictionary's own order changes from run to run.
  var inOrder: [(key: Int, value: [Int])] { byAtom.sorted { $0.key < $1.key } }

  /// The boxes of each atom, with those of `sets` that hold the atom.
  ///
  /// O(atoms log atoms + what is answered).
  func groups(meeting sets: [Int], of boxes: [Box]) -> [(group: [Int], meeting: [Int])] {
    let groups = inOrder
    var meeting = [[Int]](repeating: [], count: groups.count)
    for set in sets {
      for range in boxes[set][axis]?.ranges ?? [] {
        var place = partitionPoint(groups.count) { groups[$0].key < range.lowerBound }
        while place < groups.count, groups[place].key < range.upperBound {
          meeting[place].append(set)
          place += 1
        }
      }
    }
    return zip(groups, meeting).map { ($0.value, $1) }
  }
}
