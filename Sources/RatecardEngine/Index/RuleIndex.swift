/// Answers which rule of a set wins for a request, from the request's atom on every axis.
///
/// Two forms of the same answer: a decision graph, where it is small enough, and rows of bits, which
/// always are. Entries (a rule, or one of its alternatives) are ordered so that the first that holds
/// is the one to report, but within circles.
public struct RuleIndex: Sendable {
  /// What the compiler hands over of one entry.
  public struct Entry: Sendable {
    /// The rule it belongs to.
    public let rule: Int
    /// The end of the run of entries whose rules beat each other in circles; 0: none.
    public let circleEnd: Int
    /// Its atoms on the axes that restrict it, axes ascending.
    public let sides: [(axis: Int, atoms: [Range<Int32>])]

    /// Makes an entry.
    public init(rule: Int, circleEnd: Int, sides: [(axis: Int, atoms: [Range<Int32>])]) {
      self.rule = rule
      self.circleEnd = circleEnd
      self.sides = sides
    }
  }

  /// What a decision reads of it.
  struct Kernel: BitwiseCopyable, Sendable {
    fileprivate(set) var graph: DecisionGraph
    fileprivate let rows: BitRows
    fileprivate let ruleOfEntry: Flat<Int32>
    /// For each entry, the end of its run of mutually beating entries; 0 for all others.
    fileprivate let circleEnd: Flat<Int32>
  }

  private let arena: Arena
  private(set) var kernel: Kernel
  private let circles: Circles

  /// Builds the index of entries that are already in order.
  ///
  /// `atomCounts` are the atoms of every axis; `beaters` the rules that beat each rule of a circle;
  /// `isDenial` tells the rules that refuse. Lesser rule indices have lesser names. Without
  /// `wantsGraph` there is none: making it takes longer than a few answers gain by it.
  public init(
    _ entries: [Entry], atomCounts: [Int], beaters: [[Int32]], isDenial: [Bool],
    wantsGraph: Bool = true
  ) {
    let arena = Arena()
    let circles = Circles(beaters: beaters, isDenial: isDenial)
    let axes = IndexedAxis.all(entries, atomCounts)
    var graph = DecisionGraph()
    if wantsGraph {
      var builder = GraphBuilder(entries, axes)
      graph = builder.graph(in: arena) { holding, isSettled in
        circles.winner(holding, entries, isSettled)
      }
    }
    kernel = Kernel(
      graph: graph, rows: BitRows(entries, axes, in: arena),
      ruleOfEntry: arena.lay(entries.map { Int32($0.rule) }),
      circleEnd: arena.lay(entries.map { Int32($0.circleEnd) }))
    self.circles = circles
    self.arena = arena
  }

  /// Whether there is a graph.
  package var hasGraph: Bool { kernel.graph.isComplete }

  /// How many bytes the graph and the rows take.
  package var bytes: (graph: Int, rows: Int) { (kernel.graph.bytes, kernel.rows.bytes) }

  /// The same index without its graph.
  var withoutGraph: RuleIndex {
    var index = self
    index.kernel.graph = DecisionGraph()
    return index
  }

  /// The rule that wins for the atoms of a request; -1: none holds.
  func winner(_ atoms: UnsafePointer<Int32>) -> Int32 {
    let rule = withUnsafePointer(to: kernel) { Flat(base: $0).winner(atoms) }
    return rule < -1 ? winnerThroughCircles(atoms) : rule
  }

  /// Applies the definition where the first entry that holds stands in a circle.
  @inline(never)
  func winnerThroughCircles(_ atoms: UnsafePointer<Int32>) -> Int32 {
    var entry = kernel.rows.firstEntry(from: 0, atoms)
    while entry >= 0 {
      let end = Int(kernel.circleEnd[entry])
      if end == 0 { return kernel.ruleOfEntry[entry] }
      var holding: [Int32] = []
      while entry >= 0, entry < end {
        if !holding.contains(kernel.ruleOfEntry[entry]) {
          holding.append(kernel.ruleOfEntry[entry])
        }
        entry = kernel.rows.firstEntry(from: entry + 1, atoms)
      }
      let chosen = circles.winner(among: holding)
      if chosen >= 0 { return chosen }
    }
    return -1
  }
}

extension Flat<RuleIndex.Kernel> {
  /// The rule that wins for the atoms of a request; -1: none holds, -2: that is decided in a circle.
  @inline(__always)
  func winner(_ atoms: UnsafePointer<Int32>) -> Int32 {
    base.pointee.graph.isComplete ? base.pointee.graph.leaf(atoms) : winnerByRows(atoms)
  }

  /// The rules that win for the atoms of many requests, which lie `stride` apart.
  @inline(__always)
  func winners(
    _ count: Int, _ atoms: UnsafePointer<Int32>, _ stride: Int, _ found: (Int, Int32) -> Void
  ) {
    if base.pointee.graph.isComplete {
      base.pointee.graph.leaves(count, atoms, stride, found)
    } else {
      for row in 0..<count { found(row, winnerByRows(atoms + row &* stride)) }
    }
  }

  @inline(never)
  private func winnerByRows(_ atoms: UnsafePointer<Int32>) -> Int32 {
    let entry = base.pointee.rows.firstEntry(from: 0, atoms)
    if entry < 0 { return -1 }
    return base.pointee.circleEnd[entry] == 0 ? base.pointee.ruleOfEntry[entry] : -2
  }
}

/// What decides among rules that beat each other in circles.
struct Circles: Sendable {
  /// The rules that beat each rule of a circle; empty for all others.
  let beaters: [[Int32]]
  let isDenial: [Bool]

  /// The rule that no other one beats; -1: all are beaten.
  ///
  /// Of several a refusal comes before a price, the lesser name before the greater.
  func winner(among holding: [Int32]) -> Int32 {
    let unbeaten = holding.filter { !beaters[Int($0)].contains(where: holding.contains) }
    let refusals = unbeaten.filter { isDenial[Int($0)] }
    return (refusals.isEmpty ? unbeaten : refusals).min() ?? -1
  }

  /// The rule that wins where some entries may hold, the settled ones surely; nil: that depends on
  /// the others.
  func winner(
    _ holding: [Int32], _ entries: [RuleIndex.Entry], _ isSettled: (Int32) -> Bool
  ) -> Int32? {
    var place = 0
    while place < holding.count {
      let entry = entries[Int(holding[place])]
      guard isSettled(holding[place]) else { return nil }
      if entry.circleEnd == 0 { return Int32(entry.rule) }
      var rules: [Int32] = []
      while place < holding.count, Int(holding[place]) < entry.circleEnd {
        guard isSettled(holding[place]) else { return nil }
        let rule = Int32(entries[Int(holding[place])].rule)
        if !rules.contains(rule) { rules.append(rule) }
        place += 1
      }
      let chosen = winner(among: rules)
      if chosen >= 0 { return chosen }
    }
    return -1
  }
}
