/// Answers which rules of a set hold for a request, from the request's atom on every axis.
///
/// For each axis and each kind of atom there is a row of bits, one an entry (a rule, or one of its
/// alternatives); the entries that hold are the bits left when the rows of a request's atoms are
/// combined. A second, coarser row tells which words of the first have any bit. Entries are ordered
/// so that the first that holds is the one to report, but within circles.
///
/// Equality, sets, globs, ranges, flags and absence are rows alike. O(entries / 4096) words on the
/// coarse level, then only the words that may hold something.
public struct RuleIndex: Sendable {
  /// What the compiler hands over of one entry.
  public struct Entry: Sendable {
    /// The rule it belongs to.
    public let rule: Int
    /// The end of the run of entries whose rules beat each other in circles; 0: none.
    public let circleEnd: Int
    /// Its atoms on the axes that restrict it.
    public let sides: [(axis: Int, atoms: [Range<Int32>])]

    /// Makes an entry.
    public init(rule: Int, circleEnd: Int, sides: [(axis: Int, atoms: [Range<Int32>])]) {
      self.rule = rule
      self.circleEnd = circleEnd
      self.sides = sides
    }
  }

  /// The rows of one axis.
  private struct AxisRows: Sendable {
    let axis: Int
    /// The row of each atom.
    let rowOfAtom: [Int32]
    /// `wordCount` words a row.
    let words: [UInt64]
    /// `summaryCount` words a row: bit `i` tells whether word `i` of the row is not 0.
    let summary: [UInt64]
  }

  private let ruleOfEntry: [Int32]
  /// For each entry, the end of its run of mutually beating entries; 0 for all others.
  private let circleEnd: [Int32]
  /// The rules that beat each rule of a circle; empty for all others.
  private let beaters: [[Int32]]
  private let isDenial: [Bool]
  private let axes: [AxisRows]
  private let wordCount: Int
  private let summaryCount: Int

  /// Builds the rows of entries that are already in order.
  ///
  /// O(entries × distinct rows).
  ///
  /// `atomCounts` are the atoms of every axis; `beaters` the rules that beat each rule of a circle;
  /// `isDenial` tells the rules that refuse. Lesser rule indices have lesser names.
  public init(_ entries: [Entry], atomCounts: [Int], beaters: [[Int32]], isDenial: [Bool]) {
    ruleOfEntry = entries.map { Int32($0.rule) }
    circleEnd = entries.map { Int32($0.circleEnd) }
    self.beaters = beaters
    self.isDenial = isDenial
    let wordCount = (entries.count + 63) / 64
    let summaryCount = (wordCount + 63) / 64
    self.wordCount = wordCount
    self.summaryCount = summaryCount
    let used = Set(entries.lazy.flatMap { $0.sides.lazy.map(\.axis) }).sorted()
    axes = used.map { Self.rows(of: $0, entries, atomCounts[$0], wordCount, summaryCount) }
  }

  private static func rows(
    of axis: Int, _ entries: [Entry], _ atomCount: Int, _ wordCount: Int, _ summaryCount: Int
  ) -> AxisRows {
    // Atoms between which no entry begins or ends share a row.
    var isBorder = [Bool](repeating: false, count: atomCount + 1)
    isBorder[0] = true
    var free = [UInt64](repeating: 0, count: wordCount)
    for (index, entry) in entries.enumerated() {
      guard let side = entry.sides.first(where: { $0.axis == axis }) else {
        free[index / 64] |= 1 << UInt64(index % 64)
        continue
      }
      for range in side.atoms {
        isBorder[Int(range.lowerBound)] = true
        isBorder[Int(range.upperBound)] = true
      }
    }
    var rowOfAtom: [Int32] = []
    rowOfAtom.reserveCapacity(atomCount)
    var rowCount = 0
    for atom in 0..<atomCount {
      if isBorder[atom] { rowCount += 1 }
      rowOfAtom.append(Int32(rowCount - 1))
    }
    var words: [UInt64] = []
    words.reserveCapacity(rowCount * wordCount)
    for _ in 0..<rowCount { words += free }
    for (index, entry) in entries.enumerated() {
      guard let side = entry.sides.first(where: { $0.axis == axis }) else { continue }
      for range in side.atoms {
        let first = Int(rowOfAtom[Int(range.lowerBound)])
        let last = Int(rowOfAtom[Int(range.upperBound) - 1])
        for row in first...last {
          words[row * wordCount + index / 64] |= 1 << UInt64(index % 64)
        }
      }
    }
    var summary = [UInt64](repeating: 0, count: rowCount * summaryCount)
    for row in 0..<rowCount {
      for word in 0..<wordCount where words[row * wordCount + word] != 0 {
        summary[row * summaryCount + word / 64] |= 1 << UInt64(word % 64)
      }
    }
    return AxisRows(axis: axis, rowOfAtom: rowOfAtom, words: words, summary: summary)
  }

