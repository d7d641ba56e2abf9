import RatecardCompiler
import RatecardDiagnostics
import RatecardModel
import RatecardValues

/// Finds rules that could be one; see `mergeableRules`.
struct MergeSearch {
  /// A rule as far as merging is concerned.
  struct Entry {
    let name: String
    let span: Span
    let scope: RuleScope
    /// Equal for equal outcomes.
    let outcome: Int
    /// Whether it may be merged: it is no cell, has one list of conditions and no replacement.
    let isCandidate: Bool
  }

  /// Rules that one rule can stand for, with the condition that then replaces theirs.
  struct Merge {
    let members: [Int]
    let attribute: AttributeID
    let matcher: Matcher
  }

  private let space: Space
  private let entries: [Entry]
  /// What beats what; nil: all that hold apply.
  private let set: RuleSet?
  private let section: Space.Section
  /// For each rule that may be merged, those that some request meets together with it.
  private var neighbours: [Int: [Int]] = [:]
  private var search: RoomSearch
  private let budget: ProofBudget

  /// `entries` are the rules of `set`, at the same places.
  init(
    _ space: Space, _ entries: [Entry], _ set: RuleSet?, _ section: Space.Section,
    _ budget: ProofBudget? = nil
  ) {
    self.space = space
    self.entries = entries
    self.set = set
    self.section = section
    self.budget = budget ?? ProofBudget(rules: entries.count)
    search = RoomSearch(space, self.budget)
  }

  /// The rules of a section or group; `outcomes` are numbers, equal for equal outcomes.
  static func entries<Outcome>(_ rules: [Rule<Outcome>], outcomes: [Int]) -> [Entry] {
    zip(rules, outcomes).map { rule, outcome in
      Entry(
        name: rule.name, span: rule.span, scope: rule.scope, outcome: outcome,
        isCandidate: rule.table == nil && rule.scope.alternatives.count == 1
          && rule.scope.begins == nil && rule.scope.ends == nil)
    }
  }

  /// The merges, each rule in one at most for each attribute.
  ///
  /// About linear in the rules and what they meet where all that stand alike can be one.
  mutating func merges() throws(RoomSearch.GaveUp) -> [Merge] {
    var found: [Merge] = []
    let groups = groups()
    if let set, !groups.isEmpty { neighbours = set.neighbours(of: Set(groups.flatMap(\.members))) }
    for (key, alike) in groups {
      var units: [Merge] = []
      let (buckets, areApart) = buckets(of: alike)
      for bucket in buckets {
        let single = bucket.compactMap { member in
          matcher(of: member, on: key.attribute).map {
            Merge(members: [member], attribute: key.attribute, matcher: $0)
          }
        }
        if single.count > 1, let whole = union(single), try isHarmless(whole) {
          units.append(whole)
        } else {
          units += try joined(single)
        }
      }
      if !areApart { units = try joined(units) }
      found += units.filter { $0.members.count > 1 }
    }
    return found
  }

  /// Some merges, joined one by one where they may be.
  private mutating func joined(_ units: [Merge]) throws(RoomSearch.GaveUp) -> [Merge] {
    var result: [Merge] = []
    var isTaken = units.map { _ in false }
    for place in units.indices where !isTaken[place] {
      var unit = units[place]
      for next in units.indices.dropFirst(place + 1) where !isTaken[next] {
        guard let both = union([unit, units[next]]), try isHarmless(both) else { continue }
        unit = both
        isTaken[next] = true
      }
      result.append(unit)
    }
    return result
  }

  // MARK: What is alike

  /// What rules that may be merged have in common.
  private struct Likeness: Hashable {
    let attribute: AttributeID
    let outcome: Int
    let from: Instant?
    let until: Instant?
    /// The other conditions, by attribute.
    let others: [Asked]
  }

  /// A condition, wherever it stands.
  private struct Asked: Hashable {
    let attribute: AttributeID
    let matcher: Matcher

    init(_ condition: Condition) {
      attribute = condition.attribute
      matcher = condition.matcher
    }
  }

