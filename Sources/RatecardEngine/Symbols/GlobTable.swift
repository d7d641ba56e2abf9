import RatecardValues

/// Tells the atom of a text that the card does not name from the globs that take it.
///
/// What a text begins with and what it ends with say which globs of one star take it; so those are
/// two walks and a table. Only where a glob of more stars may take it are globs tried one by one.
struct GlobTable: Sendable {
  /// The flat part of it.
  struct Affixes: BitwiseCopyable, Sendable {
    fileprivate let starts: AffixTree
    fileprivate let ends: AffixTree
    fileprivate let endCount: Int32
    /// The atom for each set of starts and each set of ends; -1: the text has none, -2: that depends
    /// on more.
    fileprivate let atoms: Flat<Int32>
    fileprivate let isComplete: Bool

    /// The atom of a text; -1: it has none, -2: that depends on more than how it begins and ends.
    func atom(_ text: UnsafePointer<UInt8>, _ length: Int) -> Int32 {
      guard isComplete else { return -2 }
      return atoms[starts.set(text, length) &* endCount &+ ends.set(text, length)]
    }
  }

  private let globs: [Glob]
  private let atomOfCombination: [[Int]: Int32]

  /// How many pairs of beginnings and ends are worked out beforehand at most.
  private static let pairLimit = 1 << 16

  /// `combinations` are ascending glob indices with their atoms.
  init(_ globs: [Glob], _ combinations: [(globs: [Int], atom: Int)]) {
    self.globs = globs
    atomOfCombination = Dictionary(
      combinations.map { ($0.globs, Int32($0.atom)) }, uniquingKeysWith: { first, _ in first })
  }

  /// The atom of a text, by trying every glob; nil: it has none.
  func atom(of text: String) -> Int32? {
    var text = text
    let taking = text.withUTF8 { bytes in globs.indices.filter { globs[$0].matches(bytes) } }
    return atomOfCombination[taking]
  }

  func affixes(in arena: Arena) -> Affixes {
    let (starts, startSets) = AffixTree.make(
      globs.map { $0.segments[0] }, reversed: false, in: arena)
    let (ends, endSets) = AffixTree.make(
      globs.map { $0.segments[$0.segments.count - 1] }, reversed: true, in: arena)
    let isComplete = startSets.count * endSets.count <= Self.pairLimit
    var atoms: [Int32] = []
    for startSet in isComplete ? startSets : [] {
      for endSet in endSets {
        let taking = startSet.filter(endSet.contains)
        let isSure = taking.allSatisfy { glob in
          // With one star and one end, beginning or ending so is all that there is to it.
          let segments = globs[glob].segments
          return segments.count == 2 && (segments[0].isEmpty || segments[1].isEmpty)
        }
        atoms.append(isSure ? atomOfCombination[taking] ?? -1 : -2)
      }
    }
    return Affixes(
      starts: starts, ends: ends, endCount: Int32(endSets.count), atoms: arena.lay(atoms),
      isComplete: isComplete)
  }
}
