/// Answers which adjustments apply to a request: all that stand alone and hold, and of each group
/// the one that wins.
public struct AdjustmentIndex: Sendable {
  /// Adjustments that exclude each other, or one that stands alone.
  public struct Group: Sendable {
    /// The entries of its rules, in order, as those of an index.
    public let entries: [RuleIndex.Entry]
    /// The place of each of its rules in the list of adjustments.
    public let members: [Int32]
    /// The rules that beat each rule of a circle.
    public let beaters: [[Int32]]

    /// Makes a group.
    public init(entries: [RuleIndex.Entry], members: [Int32], beaters: [[Int32]]) {
      self.entries = entries
      self.members = members
      self.beaters = beaters
    }
  }

  /// What each adjustment does.
  public let plans: [AdjustmentPlan]
  /// The sets of adjustments that apply together somewhere, as ascending places; the first is empty.
  let sets: [[Int32]]
  /// Finds the set; incomplete where there are too many.
  private(set) var graph: DecisionGraph
  private let alone: BitRows
  private let ruleOfEntry: [Int32]
  private var groups: [(index: RuleIndex, members: [Int32])]
  private let arena: Arena

  /// How many sets are told apart at most.
  private static let setLimit = 256

  /// Makes the index.
  ///
  /// `alone` are the entries of the adjustments without a group, each entry's rule a place in
  /// `plans`. Without `wantsGraphs` there are none, as for an index of rules.
  public init(
    plans: [AdjustmentPlan], alone: [RuleIndex.Entry], groups: [Group], atomCounts: [Int],
    wantsGraphs: Bool = true
  ) {
    let arena = Arena()
    self.plans = plans
    let axes = IndexedAxis.all(alone, atomCounts)
    self.alone = BitRows(alone, axes, in: arena)
    ruleOfEntry = alone.map { Int32($0.rule) }
    self.groups = groups.map { group in
      let none = Array(repeating: false, count: group.members.count)
      return (
        RuleIndex(
          group.entries, atomCounts: atomCounts, beaters: group.beaters, isDenial: none,
          wantsGraph: wantsGraphs),
        group.members
      )
    }
    self.arena = arena
    guard wantsGraphs else {
      graph = DecisionGraph()
      sets = [[]]
      return
    }
    var sets: [[Int32]] = [[]]
    var known: [[Int32]: Int32] = [[]: 0]
    let choices = Choices(alone, groups)
    var builder = GraphBuilder(
      choices.entries, IndexedAxis.all(choices.entries, atomCounts), endsAtFirst: { _ in false })
    let graph = builder.graph(in: arena) { holding, isSettled in
      guard sets.count <= Self.setLimit, holding.allSatisfy(isSettled) else {
        // Too many sets make the graph too large as well.
        return sets.count <= Self.setLimit ? nil : 0
      }
      let set = choices.applying(holding)
      if let place = known[set] { return place }
      known[set] = Int32(sets.count)
      sets.append(set)
      return known[set]
    }
    let isComplete = graph.isComplete && sets.count <= Self.setLimit
    self.graph = isComplete ? graph : DecisionGraph()
    self.sets = isComplete ? sets : [[]]
  }

  /// The same index without its graphs.
  var withoutGraphs: AdjustmentIndex {
    var index = self
    index.graph = DecisionGraph()
    index.groups = groups.map { ($0.index.withoutGraph, $0.members) }
    return index
  }

  /// The adjustments that apply, as ascending places.
  func applying(_ atoms: UnsafePointer<Int32>) -> [Int32] {
    var found: [Int32] = []
    var entry = alone.firstEntry(from: 0, atoms)
    while entry >= 0 {
      let rule = ruleOfEntry[entry]
      if found.last != rule { found.append(rule) }
      entry = alone.firstEntry(from: entry + 1, atoms)
    }
    for group in groups {
      let rule = group.index.winner(atoms)
      if rule >= 0 { found.append(group.members[Int(rule)]) }
    }
    return found.sorted()
  }

  /// The entries of all adjustments in one list, and which of those that hold apply.
  private struct Choices {
    private(set) var entries: [RuleIndex.Entry]
    private let aloneCount: Int
    private var groups: [(entries: Range<Int>, group: Group, circles: Circles)] = []

    init(_ alone: [RuleIndex.Entry], _ groups: [Group]) {
      entries = alone
      aloneCount = alone.count
      for group in groups {
        let start = entries.count
        entries += group.entries
        let none = Array(repeating: false, count: group.members.count)
        self.groups.append(
          (start..<entries.count, group, Circles(beaters: group.beaters, isDenial: none)))
      }
    }

    func applying(_ holding: [Int32]) -> [Int32] {
      var found = Set(holding.prefix { $0 < aloneCount }.map { Int32(entries[Int($0)].rule) })
      for (range, group, circles) in groups {
        let own = holding.filter { range.contains(Int($0)) }
          .map { $0 - Int32(range.lowerBound) }
        if let rule = circles.winner(own, group.entries, { _ in true }), rule >= 0 {
          found.insert(group.members[Int(rule)])
        }
      }
      return found.sorted()
    }
  }
}
