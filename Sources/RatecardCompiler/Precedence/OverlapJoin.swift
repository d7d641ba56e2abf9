/// Finds the pairs of boxes that meet, without comparing every two.
///
/// On the axis on which most boxes have a single atom, boxes with different atoms never meet; so
/// the boxes are divided by it, and each part again by the next axis. About linear in the boxes
/// and the pairs found for cards whose rules mostly name literals.
package struct OverlapJoin {
  private let boxes: [Box]
  private static let smallEnough = 24

  package init(_ boxes: [Box]) { self.boxes = boxes }

  /// The pairs of indices, each once, of boxes that have an atom in common on every axis.
  ///
  /// In an order that depends on the boxes alone.
  package func pairs() -> [(Int, Int)] {
    var pairs: [(Int, Int)] = []
    join(Array(boxes.indices), axes: usedAxes, into: &pairs)
    return pairs
  }

  private var usedAxes: [Int] {
    Set(boxes.lazy.flatMap { $0.sides.lazy.map(\.axis) }).sorted()
  }

  private func join(_ members: [Int], axes: [Int], into pairs: inout [(Int, Int)]) {
    guard members.count > Self.smallEnough, let axis = mostSelective(members, axes) else {
      for (place, left) in members.enumerated() {
        for right in members[(place + 1)...] where boxes[left].intersects(boxes[right]) {
          pairs.append((left, right))
        }
      }
      return
    }
    let (groups, wide) = divide(members, by: axis)
    let others = axes.filter { $0 != axis }
    for (atom, group) in groups.inOrder {
      join(group, axes: others, into: &pairs)
      let meeting = wide.filter { boxes[$0][axis]?.contains(atom) ?? true }
      cross(group, meeting, axes: others, into: &pairs)
    }
    join(wide, axes: others, into: &pairs)
  }

  private func cross(
    _ left: [Int], _ right: [Int], axes: [Int], into pairs: inout [(Int, Int)]
  ) {
    if left.isEmpty || right.isEmpty { return }
    guard left.count * right.count > Self.smallEnough * Self.smallEnough,
      let axis = mostSelective(left.count < right.count ? right : left, axes)
    else {
      for first in left {
        for second in right where boxes[first].intersects(boxes[second]) {
          pairs.append((first, second))
        }
      }
      return
    }
    let (leftGroups, leftWide) = divide(left, by: axis)
    let (rightGroups, rightWide) = divide(right, by: axis)
    let others = axes.filter { $0 != axis }
    for (atom, group) in leftGroups.inOrder {
      cross(group, rightGroups[atom] ?? [], axes: others, into: &pairs)
      let meeting = rightWide.filter { boxes[$0][axis]?.contains(atom) ?? true }
      cross(group, meeting, axes: others, into: &pairs)
    }
    for (atom, group) in rightGroups.inOrder {
      let meeting = leftWide.filter { boxes[$0][axis]?.contains(atom) ?? true }
      cross(meeting, group, axes: others, into: &pairs)
    }
    cross(leftWide, rightWide, axes: others, into: &pairs)
  }

  /// The axis on which the most members have a single atom; nil when fewer than a quarter have.
  private func mostSelective(_ members: [Int], _ axes: [Int]) -> Int? {
    var best: (axis: Int, singles: Int)?
    for axis in axes {
      let singles = members.count { boxes[$0][axis]?.single != nil }
      if singles > best?.singles ?? members.count / 4 { best = (axis, singles) }
    }
    return best?.axis
  }

  private func divide(_ members: [Int], by axis: Int) -> (groups: [Int: [Int]], wide: [Int]) {
    var groups: [Int: [Int]] = [:]
    var wide: [Int] = []
    for member in members {
      if let atom = boxes[member][axis]?.single {
        groups[atom, default: []].append(member)
      } else {
        wide.append(member)
      }
    }
    return (groups, wide)
  }
}

extension [Int: [Int]] {
  /// The groups by atom, since a dictionary's own order changes from run to run.
  fileprivate var inOrder: [(key: Int, value: [Int])] { sorted { $0.key < $1.key } }
}
