import RatecardCompiler
import RatecardModel
import RatecardValues

/// Finds what lies between a rule that ends and one that begins later; see `timelineHoles`.
struct HoleSearch {
  /// A request without either rule, between the two.
  struct Hole {
    let ending: Int
    let beginning: Int
    /// When the first ends.
    let end: Instant
    /// When the second begins.
    let start: Instant
    /// Requests between the two.
    let room: Box
    /// The rule that wins there; nil: none.
    let between: Int?
  }

  private let space: Space
  private let set: RuleSet
  private let rules: [DatedRule]
  private let section: Space.Section
  private let axis: Int
  private let times: TimeDomain
  /// Whether having no rule is an outcome like others, rather than always a hole.
  private let toleratesNoRule: Bool
  private var search: RoomSearch
  private var partition: Partition
  /// What each rule asks apart from its dates, as far as it was looked at.
  private var undated: [[Box]?]

  /// Nil where no rule ends, or none begins, so that there is nothing to search.
  init?(
    _ space: Space, _ set: RuleSet, _ rules: [DatedRule], _ section: Space.Section,
    toleratesNoRule: Bool, _ budget: ProofBudget? = nil
  ) {
    guard let axis = space.axis(of: .at, in: section),
      case .times(let times) = space.axes[axis].domain,
      rules.contains(where: { $0.end != nil }), rules.contains(where: { $0.start != nil })
    else { return nil }
    self.space = space
    self.set = set
    self.rules = rules
    self.section = section
    self.axis = axis
    self.times = times
    self.toleratesNoRule = toleratesNoRule
    let budget = budget ?? ProofBudget(rules: rules.count)
    search = RoomSearch(space, budget)
    partition = Partition(space, set, budget)
    undated = rules.indices.map { rule in
      rules[rule].isDated ? nil : set.rules[rule].holds
    }
  }

  /// The first hole after each rule that ends, by the rules' places.
  mutating func holes() throws(RoomSearch.GaveUp) -> [Hole] {
    let later = laterRules()
    guard !later.isEmpty else { return [] }
    let neighbours = set.neighbours(
      of: later.reduce(into: []) { $0.formUnion($1.value.union([$1.key])) })
    var sameConditions: [[Box]: [Int]] = [:]
    for rule in rules.indices { sameConditions[boxes(of: rule), default: []].append(rule) }
    var found: [Hole] = []
    for (ending, others) in later.sorted(by: { $0.key < $1.key }) {
      guard let end = rules[ending].end else { continue }
      // Whoever goes on with the very conditions of the one that ends.
      let goesOn = (sameConditions[boxes(of: ending)] ?? []).contains { other in
        (rules[other].start ?? .earliest) <= end && rules[other].end.map { end < $0 } ?? true
      }
      if goesOn { continue }
      let around = others.union(neighbours[ending] ?? []).union([ending])
      let byStart = others.sorted {
        (rules[$0].start ?? .earliest, $0) < (rules[$1].start ?? .earliest, $1)
      }
      for beginning in byStart {
        guard let start = rules[beginning].start, end < start,
          try isNested(ending, beginning)
        else { continue }
        let all = around.union(neighbours[beginning] ?? []).sorted()
        if let hole = try hole(from: ending, to: beginning, among: all) {
          found.append(hole)
          break
        }
      }
    }
    return found.sorted { set.rules[$0.ending].span < set.rules[$1.ending].span }
  }

  /// For each rule that ends, those that begin then or later and have requests in common with it,
  /// dates apart.
  private mutating func laterRules() -> [Int: Set<Int>] {
    var owners: [Int] = []
    var all: [Box] = []
    for rule in rules.indices where rules[rule].isDated {
      for box in boxes(of: rule) {
        owners.append(rule)
        all.append(box)
      }
    }
    var result: [Int: Set<Int>] = [:]
    for (left, right) in OverlapJoin(all).pairs() {
      for (first, second) in [(owners[left], owners[right]), (owners[right], owners[left])] {
        guard let end = rules[first].end, let start = rules[second].start, end <= start else {
          continue
        }
        result[first, default: []].insert(second)
      }
    }
    return result
  }

