import RatecardCompiler

/// Divides requests by what several rule sets say to them, each by itself.
///
/// A box is cut along the axis on which most candidates begin or end until every set is settled in
/// all of it. Only what some suspect meets is looked at: elsewhere the answers are known to be of no
/// interest. Exponential at worst, hence the budget.
struct AnswerPartition {
  /// Some requests, and what they get.
  struct Piece {
    let box: Box
    /// The outcome that each set gives; nil: none of its rules holds.
    let answers: [Int?]
  }

  private let space: Space
  private let contests: [Contest]
  private var stepsLeft: Int
  private var pieces: [Piece] = []

  /// A partition by some sets that may look at `steps` rules in all.
  init(_ space: Space, _ sets: [RuleSet], steps: Int = 16_000_000) {
    self.space = space
    contests = sets.map { Contest($0, in: space) }
    stepsLeft = steps
  }

  /// The disjoint pieces of a box that meet a suspect.
  mutating func pieces(
    of box: Box, suspects: [Box]
  ) throws(DifferenceFailure) -> [Piece] {
    pieces = []
    guard let start = narrowed(box, to: suspects) else { return [] }
    try divide(
      start, contests.map { .open($0.candidates(in: start)) },
      suspects.filter { $0.intersects(start) })
    return pieces
  }

  private mutating func divide(
    _ box: Box, _ known: [Contest.State], _ suspects: [Box]
  ) throws(DifferenceFailure) {
    var states = known
    var open: [(set: Int, candidate: Contest.Candidate)] = []
    stepsLeft -= 1 + suspects.count / 16
    for (index, contest) in contests.enumerated() {
      guard case .open(let candidates) = states[index] else { continue }
      stepsLeft -= candidates.count
      states[index] = contest.settle(candidates, in: box)
      switch states[index] {
      case .settled: break
      case .impossible: return
      case .open(let left): open += left.map { (index, $0) }
      }
    }
    if stepsLeft < 0 { throw .tooManyOverlaps }
    guard let axis = axisToCut(box, open.lazy.map(\.candidate.box)) else {
      return pieces.append(Piece(box: box, answers: states.map(\.outcome)))
    }
    // Suspects are sorted into the same classes, so that each part is given its own at once.
    let sides = open.map { $0.candidate.box[axis] } + suspects.map { $0[axis] }
    let all = box[axis] ?? space.axes[axis].all
    for (atoms, members) in AxisClasses.of(all, by: sides) {
      let first = members.firstIndex { $0 >= open.count } ?? members.count
      let left = members[first...].map { suspects[$0 - open.count] }
      var part = box
      part.restrict(axis, to: atoms)
      guard let tight = narrowed(part, to: left) else { continue }
      var next = states
      for index in next.indices { if case .open = next[index] { next[index] = .open([]) } }
      for member in members[..<first] where open[member].candidate.box.intersects(tight) {
        next[open[member].set].add(open[member].candidate)
      }
      try divide(tight, next, left.filter { $0.intersects(tight) })
    }
  }

  /// A box without what lies outside the sides that suspects have; nil: nothing is left.
  private func narrowed(_ box: Box, to suspects: [Box]) -> Box? {
    guard let first = suspects.first else { return nil }
    var result = box
    for side in first.sides {
      var hull = side.atoms
      var isBounded = true
      for suspect in suspects.dropFirst() {
        guard let other = suspect[side.axis] else {
          isBounded = false
          break
        }
        if !other.isSubset(of: hull) { hull = hull.union(other) }
      }
      if isBounded { result.restrict(side.axis, to: hull) }
    }
    return space.tightened(result)
  }

  /// The axis along which most boxes do not cover the one at hand; nil: all cover it.
  private func axisToCut(_ box: Box, _ others: some Sequence<Box>) -> Int? {
    var counts: [Int: Int] = [:]
    for other in others {
      for side in other.sides
      where !(box[side.axis] ?? space.axes[side.axis].all).isSubset(of: side.atoms) {
        counts[side.axis, default: 0] += 1
      }
    }
    return counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
  }
}

extension Contest.State {
  /// What is settled; nil also where no rule holds.
  fileprivate var outcome: Int? {
    if case .settled(let outcome) = self { return outcome }
    return nil
  }

  fileprivate mutating func add(_ candidate: Contest.Candidate) {
    guard case .open(var candidates) = self else { return }
    // Taken out first, so that it is not copied.
    self = .open([])
    candidates.append(candidate)
    self = .open(candidates)
  }
}
