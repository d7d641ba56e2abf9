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

  private let space: Space
  private let set: RuleSet
  /// How many rules it may still look at.
  private(set) var stepsLeft: Int
  private var pieces: [Piece] = []

  /// A rule as far as it holds within the box at hand.
  private struct Candidate {
    let rule: Int
    let box: Box
  }

  /// A partition by the rules of a set that may look at `steps` rules in all.
  init(_ space: Space, _ set: RuleSet, steps: Int = 4_000_000) {
    self.space = space
    self.set = set
    stepsLeft = steps
  }

  /// The pieces of a box, in no order that means anything; only possible requests count.
  ///
  /// `rules`, where given, are all that hold for some request of the box, and maybe others.
  mutating func pieces(
    of box: Box = .everything, among rules: [Int]? = nil
  ) throws(RoomSearch.GaveUp) -> [Piece] {
    pieces = []
    guard let tight = space.tightened(box) else { return [] }
    let candidates = (rules ?? Array(set.rules.indices)).flatMap { rule in
      set.rules[rule].holds.filter { $0.intersects(tight) }.map { Candidate(rule: rule, box: $0) }
    }
    try divide(tight, candidates)
    return pieces
  }

  private mutating func divide(_ box: Box, _ candidates: [Candidate]) throws(RoomSearch.GaveUp) {
    stepsLeft -= 1 + candidates.count
    if stepsLeft < 0 { throw RoomSearch.GaveUp() }
    guard !candidates.isEmpty else { return pieces.append(Piece(box: box, winner: nil)) }
    let covering = candidates.filter { isInside(box, $0.box) }.map(\.rule)
    let left = withoutLosers(candidates, covering)
    if let winner = winner(covering, left) {
      return pieces.append(Piece(box: box, winner: winner))
    }
    guard let axis = axisToCut(box, left) else {
      preconditionFailure("rules that all cover a box leave one winner in a card that loads")
    }
    for (atoms, members) in classes(of: box, on: axis, left) {
      var part = box
      part.restrict(axis, to: atoms)
      guard let tight = space.tightened(part) else { continue }
      try divide(tight, members.map { left[$0] }.filter { $0.box.intersects(tight) })
    }
  }

  private func isInside(_ box: Box, _ other: Box) -> Bool { box.isInside(other, in: space) }

  /// The candidates less those that a covering rule beats and that beat nothing still in question.
  private func withoutLosers(_ candidates: [Candidate], _ covering: [Int]) -> [Candidate] {
    let strong = Set(covering)
    let losers = Set(
      candidates.lazy.map(\.rule).filter { rule in
        set.beaters[rule].contains(where: strong.contains)
      })
    guard !losers.isEmpty else { return candidates }
    // A loser may still beat a rule that nothing else beats.
    let rest = Set(candidates.lazy.map(\.rule)).subtracting(losers)
    let needed = Set(rest.lazy.flatMap { set.beaters[$0] })
    return candidates.filter { !losers.contains($0.rule) || needed.contains($0.rule) }
  }

  /// The rule that wins for all of a box: it covers it, and nothing in question beats it or
  /// refuses beside it.
  private func winner(_ covering: [Int], _ left: [Candidate]) -> Int? {
    let rules = Set(left.lazy.map(\.rule))
    let unbeaten = covering.filter { rule in
      rules.contains(rule) && !set.beaters[rule].contains(where: rules.contains)
    }
    // Of several, the refusal; of equals, the first by name.
    guard
      let best = unbeaten.min(by: { first, second in
        let isDenial = (set.rules[first].isDenial, set.rules[second].isDenial)
        return isDenial.0 != isDenial.1 ? isDenial.0 : precedes(first, second)
      })
    else { return nil }
    // Where a refusal would win that holds, or that is beaten, only in a part of the box, the box
    // has to be cut.
    let isContested = rules.contains { other in
      guard !unbeaten.contains(other), set.rules[other].isDenial, !set.beats(best, other) else {
        return false
      }
      return !set.rules[best].isDenial || precedes(other, best)
    }
    return isContested ? nil : best
  }

  private func precedes(_ first: Int, _ second: Int) -> Bool {
    set.rules[first].name.utf8.lexicographicallyPrecedes(set.rules[second].name.utf8)
  }

  /// The axis along which most candidates do not cover the box; nil: all cover it.
  private func axisToCut(_ box: Box, _ candidates: [Candidate]) -> Int? {
    var counts: [Int: Int] = [:]
    for candidate in candidates {
      for side in candidate.box.sides
      where !(box[side.axis] ?? space.axes[side.axis].all).isSubset(of: side.atoms) {
        counts[side.axis, default: 0] += 1
      }
    }
    return counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
  }

  /// The atoms of a box on an axis, by which candidates hold there.
  private func classes(
    of box: Box, on axis: Int, _ candidates: [Candidate]
  ) -> [(atoms: AtomSet, members: [Int])] {
    let all = box[axis] ?? space.axes[axis].all
    // Where the candidates' ranges begin (+) and end (-), swept from left to right.
    var wide: [Int] = []
    var events: [(place: Int32, index: Int, isStart: Bool)] = []
    for (index, candidate) in candidates.enumerated() {
      guard let side = candidate.box[axis] else {
        wide.append(index)
        continue
      }
      for range in side.intersection(all).ranges {
        events.append((range.lowerBound, index, true))
        events.append((range.upperBound, index, false))
      }
    }
    events.sort { $0.place < $1.place }
    var found: [[Int]: AtomSet] = [:]
    var active: Set<Int> = []
    var last: Int32 = 0
    func close(at place: Int32) {
      guard place > last else { return }
      let atoms = AtomSet(Int(last)..<Int(place)).intersection(all)
      if !atoms.isEmpty {
        let key = active.sorted()
        found[key] = (found[key] ?? .empty).union(atoms)
      }
      last = place
    }
    for event in events {
      close(at: event.place)
      if event.isStart { active.insert(event.index) } else { active.remove(event.index) }
    }
    close(at: Int32(space.axes[axis].count))
    return found.map { (atoms: $0.value, members: $0.key + wide) }
      .sorted { ($0.atoms.first ?? 0) < ($1.atoms.first ?? 0) }
  }
}
