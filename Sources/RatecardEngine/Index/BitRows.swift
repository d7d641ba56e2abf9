/// Finds the first entry that holds for a request: always right, in memory that grows with the
/// number of entries.
///
/// For each class of an axis there is a row of bits, one an entry; the entries that hold are the
/// bits left when the rows of a request's classes are combined. A coarser row before each tells
/// which of its words have any bit. Equality, sets, globs, ranges, flags and absence are rows alike.
/// Where an axis has more classes than the memory is meant to hold, neighbours share a row, and an
/// entry found by it is held against its own atoms. (After the bit vectors of T. V. Lakshman and
/// D. Stiliadis, 1998, with the aggregation of F. Baboescu and G. Varghese, 2001.)
struct BitRows: BitwiseCopyable, Sendable {
  private struct AxisRows: BitwiseCopyable {
    let axis: Int
    /// The row of each atom, as an offset into `bits`.
    let rowOfAtom: Flat<Int32>
  }

  /// The atoms of an entry on an axis of which neighbours share rows.
  private struct Check: BitwiseCopyable {
    let axis: Int32
    let firstRange: Int32
    let rangeCount: Int32
  }

  private let axes: Flat<AxisRows>
  private let axisCount: Int
  /// The rows: first the coarse words, then the fine ones.
  private let bits: Flat<UInt64>
  private let entryCount: Int
  private let coarseCount: Int
  /// The checks of an entry begin at its place and end at the next.
  private let firstCheck: Flat<Int32>
  private let checks: Flat<Check>
  private let ranges: Flat<Int32>
  private let hasChecks: Bool
  /// How much memory the rows take.
  let bytes: Int

  /// How many rows all axes together may have: 384 bytes an entry.
  private static let rowLimit = 3_072

  /// O(entries × rows).
  init(_ entries: [RuleIndex.Entry], _ indexed: [IndexedAxis], in arena: Arena) {
    let fineCount = (entries.count + 63) / 64
    let coarseCount = (fineCount + 63) / 64
    let stride = coarseCount + fineCount
    let shares = Self.shares(indexed)
    var slotOfAxis: [Int: Int] = [:]
    for (slot, axis) in indexed.enumerated() { slotOfAxis[axis.axis] = slot }
    var rows = indexed.enumerated().map { slot, axis in
      [UInt64](
        repeating: 0, count: ((axis.classCount - 1) / shares[slot] + 1) * stride)
    }
    var checks: [Check] = []
    var firstCheck: [Int32] = [0]
    var ranges: [Int32] = []
    // An entry holds on every class of an axis that does not restrict it.
    var free = indexed.map { _ in [UInt64](repeating: 0, count: stride) }
    for (index, entry) in entries.enumerated() {
      let (word, bit) = (coarseCount + index / 64, UInt64(1) << UInt64(index % 64))
      let (coarseWord, coarseBit) = (index / 4_096, UInt64(1) << UInt64(index / 64 % 64))
      var side = 0
      for slot in indexed.indices {
        guard side < entry.sides.count, entry.sides[side].axis == indexed[slot].axis else {
          free[slot][word] |= bit
          free[slot][coarseWord] |= coarseBit
          continue
        }
        for range in entry.sides[side].atoms {
          let classes = indexed[slot].classes(range)
          let first = Int(classes.lowerBound) / shares[slot]
          let last = Int(classes.upperBound - 1) / shares[slot]
          for row in first...last {
            rows[slot][row * stride + word] |= bit
            rows[slot][row * stride + coarseWord] |= coarseBit
          }
        }
        if shares[slot] > 1 {
          checks.append(
            Check(
              axis: Int32(indexed[slot].axis), firstRange: Int32(ranges.count / 2),
              rangeCount: Int32(entry.sides[side].atoms.count)))
          for range in entry.sides[side].atoms { ranges += [range.lowerBound, range.upperBound] }
        }
        side += 1
      }
      firstCheck.append(Int32(checks.count))
    }
    var bits: [UInt64] = []
    bits.reserveCapacity(rows.reduce(0) { $0 + $1.count })
    var laid: [AxisRows] = []
    for (slot, axis) in indexed.enumerated() {
      let start = bits.count
      for place in rows[slot].indices {
        bits.append(rows[slot][place] | free[slot][place % max(stride, 1)])
      }
      rows[slot] = []
      laid.append(
        AxisRows(
          axis: axis.axis,
          rowOfAtom: arena.lay(
            axis.classOfAtom.map { Int32(start + Int($0) / shares[slot] * stride) })))
    }
    bytes =
      bits.count * 8 + indexed.reduce(0) { $0 + $1.classOfAtom.count * 4 } + checks.count * 12
      + ranges.count * 4
    axes = arena.lay(laid)
    axisCount = laid.count
    self.bits = arena.lay(bits)
    entryCount = entries.count
    self.coarseCount = coarseCount
    self.firstCheck = arena.lay(firstCheck)
    self.checks = arena.lay(checks)
    self.ranges = arena.lay(ranges)
    hasChecks = !checks.isEmpty
  }

