import RatecardCompiler
import RatecardModel
import RatecardValues

/// The requests that only one of two cards admits, where a section looks at why.
///
/// A value that the other card does not admit is mostly like one that both do, such as a further
/// plan that no rule names: then it is said to be so, once, and not every answer is listed again.
struct ExclusiveRequests {
  private let pair: CardPair
  private let section: PairedSection

  init(_ section: PairedSection, of pair: CardPair) {
    self.pair = pair
    self.section = section
  }

  /// Those that only the new card admits, then those that only the old one does.
  func differing() throws(DifferenceFailure) -> [DifferingRequests] {
    let added = try differing(pair.sides.new, section.sets.new) { Both(.notAdmitted, $0) }
    let removed = try differing(pair.sides.old, section.sets.old) { Both($0, .notAdmitted) }
    return added + removed
  }

  private func differing(
    _ side: PairedCard, _ set: RuleSet, _ answers: (RuleAnswer) -> Both<RuleAnswer>
  ) throws(DifferenceFailure) -> [DifferingRequests] {
    var result: [DifferingRequests] = []
    // Along the axes that are still to come, what is alike is left out: it is said in its place.
    var whole = side.admitted
    var exclusive: [(axis: Int, atoms: AtomSet)] = []
    for axis in pair.space.axes.indices {
      let admitted = pair.side(axis, of: side.admitted)
      let common = pair.side(axis, of: pair.common)
      let own = admitted.subtracting(common)
      guard !own.isEmpty, section.looks(at: axis) else { continue }
      var singular: [Int] = []
      var alike = OrderedGroups<Int>()
      for atom in own.atoms {
        if let other = like(atom, on: axis, of: set, among: common) {
          alike.add(Box.everything.replacing(axis, by: AtomSet(atom: atom)), to: other)
        } else {
          singular.append(atom)
        }
      }
      result += alike.map { other, boxes in
        let answer = RuleAnswer.asFor(
          pair.space.axes[axis].attribute, pair.space.axes[axis].example(of: AtomSet(atom: other)))
        return DifferingRequests(answers: answers(answer), boxes: boxes, whole: .everything)
      }
      exclusive.append((axis, AtomSet(ascending: singular)))
      whole = whole.replacing(axis, by: common.union(AtomSet(ascending: singular)))
    }
    for (axis, atoms) in exclusive {
      if !atoms.isEmpty {
        let part = whole.replacing(axis, by: atoms)
        var partition = AnswerPartition(pair.space, [set])
        var found = OrderedGroups<RuleAnswer>()
        for piece in try partition.pieces(of: part, suspects: [.everything]) {
          found.add(piece.box, to: section.answer(piece.answers[0]))
        }
        result += found.map { answer, boxes in
          DifferingRequests(answers: answers(answer), boxes: boxes, whole: whole.without(axis))
        }
      }
      whole = whole.replacing(axis, by: pair.side(axis, of: pair.common))
    }
    return result
  }

  /// An atom among `common` that no rule of a set tells apart from another one; nil: there is none.
  private func like(
    _ atom: Int, on axis: Int, of set: RuleSet, among common: AtomSet
  ) -> Int? {
    let all = pair.space.axes[axis].all
    var left = common
    for box in set.rules.lazy.flatMap(\.holds) {
      guard let side = box[axis] else { continue }
      left = left.intersection(side.contains(atom) ? side : all.subtracting(side))
      if left.isEmpty { return nil }
    }
    // A value is more to the point than none.
    return left.intersection(pair.space.axes[axis].present).first ?? left.first
  }
}