  /// The hole between two rules, if there is one.
  private mutating func hole(
    from ending: Int, to beginning: Int, among others: [Int]
  ) throws(RoomSearch.GaveUp) -> Hole? {
    guard let end = rules[ending].end, let start = rules[beginning].start,
      let first = times.cuts.firstIndex(of: end), let last = times.cuts.firstIndex(of: start)
    else { return nil }
    let mayLack = mayHaveNoRule(ending, beginning, end, start)
    let behind = try standingBehind(ending, beginning, among: others, from: end, to: start)
    for own in boxes(of: ending) {
      for other in boxes(of: beginning) {
        guard let common = own.intersection(other) else { continue }
        for before in times.atoms(inStretches: first..<first + 1).atoms
        where common[axis]?.contains(before) ?? true {
          let windows = times.atoms[before].windows
          // Where the windows never hold like that, there is no such request to compare with.
          guard let after = atom(inStretch: last + 1, windows) else { continue }
          let between = (first + 1...last).compactMap { atom(inStretch: $0, windows) }
          var region = [common.without(axis)]
          try keep(&region, at: before, among: others) { $0 == ending }
          try keep(&region, at: after, among: others) { $0 == beginning }
          var seen: Set<[Int]> = []
          for atom in between where !region.isEmpty {
            guard seen.insert(holding(at: atom, among: others)).inserted else { continue }
            try keep(&region, at: atom, among: others) { winner in
              winner.map(behind.contains) ?? mayLack
            }
          }
          guard let room = region.first, let atom = between.first else { continue }
          let box = room.replacing(axis, by: AtomSet(atom: atom))
          let winner = try partition.pieces(of: box, among: others).first?.winner
          return Hole(
            ending: ending, beginning: beginning, end: end, start: start, room: box,
            between: winner)
        }
      }
    }
    return nil
  }

  /// The boxes of rules that hold at an atom of time, each as a number.
  private func holding(at atom: Int, among others: [Int]) -> [Int] {
    others.flatMap { rule in
      let holds = set.rules[rule].holds
      return holds.indices.filter { holds[$0][axis]?.contains(atom) ?? true }
        .map { rule << 8 | $0 }
    }
  }

  /// Keeps of some boxes, time left open, what is decided at an atom of time as `accepts` says.
  private mutating func keep(
    _ region: inout [Box], at atom: Int, among others: [Int], _ accepts: (Int?) -> Bool
  ) throws(RoomSearch.GaveUp) {
    var kept: [Box] = []
    for box in region {
      let pieces = try partition.pieces(
        of: box.replacing(axis, by: AtomSet(atom: atom)), among: others)
      kept += pieces.filter { accepts($0.winner) }.map { $0.box.without(axis) }
    }
    region = kept
  }

  /// The rules that hold more requests than either of two, dates apart, and say something else;
  /// none where the distance is not short.
  private mutating func standingBehind(
    _ ending: Int, _ beginning: Int, among others: [Int], from end: Instant, to start: Instant
  ) throws(RoomSearch.GaveUp) -> Set<Int> {
    guard isShort(ending, beginning, end, start) else { return [] }
    var result: Set<Int> = []
    for rule in others where rule != ending && rule != beginning {
      let own = boxes(of: rule)
      var isBehind = true
      for other in [ending, beginning] where isBehind {
        let inner = boxes(of: other)
        let holdsAll = try search.isInside(inner, own)
        let isInner = try search.isInside(own, inner)
        isBehind = holdsAll && !isInner && set.rules[rule].outcome != set.rules[other].outcome
      }
      if isBehind { result.insert(rule) }
    }
    return result
  }

  private func mayHaveNoRule(
    _ ending: Int, _ beginning: Int, _ end: Instant, _ start: Instant
  ) -> Bool {
    !toleratesNoRule || isShort(ending, beginning, end, start)
  }

  /// Whether both rules hold for longer than the distance between them.
  private func isShort(
    _ ending: Int, _ beginning: Int, _ end: Instant, _ start: Instant
  ) -> Bool {
    [ending, beginning].allSatisfy { rule in
      guard let first = rules[rule].start, let last = rules[rule].end else { return true }
      return start.nanoseconds - end.nanoseconds < last.nanoseconds - first.nanoseconds
    }
  }

  /// The atom of a stretch at which just these windows hold.
  private func atom(inStretch stretch: Int, _ windows: UInt64) -> Int? {
    times.atoms(inStretches: stretch..<stretch + 1).atoms
      .first { times.atoms[$0].windows == windows }
  }

  private mutating func boxes(of rule: Int) -> [Box] {
    if let known = undated[rule] { return known }
    let boxes = space.boxes(rules[rule].others, in: section, .holding)
    undated[rule] = boxes
    return boxes
  }

  /// Whether the conditions of one of two rules hold all requests of the other's, dates apart.
  private mutating func isNested(_ first: Int, _ second: Int) throws(RoomSearch.GaveUp) -> Bool {
    let (left, right) = (boxes(of: first), boxes(of: second))
    if try search.isInside(left, right) { return true }
    return try search.isInside(right, left)
  }
}

extension RuleSet {
  /// For each of some rules, those that some request meets together with it, ascending.
  ///
  /// O(pairs of rules that meet).
  func neighbours(of rules: Set<Int>) -> [Int: [Int]] {
    var isWanted = [Bool](repeating: false, count: beaters.count)
    for rule in rules { isWanted[rule] = true }
    var found: [Int: Set<Int>] = [:]
    for rule in rules { found[rule] = Set(beaters[rule] + rivals(of: rule)) }
    for rule in beaters.indices {
      for other in beaters[rule] where isWanted[other] { found[other, default: []].insert(rule) }
    }
    return found.mapValues { $0.sorted() }
  }
}
