public import RatecardValues

/// The instants and windows that a card tells apart.
public struct TimeValues: Sendable {
  /// The instants, ascending, at which a stretch begins; the first stretch begins before them.
  public let cuts: [Instant]
  /// The windows told apart.
  public let windows: [Window]
  /// An atom is a stretch together with the windows (bit `i` for window `i`) that hold, by stretch,
  /// then by windows.
  public let atoms: [(stretch: Int, windows: UInt64)]
  /// An instant of each atom: the first of its stretch at which those windows hold.
  public let examples: [Instant]

  /// Puts them together.
  public init(
    cuts: [Instant], windows: [Window], atoms: [(stretch: Int, windows: UInt64)],
    examples: [Instant]
  ) {
    self.cuts = cuts
    self.windows = windows
    self.atoms = atoms
    self.examples = examples
  }
}

/// Tells which atom of the time axis an instant is: its stretch, and the windows that hold.
struct TimeClassifier: BitwiseCopyable, Sendable {
  /// The stretch of the last instant asked about, and the windows that held, which most often hold
  /// at the next instant too.
  struct Recent: Sendable {
    fileprivate var from = Int128.max
    fileprivate var until = Int128.min
    fileprivate var stretch: Int32 = 0
    fileprivate var quarter: Int64 = -1
    fileprivate var holding: UInt64 = 0
  }

  private let cuts: Flat<Instant>
  private let cutCount: Int
  private let hasWindows: Bool
  /// The atoms of a stretch begin at its place and end at the next.
  private let firstAtom: Flat<Int32>
  /// The windows that hold at each atom, ascending within a stretch.
  private let windowsOfAtom: Flat<UInt64>

  init(_ values: TimeValues, in arena: Arena) {
    hasWindows = !values.windows.isEmpty
    cuts = arena.lay(values.cuts)
    cutCount = values.cuts.count
    var first = [Int32](repeating: 0, count: values.cuts.count + 2)
    for atom in values.atoms { first[atom.stretch + 1] += 1 }
    for stretch in 0...values.cuts.count { first[stretch + 1] += first[stretch] }
    firstAtom = arena.lay(first)
    windowsOfAtom = arena.lay(values.atoms.map(\.windows))
  }

  /// The atom of an instant.
  ///
  /// O(log cuts), and the time that the windows take unless they were asked about the same quarter
  /// of an hour before.
  @inline(__always)
  func atom(of instant: Instant, _ recent: inout Recent, _ table: RuleTable) -> Int32 {
    if instant.nanoseconds < recent.from || instant.nanoseconds >= recent.until {
      look(for: instant, &recent)
    }
    return hasWindows
      ? atom(ofStretch: recent.stretch, instant, &recent, table) : firstAtom[recent.stretch]
  }

  @inline(never)
  private func look(for instant: Instant, _ recent: inout Recent) {
    var low = 0
    var high = cutCount
    while low < high {
      let middle = (low + high) / 2
      if cuts[middle] <= instant { low = middle + 1 } else { high = middle }
    }
    recent.stretch = Int32(low)
    recent.from = low == 0 ? Int128.min : cuts[low - 1].nanoseconds
    recent.until = low == cutCount ? Int128.max : cuts[low].nanoseconds
  }

  @inline(never)
  private func atom(
    ofStretch stretch: Int32, _ instant: Instant, _ recent: inout Recent, _ table: RuleTable
  ) -> Int32 {
    let windows = table.layout.time?.windows ?? []
    let holding = holding(windows, at: instant.seconds, &recent)
    for atom in firstAtom[stretch]..<firstAtom[stretch + 1] where windowsOfAtom[atom] == holding {
      return atom
    }
    preconditionFailure("the compiler found every set of windows that holds in a stretch")
  }

  private func holding(
    _ windows: [Window], at seconds: Int64, _ recent: inout Recent
  ) -> UInt64 {
    let quarter = seconds / 900
    if quarter == recent.quarter { return recent.holding }
    var holding: UInt64 = 0
    var isConstant = true
    for (index, window) in windows.enumerated() {
      if window.contains(seconds: seconds) { holding |= 1 << UInt64(index) }
      let start = quarter * 900
      isConstant = isConstant && window.changes(from: start + 1, to: start + 900).isEmpty
    }
    recent.quarter = isConstant ? quarter : -1
    recent.holding = holding
    return holding
  }
}
