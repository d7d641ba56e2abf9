import RatecardCompiler

/// Divides requests by who decides them: into disjoint boxes, each with the rule that wins there.
///
/// A box is cut along the axis on which most of its rules begin or end, into the classes of atoms
/// that the rules do not tell apart, until one rule wins in all of it. Rules that have lost for
/// good are dropped on the way, so cards of tables and a fallback need about one piece a cell.
/// Exponential at worst, hence the budget.
struct Partition {
  /// Some requests, and who wins there.
  struct Piece {
    let box: Box
    /// The rule, as an index into the set; nil: none holds.
    let winner: Int?
  }

  /// Which pieces are asked for.
  private enum Wanted {
    case all
    /// Those in which no rule holds.
    case gaps
    /// Those that meet a suspect.
    case suspected
  }

  private let space: Space
  private let budget: ProofBudget
  private var contest: Contest
  private var pieces: [Piece] = []
  /// The boxes of all rules, and behind them the suspects of the search at hand.
  private var pool: [Box]

  /// A partition by the rules of a set that takes its steps from a budget.
  init(_ space: Space, _ set: RuleSet, _ budget: ProofBudget) {
    self.space = space
    self.budget = budget
    contest = Contest(set, in: space)
    pool = set.boxes.boxes
  }

  /// A partition by the rules of a set that may look at `steps` rules in all.
  init(_ space: Space, _ set: RuleSet, steps: Int) {
    self.init(space, set, ProofBudget(steps: steps))
  }

  /// A partition by the rules of a set, as one proof.
  init(_ space: Space, _ set: RuleSet) {
    self.init(space, set, ProofBudget(rules: set.rules.count))
  }

  /// The pieces of a box, in no order that means anything; only possible requests count.
  ///
  /// `rules`, where given, are all that hold for some request of the box, and maybe others. Where
  /// there are `suspects`, pieces that meet none of them may be left out.
  mutating func pieces(
    of box: Box = .everything, among rules: [Int]? = nil, meeting suspects: [Box]? = nil
  ) throws(RoomSearch.GaveUp) -> [Piece] {
    pieces = []
    guard let tight = space.tightened(box) else { return [] }
    let candidates = contest.candidates(in: tight, among: rules)
    guard let suspects else {
      try divide(tight, candidates, [], .all)
      return pieces
    }
    let near = suspects.filter { $0.intersects(tight) }
    guard !near.isEmpty else { return [] }
    let start = pool.count
    pool += near
    defer { pool.removeLast(near.count) }
    try divide(tight, candidates, Array(start..<pool.count), .suspected)
    return pieces
  }

  /// The boxes of a box in which no rule holds, disjoint.
  ///
  /// Takes less than all pieces do.
  mutating func gaps(in box: Box = .everything) throws(RoomSearch.GaveUp) -> [Box] {
    pieces = []
    guard let tight = space.tightened(box) else { return [] }
    try divide(tight, contest.candidates(in: tight), [], .gaps)
    return pieces.map(\.box)
  }

  private mutating func divide(
    _ box: Box, _ candidates: [Int], _ suspects: [Int], _ wanted: Wanted
  ) throws(RoomSearch.GaveUp) {
    try budget.take(4 + candidates.count)
    let left: [Int]
    if wanted == .gaps, candidates.contains(where: { contest.covers($0, box) }) { return }
    switch contest.verdict(on: box, among: candidates) {
    case .wins(let winner): return pieces.append(Piece(box: box, winner: winner))
    case .open(let open): left = open
    case .nobody:
      preconditionFailure("rules that all cover a box leave one winner in a card that loads")
    }
    guard let axis = box.axisBeyondMost(of: left, in: pool, space) else {
      preconditionFailure("what does not cover a box ends within it on some axis")
    }
    let classes = try AtomClasses(
      of: box[axis] ?? space.all(axis), on: axis, by: pool, left + suspects, budget)
    for part in classes.classes {
      var inside = box
      inside.restrict(axis, to: part.atoms)
      var members = part.members + classes.everywhere
      if !space.isProduct {
        guard let tight = space.tightened(inside) else { continue }
        inside = tight
        members = members.filter { pool[$0].intersects(tight) }
      }
      guard wanted == .suspected else {
        try divide(inside, members, [], wanted)
        continue
      }
      let near = members.filter { !contest.candidates.contains($0) }
      if near.isEmpty { continue }
      try divide(inside, members.filter(contest.candidates.contains), near, wanted)
    }
  }
}