  /// The candidates that differ in their condition on one attribute only, at least two each, by
  /// the first of them.
  private func groups() -> [(key: Likeness, members: [Int])] {
    let places = places()
    var counts: [UInt64: Int] = [:]
    for place in places { counts[place.sum, default: 0] += 1 }
    var groups: [Likeness: [Int]] = [:]
    for place in places where counts[place.sum, default: 0] > 1 {
      let entry = entries[place.entry]
      var others = entry.scope.alternatives[0].map { Asked($0) }
      let own = others.remove(at: place.condition)
      let key = Likeness(
        attribute: own.attribute, outcome: entry.outcome, from: entry.scope.from,
        until: entry.scope.until, others: others)
      groups[key, default: []].append(place.entry)
    }
    return groups.filter { $0.value.count > 1 }.map { (key: $0.key, members: $0.value) }
      .sorted { first, second in
        first.members == second.members
          ? first.key.attribute < second.key.attribute
          : first.members.lexicographicallyPrecedes(second.members)
      }
  }

  /// What is soon seen to differ in most rules that are not alike.
  private struct Shape: Hashable {
    private let outcome: Int
    /// The attributes that are asked for, as bits.
    private var asked: UInt64 = 0

    init(_ entry: Entry) {
      outcome = entry.outcome
      for condition in entry.scope.alternatives[0] {
        asked |= 1 << UInt64(condition.attribute.index & 63)
      }
    }
  }

  /// A condition of a candidate that others may stand in for.
  private struct Place {
    let entry: Int
    let condition: Int
    /// Equal where all else is, and hardly ever otherwise.
    let sum: UInt64
  }

  private func places() -> [Place] {
    var numbers: [Asked: Int] = [:]
    var places: [Place] = []
    let shapes = entries.map { $0.isCandidate ? Shape($0) : nil }
    var counts: [Shape: Int] = [:]
    for case let shape? in shapes { counts[shape, default: 0] += 1 }
    for index in entries.indices {
      guard let shape = shapes[index], counts[shape, default: 0] > 1 else { continue }
      // Sorted by attribute; an attribute stands twice only in a table's cell.
      let conditions = entries[index].scope.alternatives[0]
      let scattered = conditions.map { condition in
        let asked = Asked(condition)
        let number = numbers[asked] ?? numbers.count
        numbers[asked] = number
        return Self.scattered(number)
      }
      let whole = scattered.reduce(Self.scattered(entries[index].outcome) &* 3, &+)
      for (place, condition) in conditions.enumerated() where condition.attribute != .at {
        switch condition.matcher {
        case .oneOf, .range:
          let sum = whole &- scattered[place] &+ Self.scattered(~condition.attribute.index)
          places.append(Place(entry: index, condition: place, sum: sum))
        case .any, .present, .absent, .not: continue
        }
      }
    }
    return places
  }

