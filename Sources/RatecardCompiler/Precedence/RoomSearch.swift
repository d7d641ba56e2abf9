package import RatecardDiagnostics

/// Finds a request that lies in one box and outside others, or proves that there is none.
///
/// What has to be avoided along one axis only is cut off, since that needs no choice. Then the box
/// is divided along the axis on which most of the rest is to be avoided, into the classes of atoms
/// that the rest does not tell apart, and so on until a piece lies outside all of it. Pieces are
/// disjoint, so that no part is looked at twice, and no piece is divided along one axis twice.
/// Exponential in the axes at worst, hence the budget.
package struct RoomSearch {
  /// The search took more steps than it may; nothing is known then.
  package struct GaveUp: Error {
    /// What remains undecided, such as "whether `a` beats `b`"; nil: left to the one who asked.
    package let question: String?
    /// The rule that it is about.
    package let span: Span?

    package init(_ question: String? = nil, at span: Span? = nil) {
      self.question = question
      self.span = span
    }
  }

  /// Does what decides a question; where that is given up, the error says which question it was.
  static func deciding<Answer>(
    _ question: @autoclosure () -> String, at span: Span, _ body: () throws(GaveUp) -> Answer
  ) throws(GaveUp) -> Answer {
    do { return try body() } catch { throw GaveUp(error.question ?? question(), at: span) }
  }

  /// A refusal that wins where it holds and none of its beaters does.
  package struct Refusal {
    package let holds: [Box]
    /// The boxes of each rule that beats it.
    package let beaters: [[Box]]

    package init(holds: [Box], beaters: [[Box]]) {
      self.holds = holds
      self.beaters = beaters
    }
  }

  package let space: Space
  private let budget: ProofBudget
  /// What is to be avoided in the search at hand, and the boxes of its refusals after it.
  private var pool: [Box] = []
  /// On how many of the boxes looked at the box at hand reaches beyond them, by axis.
  private var crossings: [Int]

  /// A search that may look at `steps` boxes in all its calls together.
  package init(_ space: Space, steps: Int) {
    self.init(space, ProofBudget(steps: steps))
  }

  /// A search that takes its steps from a budget, which others may share.
  package init(_ space: Space, _ budget: ProofBudget) {
    self.space = space
    self.budget = budget
    crossings = Array(repeating: 0, count: space.axes.count)
  }

  /// A search of which one proof about the card's rules is made.
  package init(_ space: Space) { self.init(space, ProofBudget(rules: space.ruleCount)) }

  /// A part of `box` in which every request lies outside `avoided`, and at least one is possible;
  /// nil: every possible request of `box` is in `avoided`.
  package mutating func room(
    in box: Box, outside avoided: [Box], notRefusedBy refusals: [Refusal] = []
  ) throws(GaveUp) -> Box? {
    guard !box.isEmpty, let tight = space.tightened(box), !tight.isEmpty else {
      return nil
    }
    pool = avoided
    // Where nothing beats a refusal it has to be avoided like anything else.
    for refusal in refusals where refusal.beaters.isEmpty { pool += refusal.holds }
    let certain = pool.indices
    var open: [OpenRefusal] = []
    for refusal in refusals where !refusal.beaters.isEmpty {
      let start = pool.count
      pool += refusal.holds
      open.append(OpenRefusal(holds: start..<pool.count, beaters: refusal.beaters))
    }
    return try search(tight, Array(certain), open[...])
  }

  /// Whether every request of some boxes, each without what no request in it can have, is in
  /// others.
  package mutating func isInside(_ inner: [Box], _ outer: [Box]) throws(GaveUp) -> Bool {
    for box in inner {
      if outer.contains(where: { box.isInside($0, in: space) }) { continue }
      if outer.count < 2 { return false }
      if try room(in: box, outside: outer) != nil { return false }
    }
    return true
  }

  /// A refusal whose boxes are in the pool.
  private struct OpenRefusal {
    let holds: Range<Int>
    let beaters: [[Box]]
  }

  private mutating func search(
    _ start: Box, _ avoided: [Int], _ refusals: ArraySlice<OpenRefusal>
  ) throws(GaveUp) -> Box? {
    var box = start
    var left = avoided
    while true {
      try budget.take(4 + left.count)
      var remaining: [Int] = []
      var cuts: [(axis: Int, other: Int)] = []
      for axis in crossings.indices { crossings[axis] = 0 }
      for other in left {
        switch box.reach(beyond: pool[other], in: space, &crossings) {
        case .apart: continue
        case .inside: return nil
        case .along(let axis): cuts.append((axis, other))
        case .alongSeveral: remaining.append(other)
        }
      }
      if cuts.isEmpty {
        guard !remaining.isEmpty else { return try withoutRefusal(box, refusals) }
        let most = crossings.max() ?? 0
        return try divide(box, on: crossings.firstIndex(of: most) ?? 0, remaining, refusals)
      }
      cuts.sort { $0.axis < $1.axis }
      var next = 0
      while next < cuts.count {
        let axis = cuts[next].axis
        var ranges: [Range<Int32>] = []
        while next < cuts.count, cuts[next].axis == axis {
          ranges += pool[cuts[next].other][axis]?.ranges ?? []
          next += 1
        }
        ranges.sort { $0.lowerBound < $1.lowerBound }
        box.restrict(axis, to: space.all(axis).subtracting(AtomSet(sorted: ranges)))
      }
      guard let tight = space.tightened(box), !tight.isEmpty else { return nil }
      box = tight
      left = remaining
    }
  }

  /// Looks in the parts of a box along an axis, those first that meet the fewest boxes.
  private mutating func divide(
    _ box: Box, on axis: Int, _ avoided: [Int], _ refusals: ArraySlice<OpenRefusal>
  ) throws(GaveUp) -> Box? {
    let classes = try AtomClasses(
      of: box[axis] ?? space.all(axis), on: axis, by: pool, avoided, budget)
    for part in classes.fewestFirst {
      var tight = box
      tight.restrict(axis, to: part.atoms)
      if !space.isProduct {
        guard let possible = space.tightened(tight), !possible.isEmpty else { continue }
        tight = possible
      }
      let others = part.members + classes.everywhere
      if let found = try search(tight, others, refusals) { return found }
    }
    return nil
  }

  /// A part of `box` where none of the refusals wins: it does not hold, or something beats it.
  private mutating func withoutRefusal(
    _ box: Box, _ refusals: ArraySlice<OpenRefusal>
  ) throws(GaveUp) -> Box? {
    let rest = refusals.drop { refusal in
      !refusal.holds.contains { pool[$0].intersects(box) }
    }
    guard let refusal = rest.first else { return box }
    let others = rest.dropFirst()
    if let found = try search(box, Array(refusal.holds), others) { return found }
    for beater in refusal.beaters.joined() {
      guard let common = box.intersection(beater), let tight = space.tightened(common),
        !tight.isEmpty
      else { continue }
      if let found = try withoutRefusal(tight, others) { return found }
    }
    return nil
  }
}