  /// The rule that wins for the atoms of a request; -1: none holds.
  func winner(_ atoms: [Int32]) -> Int {
    var entry = firstEntry(from: 0, atoms)
    while entry >= 0 {
      let end = Int(circleEnd[entry])
      if end == 0 { return Int(ruleOfEntry[entry]) }
      let chosen = winnerWithinCircle(from: entry, to: end, atoms)
      if chosen >= 0 { return chosen }
      entry = firstEntry(from: end, atoms)
    }
    return -1
  }

  /// Appends every rule that holds, each once, in the order of entries.
  func appendAll(_ atoms: [Int32], to rules: inout [Int32]) {
    var entry = firstEntry(from: 0, atoms)
    var last: Int32 = -1
    while entry >= 0 {
      let rule = ruleOfEntry[entry]
      if rule != last { rules.append(rule) }
      last = rule
      entry = firstEntry(from: entry + 1, atoms)
    }
  }

  /// The first entry at or after `start` that holds for the atoms of a request; -1: none.
  private func firstEntry(from start: Int, _ atoms: [Int32]) -> Int {
    guard start < ruleOfEntry.count else { return -1 }
    let startWord = start / 64
    for block in (startWord / 64)..<summaryCount {
      var candidates = ~UInt64(0)
      for rows in axes {
        let row = Int(rows.rowOfAtom[Int(atoms[rows.axis])])
        candidates &= rows.summary[row * summaryCount + block]
      }
      if block == startWord / 64 { candidates &= ~UInt64(0) << UInt64(startWord % 64) }
      while candidates != 0 {
        let word = block * 64 + candidates.trailingZeroBitCount
        candidates &= candidates - 1
        guard word < wordCount else { return -1 }
        var bits = ~UInt64(0)
        for rows in axes {
          let row = Int(rows.rowOfAtom[Int(atoms[rows.axis])])
          bits &= rows.words[row * wordCount + word]
        }
        if word == startWord { bits &= ~UInt64(0) << UInt64(start % 64) }
        if bits != 0 {
          let entry = word * 64 + bits.trailingZeroBitCount
          return entry < ruleOfEntry.count ? entry : -1
        }
      }
    }
    return -1
  }

  /// Applies the definition among rules that beat each other in circles; -1: all are beaten.
  ///
  /// Of the unbeaten ones a refusal comes before a price, the lesser name before the greater.
  private func winnerWithinCircle(from start: Int, to end: Int, _ atoms: [Int32]) -> Int {
    var holding: [Int32] = []
    var entry = start
    while entry >= 0, entry < end {
      if !holding.contains(ruleOfEntry[entry]) { holding.append(ruleOfEntry[entry]) }
      entry = firstEntry(from: entry + 1, atoms)
    }
    let unbeaten = holding.filter { !beaters[Int($0)].contains(where: holding.contains) }
    let refusals = unbeaten.filter { isDenial[Int($0)] }
    return Int((refusals.isEmpty ? unbeaten : refusals).min() ?? -1)
  }
}
