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
  private let budget: ProofBudget
  private var contests: [Contest] = []
  private var pieces: [Piece] = []
  /// The boxes of all rules of all sets, and behind them the suspects of the search at hand.
  private var pool: [Box] = []

  /// A partition by some sets that may look at `steps` rules in all.
  init(_ space: Space, _ sets: [RuleSet], steps: Int = 16_000_000) {
    self.space = space
    budget = ProofBudget(steps: steps)
    for set in sets {
      contests.append(Contest(set, in: space, from: pool.count, isAboutOutcomes: true))
      pool += set.boxes.boxes
    }
  }

  /// The disjoint pieces of a box that meet a suspect.
  mutating func pieces(
    of box: Box, suspects: [Box]
  ) throws(DifferenceFailure) -> [Piece] {
    pieces = []
    let first = pool.count
    pool += suspects
    defer { pool.removeLast(suspects.count) }
    guard let start = narrowed(box, to: Array(first..<pool.count)) else { return [] }
    let near = (first..<pool.count).filter { pool[$0].intersects(start) }
    do throws(RoomSearch.GaveUp) {
      try divide(start, contests.map { .open($0.candidates(in: start)) }, near)
    } catch {
      throw .tooManyOverlaps
    }
    return pieces
  }

  private mutating func divide(
    _ box: Box, _ known: [Contest.Verdict], _ suspects: [Int]
  ) throws(RoomSearch.GaveUp) {
    var verdicts = known
    var open: [Int] = []
    var looked = 1 + suspects.count / 16
    for index in contests.indices {
      guard case .open(let candidates) = verdicts[index] else { continue }
      looked += candidates.count
      verdicts[index] = contests[index].verdict(on: box, among: candidates)
      switch verdicts[index] {
      case .wins: break
      case .open(let left): open += left
      // Each of a card's requests has an answer, and here is none.
      case .nobody: return
      }
    }
    try budget.take(looked)
    guard let axis = box.axisBeyondMost(of: open, in: pool, space) else {
      return pieces.append(Piece(box: box, answers: zip(contests, verdicts).map(Self.answer)))
    }
    let classes = try AtomClasses(
      of: box[axis] ?? space.all(axis), on: axis, by: pool, open + suspects, budget)
    for part in classes.classes {
      var inside = box
      inside.restrict(axis, to: part.atoms)
      let members = part.members + classes.everywhere
      let near = members.filter { $0 >= contests.last?.candidates.upperBound ?? 0 }
      guard let tight = narrowed(inside, to: near) else { continue }
      let next = zip(contests, verdicts).map { contest, verdict in
        guard case .open = verdict else { return verdict }
        return .open(
          members.filter { contest.candidates.contains($0) && pool[$0].intersects(tight) })
      }
      try divide(tight, next, near.filter { pool[$0].intersects(tight) })
    }
  }

  private static func answer(_ contest: Contest, _ verdict: Contest.Verdict) -> Int? {
    guard case .wins(let rule?) = verdict else { return nil }
    return contest.set.rules[rule].outcome
  }

  /// A box without what lies outside the sides that suspects have; nil: nothing is left.
  private func narrowed(_ box: Box, to suspects: [Int]) -> Box? {
    guard let first = suspects.first else { return nil }
    var result = box
    for side in pool[first].sides {
      var hull = side.atoms
      var isBounded = true
      for suspect in suspects.dropFirst() {
        guard let other = pool[suspect][side.axis] else {
          isBounded = false
          break
        }
        if !other.isSubset(of: hull) { hull = hull.union(other) }
      }
      if isBounded { result.restrict(side.axis, to: hull) }
    }
    return space.tightened(result)
  }
}