  /// A number that is spread over all bits.
  ///
  /// The output function of SplitMix64 (G. L. Steele, D. Lea and C. H. Flood, 2014).
  private static func scattered(_ number: Int) -> UInt64 {
    var mixed = UInt64(bitPattern: Int64(number)) &* 0x9E37_79B9_7F4A_7C15
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// Divides what stands alike by what it beats; `areApart` when nothing of two buckets may be one.
  ///
  /// A rule beats what it overrides, and what selects more than it does. The latter must select more
  /// than the merged rule, too, and so than each of its members, unless one of them overrides it.
  private func buckets(of alike: [Int]) -> (buckets: [[Int]], areApart: Bool) {
    guard let set else { return ([alike], true) }
    struct Key: Hashable {
      let overrides: [Int]
      let beaten: [Int]
    }
    let own = Set(alike)
    var places: [Key: Int] = [:]
    var buckets: [[Int]] = []
    for member in alike {
      let overrides = set.rules[member].overrides
      let key = Key(
        overrides: overrides,
        beaten: (neighbours[member] ?? []).filter { other in
          !own.contains(other) && !overrides.binarySearchFinds(other) && set.beats(member, other)
        })
      if let place = places[key] {
        buckets[place].append(member)
      } else {
        places[key] = buckets.count
        buckets.append([member])
      }
    }
    return (buckets, Set(places.keys.map(\.overrides)).count == 1)
  }

  private func matcher(of entry: Int, on attribute: AttributeID) -> Matcher? {
    entries[entry].scope.alternatives[0].first { $0.attribute == attribute }?.matcher
  }

  /// One matcher that holds just where one of several does; nil: there is none that reads as well.
  private func union(_ units: [Merge]) -> Merge? {
    let attribute = units[0].attribute
    func merge(_ matcher: Matcher) -> Merge {
      Merge(members: units.flatMap(\.members), attribute: attribute, matcher: matcher)
    }
    func atoms(_ matcher: Matcher) -> AtomSet {
      let span = Span(file: FileID(0), start: 0, end: 0)
      return space.select(Condition(attribute, matcher, span: span), in: section).atoms
    }
    let wanted = units.reduce(AtomSet.empty) { $0.union(atoms($1.matcher)) }
    if wanted == atoms(.present) { return merge(.present) }
    var patterns: [Pattern] = []
    var seen: Set<Pattern> = []
    for case .oneOf(let own) in units.map(\.matcher) {
      patterns += own.filter { seen.insert($0).inserted }
    }
    if units.allSatisfy({ if case .oneOf = $0.matcher { true } else { false } }) {
      return merge(.oneOf(patterns))
    }
    let bounds = units.compactMap(\.matcher.bounds)
    guard bounds.count == units.count else { return nil }
    let lowers = bounds.compactMap(\.lower)
    let uppers = bounds.compactMap(\.upper)
    let range = Matcher.range(
      lower: lowers.count < bounds.count ? nil : lowers.min { $0.asLowerCut < $1.asLowerCut },
      upper: uppers.count < bounds.count ? nil : uppers.max { $0.asUpperCut < $1.asUpperCut })
    return atoms(range) == wanted ? merge(range) : nil
  }

  // MARK: What would change

  /// Whether one rule in place of some changes no answer.
  private mutating func isHarmless(_ merge: Merge) throws(RoomSearch.GaveUp) -> Bool {
    guard let set else { return try isDisjoint(merge.members) }
    let own = Set(merge.members)
    let others = Set(merge.members.flatMap { neighbours[$0] ?? [] }).subtracting(own)
    try budget.take(merge.members.count + others.count)
    let scope = entries[merge.members[0]].scope
    let conditions = scope.alternatives[0].map { condition in
      condition.attribute == merge.attribute
        ? Condition(condition.attribute, merge.matcher, span: condition.span) : condition
    }
    let boxes = space.boxes(
      RuleScope(alternatives: [conditions], from: scope.from, until: scope.until), in: section,
      .comparing)
    let overridden = Set(merge.members.flatMap { set.rules[$0].overrides })
    var wins: Set<Int> = []
    var loses: Set<Int> = []
    for other in others {
      let overrides = overridden.contains(other)
      let isOverridden = !own.isDisjoint(with: set.rules[other].overrides)
      if overrides { wins.insert(other) }
      if isOverridden { loses.insert(other) }
      if overrides || isOverridden { continue }
      let isWithin = try search.isInside(boxes, set.rules[other].compares)
      let holds = try search.isInside(set.rules[other].tight, boxes)
      if isWithin, !holds { wins.insert(other) }
      if holds, !isWithin { loses.insert(other) }
    }
    return merge.members.allSatisfy { member in
      (neighbours[member] ?? []).allSatisfy { other in
        own.contains(other)
          || set.beats(member, other) == wins.contains(other)
            && set.beats(other, member) == loses.contains(other)
      }
    }
  }

  /// Whether no request meets two of some rules.
  private func isDisjoint(_ members: [Int]) throws(RoomSearch.GaveUp) -> Bool {
    let boxes = members.flatMap { space.boxes(entries[$0].scope, in: section, .holding) }
    return try OverlapJoin(boxes).pairs(atMost: budget.stepsLeft).allSatisfy { left, right in
      boxes[left].intersection(boxes[right]).map { !space.isPossible($0) } ?? true
    }
  }
}

extension Matcher {
  /// The ends of what it holds, where that is one range of numbers or instants.
  fileprivate var bounds: (lower: Bound?, upper: Bound?)? {
    switch self {
    case .range(let lower, let upper): return (lower, upper)
    case .oneOf(let patterns):
      guard patterns.count == 1, case .value(let value) = patterns[0] else { return nil }
      switch value {
      case .number, .instant:
        let bound = Bound(value, isInclusive: true)
        return (bound, bound)
      case .text, .flag: return nil
      }
    case .any, .present, .absent, .not: return nil
    }
  }
}