  /// How many neighbouring classes of each axis share a row; axes with few classes come first.
  private static func shares(_ axes: [IndexedAxis]) -> [Int] {
    var shares = axes.map { _ in 1 }
    var left = rowLimit
    let bySize = axes.indices.sorted { (axes[$0].classCount, $0) < (axes[$1].classCount, $1) }
    for (done, slot) in bySize.enumerated() {
      let fair = max(left / (axes.count - done), 1)
      shares[slot] = (axes[slot].classCount - 1) / fair + 1
      left -= (axes[slot].classCount - 1) / shares[slot] + 1
    }
    return shares
  }

  /// The first entry at or after `start` that holds for the atoms of a request; -1: none.
  ///
  /// O(entries / 4096) words on the coarse level, then only the words that may hold something.
  @inline(__always)
  func firstEntry(from start: Int, _ atoms: UnsafePointer<Int32>) -> Int {
    // Up to a kibibyte lies on the stack for certain.
    if axisCount <= 128 {
      return withUnsafeTemporaryAllocation(of: UnsafePointer<UInt64>.self, capacity: 128) {
        firstEntry(from: start, gathering: $0, atoms)
      }
    }
    return firstEntryOfMany(from: start, atoms)
  }

  @inline(never)
  private func firstEntryOfMany(from start: Int, _ atoms: UnsafePointer<Int32>) -> Int {
    withUnsafeTemporaryAllocation(of: UnsafePointer<UInt64>.self, capacity: axisCount) {
      firstEntry(from: start, gathering: $0, atoms)
    }
  }

  @inline(__always)
  private func firstEntry(
    from start: Int, gathering buffer: UnsafeMutableBufferPointer<UnsafePointer<UInt64>>,
    _ atoms: UnsafePointer<Int32>
  ) -> Int {
    // SAFETY: the buffer has a place for each axis, and each is written before it is read.
    let rows = buffer.baseAddress.unsafelyUnwrapped
    for slot in 0..<axisCount {
      let axis = axes.base + slot
      (rows + slot).initialize(
        to: bits.base + Int(axis.pointee.rowOfAtom[atoms[axis.pointee.axis]]))
    }
    return firstEntry(from: start, rows, atoms)
  }

  @inline(__always)
  private func firstEntry(
    from start: Int, _ rows: UnsafeMutablePointer<UnsafePointer<UInt64>>,
    _ atoms: UnsafePointer<Int32>
  ) -> Int {
    guard start < entryCount else { return -1 }
    let startWord = start >> 6
    for block in (startWord >> 6)..<coarseCount {
      var candidates = ~UInt64(0)
      for slot in 0..<axisCount { candidates &= rows[slot][block] }
      if block == startWord >> 6 { candidates &= ~UInt64(0) &<< UInt64(startWord & 63) }
      while candidates != 0 {
        let word = block &* 64 &+ candidates.trailingZeroBitCount
        candidates &= candidates &- 1
        guard word &* 64 < entryCount else { return -1 }
        var holding = ~UInt64(0)
        for slot in 0..<axisCount { holding &= rows[slot][coarseCount &+ word] }
        if word == startWord { holding &= ~UInt64(0) &<< UInt64(start & 63) }
        while holding != 0 {
          let entry = word &* 64 &+ holding.trailingZeroBitCount
          if entry >= entryCount { return -1 }
          if !hasChecks || passes(entry, atoms) { return entry }
          holding &= holding &- 1
        }
      }
    }
    return -1
  }

  /// Whether a request lies in what an entry takes on the axes of which neighbours share rows.
  @inline(never)
  private func passes(_ entry: Int, _ atoms: UnsafePointer<Int32>) -> Bool {
    for place in firstCheck[entry]..<firstCheck[entry + 1] {
      let check = checks[place]
      let atom = atoms[Int(check.axis)]
      var isInside = false
      for range in check.firstRange..<(check.firstRange + check.rangeCount)
      where ranges[2 * range] <= atom && atom < ranges[2 * range + 1] {
        isInside = true
        break
      }
      if !isInside { return false }
    }
    return true
  }
}
