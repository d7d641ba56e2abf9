/// The boxes of the rules of a set in one list, in which those that meet a box are found quickly.
package struct RuleBoxes: Sendable {
  /// The boxes, those of a rule in a row.
  package let boxes: [Box]
  /// The rule that each box belongs to.
  package let rules: [Int]
  /// Where the boxes of each rule begin, and after them where the last ones end.
  private let starts: [Int]
  /// The axis on which most boxes have a single atom.
  private let axis: Int
  /// The boxes that have just one atom there, by the atom.
  private let byAtom: [Int: [Int]]
  /// All other boxes.
  private let others: [Int]

  package init(_ holds: [[Box]]) {
    let all = holds.flatMap(\.self)
    boxes = all
    rules = holds.indices.flatMap { rule in holds[rule].map { _ in rule } }
    starts = holds.reduce(into: [0]) { $0.append(($0.last ?? 0) + $1.count) }
    var singles: [Int] = []
    for box in all {
      for place in box.sides.indices where box.sides[place].atoms.single != nil {
        let axis = box.sides[place].axis
        if singles.count <= axis {
          singles += repeatElement(0, count: axis + 1 - singles.count)
        }
        singles[axis] += 1
      }
    }
    let most = singles.max() ?? 0
    let axis = singles.firstIndex(of: most) ?? 0
    var byAtom: [Int: [Int]] = [:]
    var others: [Int] = []
    for index in all.indices {
      if let atom = all[index][axis]?.single {
        byAtom[atom, default: []].append(index)
      } else {
        others.append(index)
      }
    }
    self.axis = axis
    self.byAtom = byAtom
    self.others = others
  }

  /// The axes along which some box is restricted, ascending.
  ///
  /// O(boxes).
  package var axes: [Int] {
    Set(boxes.lazy.flatMap { $0.sides.lazy.map(\.axis) }).sorted()
  }

  /// The boxes of some rules.
  package func boxes(of rules: [Int]) -> [Int] {
    rules.flatMap { starts[$0]..<starts[$0 + 1] }
  }

  /// The boxes that have an atom in common with another on every axis.
  ///
  /// Looks only at those that may, where that box has few atoms on the axis by which they are told
  /// apart.
  package func meeting(_ box: Box) -> [Int] {
    guard let atoms = box[axis], atoms.count < byAtom.count else {
      return boxes.indices.filter { boxes[$0].intersects(box) }
    }
    let named = atoms.atoms.flatMap { byAtom[$0] ?? [] }
    return (named + others).filter { boxes[$0].intersects(box) }
  }
}
