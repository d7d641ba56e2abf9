/// How the lines of a log of JSON Lines are put together: what stands before each value.
///
/// Programs write their lines all alike. What stood between two values of a line that was read with
/// care, byte for byte the same, means the same in another: the names, each of them once.
struct JSONShape {
  /// A value and what stands before it.
  struct Step {
    fileprivate(set) var firstWord: Int
    fileprivate(set) var wordCount: Int
    /// How many bytes stand before the value.
    let length: Int
    /// The wanted column that the value is of; -1: none.
    let column: Int
  }

  /// The most bytes between two values.
  static let gapLimit = 96

  private(set) var steps: [Step] = []
  /// What stands before the values, in words; the masks leave out what is behind.
  private(set) var words: [(bits: UInt64, mask: UInt64)] = []
  /// The wanted columns that its lines do not have.
  private(set) var missing: [Int]

  /// The shape of a line without values.
  init(width: Int) { missing = Array(0..<width) }

  /// Adds a value; false: what stands before it is too long to be looked for.
  mutating func add(_ gap: UnsafeBufferPointer<UInt8>, column: Int) -> Bool {
    guard gap.count <= JSONShape.gapLimit else { return false }
    var step = Step(firstWord: words.count, wordCount: 0, length: gap.count, column: column)
    var place = 0
    while place < gap.count {
      var (bits, mask): (UInt64, UInt64) = (0, 0)
      for offset in 0..<min(8, gap.count - place) {
        bits |= UInt64(gap[place + offset]) << UInt64(8 * offset)
        mask |= 0xFF << UInt64(8 * offset)
      }
      words.append((bits, mask))
      step.wordCount += 1
      place += 8
    }
    steps.append(step)
    missing.removeAll { $0 == column }
    return true
  }
}
