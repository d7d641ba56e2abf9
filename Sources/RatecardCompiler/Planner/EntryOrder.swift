import RatecardEngine

/// Puts the rules of a set into an order in which the first that holds for a request is the one to
/// report.
///
/// A rule comes before those it beats; of two that are both left a refusal comes before a price, and
/// of two that say the same the lesser name. Where these wishes form circles the rules of a circle
/// stand together, and the evaluator applies the definition among them.
struct EntryOrder {
  /// The entries in order.
  private(set) var entries: [RuleIndex.Entry] = []
  /// The rules that beat each rule that stands in a circle; empty for all others.
  private(set) var beaters: [[Int32]]

  init(_ set: RuleSet) {
    // Edges point from a rule to those that must come before it.
    var before = set.beaters
    let isDenial = set.rules.map(\.isDenial)
    let outcomes = set.rules.map(\.outcome)
    for (first, second) in set.rivals {
      if isDenial[first] != isDenial[second] {
        if isDenial[first] { before[second].append(first) } else { before[first].append(second) }
      } else if isDenial[first] || outcomes[first] == outcomes[second] {
        // Rules stand in the order of their names.
        before[second].append(first)
      }
    }
    beaters = Array(repeating: [], count: set.rules.count)
    for component in StronglyConnected(before).components {
      let count = component.reduce(0) { $0 + set.rules[$1].holds.count }
      let end = component.count > 1 ? entries.count + count : 0
      for rule in component {
        if component.count > 1 { beaters[rule] = set.beaters[rule].map { Int32($0) } }
        for box in set.rules[rule].holds {
          entries.append(RuleIndex.Entry(rule: rule, circleEnd: end, sides: box.indexedSides))
        }
      }
    }
  }
}

extension RuleIndex {
  /// Builds the index of a rule set, with or without a graph.
  init(_ set: RuleSet, in space: Space, wantsGraph: Bool) {
    let order = EntryOrder(set)
    self.init(
      order.entries, atomCounts: space.axes.map(\.count), beaters: order.beaters,
      isDenial: set.rules.map(\.isDenial), wantsGraph: wantsGraph)
  }
}

extension Box {
  /// The sides as an index takes them.
  var indexedSides: [(axis: Int, atoms: [Range<Int32>])] {
    sides.map { (axis: $0.axis, atoms: $0.atoms.ranges) }
  }
}
