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
  private let neighbours: [[Int]]
  private var search: RoomSearch
  private var comparisonsLeft = 2_000_000

  /// `entries` are the rules of `set`, at the same places.
  init(_ space: Space, _ entries: [Entry], _ set: RuleSet?, _ section: Space.Section) {
    self.space = space
    self.entries = entries
    self.set = set
    self.section = section
    neighbours = set?.neighbours ?? []
    search = RoomSearch(space)
  }

  /// The rules of a section or group.
  static func entries<Outcome>(_ rules: [Rule<Outcome>]) -> [Entry] {
    var outcomes: [Outcome: Int] = [:]
    return rules.map { rule in
      let outcome = outcomes[rule.outcome] ?? outcomes.count
      outcomes[rule.outcome] = outcome
      return Entry(
        name: rule.name, span: rule.span, scope: rule.scope, outcome: outcome,
        isCandidate: rule.table == nil && rule.scope.alternatives.count == 1
          && rule.scope.begins == nil && rule.scope.ends == nil)
    }
  }

  /// The merges, each rule in one at most for each attribute.
  mutating func merges() throws(RoomSearch.GaveUp) -> [Merge] {
    var found: [Merge] = []
    for (key, alike) in groups() {
      var isTaken = Set<Int>()
      for (place, first) in alike.enumerated() where !isTaken.contains(first) {
        var members = [first]
        var matcher = matcher(of: first, on: key.attribute)
        for next in alike[(place + 1)...] where !isTaken.contains(next) {
          guard
            let union = union(
              matcher, self.matcher(of: next, on: key.attribute), on: key.attribute),
            try isHarmless(members + [next], union, on: key.attribute)
          else { continue }
          members.append(next)
          matcher = union
        }
        guard members.count > 1, let matcher else { continue }
        isTaken.formUnion(members)
        found.append(Merge(members: members, attribute: key.attribute, matcher: matcher))
      }
    }
    return found
  }

  // MARK: What is alike

  /// What rules that may be merged have in common.
  private struct Likeness: Hashable {
    let attribute: AttributeID
    let outcome: Int
    let from: Instant?
    let until: Instant?
    /// The other conditions.
    let others: [AttributeID: Matcher]
  }

  /// The candidates that differ in their condition on one attribute only, at least two each, by
  /// the first of them.
  private func groups() -> [(key: Likeness, members: [Int])] {
    var groups: [Likeness: [Int]] = [:]
    for (index, entry) in entries.enumerated() where entry.isCandidate {
      let conditions = entry.scope.alternatives[0]
      var matchers: [AttributeID: Matcher] = [:]
      for condition in conditions { matchers[condition.attribute] = condition.matcher }
      guard matchers.count == conditions.count else { continue }
      for (attribute, matcher) in matchers where attribute != .at {
        switch matcher {
        case .oneOf, .range: break
        case .any, .present, .absent, .not: continue
        }
        var others = matchers
        others[attribute] = nil
        let key = Likeness(
          attribute: attribute, outcome: entry.outcome, from: entry.scope.from,
          until: entry.scope.until, others: others)
        groups[key, default: []].append(index)
      }
    }
    return groups.filter { $0.value.count > 1 }.map { (key: $0.key, members: $0.value) }
      .sorted { first, second in
        first.members == second.members
          ? first.key.attribute < second.key.attribute
          : first.members.lexicographicallyPrecedes(second.members)
      }
  }

  private func matcher(of entry: Int, on attribute: AttributeID) -> Matcher? {
    entries[entry].scope.alternatives[0].first { $0.attribute == attribute }?.matcher
  }

  /// One matcher that holds just where one of two does; nil: there is none that reads as well.
  private func union(
    _ first: Matcher?, _ second: Matcher?, on attribute: AttributeID
  ) -> Matcher? {
    guard let first, let second else { return nil }
    let span = Span(file: FileID(0), start: 0, end: 0)
    func atoms(_ matcher: Matcher) -> AtomSet {
      space.select(Condition(attribute, matcher, span: span), in: section).atoms
    }
    let wanted = atoms(first).union(atoms(second))
    if wanted == atoms(.present) { return .present }
    switch (first, second) {
    case (.oneOf(let left), .oneOf(let right)):
      return .oneOf(left + right.filter { !left.contains($0) })
    default:
      guard let left = first.bounds, let right = second.bounds else { return nil }
      let range = Matcher.range(
        lower: left.lower.flatMap { one in
          right.lower.map { $0.asLowerCut < one.asLowerCut ? $0 : one }
        },
        upper: left.upper.flatMap { one in
          right.upper.map { one.asUpperCut < $0.asUpperCut ? $0 : one }
        })
      return atoms(range) == wanted ? range : nil
    }
  }

  // MARK: What would change

  /// Whether one rule in place of some changes no answer.
  private mutating func isHarmless(
    _ members: [Int], _ matcher: Matcher, on attribute: AttributeID
  ) throws(RoomSearch.GaveUp) -> Bool {
    guard let set else { return isDisjoint(members) }
    let first = entries[members[0]]
    let conditions = first.scope.alternatives[0].map { condition in
      condition.attribute == attribute
        ? Condition(attribute, matcher, span: condition.span) : condition
    }
    let merged = space.boxes(
      RuleScope(alternatives: [conditions], from: first.scope.from, until: first.scope.until),
      in: section, .comparing)
    let own = Set(members)
    let others = Set(members.flatMap { neighbours[$0] }).subtracting(own)
    comparisonsLeft -= others.count
    if comparisonsLeft < 0 { throw RoomSearch.GaveUp() }
    for other in others {
      let overrides = members.contains { set.rules[$0].overrides.binarySearchFinds(other) }
      let isOverridden = !own.isDisjoint(with: set.rules[other].overrides)
      var (wins, loses) = (overrides, isOverridden)
      if !overrides, !isOverridden {
        let isWithin = try search.isInside(merged, set.rules[other].compares)
        let holds = try search.isInside(set.rules[other].tight, merged)
        (wins, loses) = (isWithin && !holds, holds && !isWithin)
      }
      for member in members where neighbours[member].contains(other) {
        guard set.beats(member, other) == wins, set.beats(other, member) == loses else {
          return false
        }
      }
    }
    return true
  }

  /// Whether no request meets two of some rules.
  private func isDisjoint(_ members: [Int]) -> Bool {
    let boxes = members.map { space.boxes(entries[$0].scope, in: section, .holding) }
    for (place, left) in boxes.enumerated() {
      for right in boxes[(place + 1)...] {
        for (first, second) in left.flatMap({ box in right.map { (box, $0) } }) {
          if let common = first.intersection(second), space.isPossible(common) { return false }
        }
      }
    }
    return true
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
