/// A short text without a name, and its atom, remembered because it is likely to come again.
struct RecentText: BitwiseCopyable {
  private var first: UInt64 = 0
  private var second: UInt64 = 0
  /// The text's length, and the column that it is of; -1: nothing is here.
  private var tag: Int32 = -1
  private(set) var atom: Int32 = 0

  /// How many are remembered; each at a place that its hash says.
  static let count = 128

  /// No text.
  init() {}

  init(_ key: TextKey, column: Int, atom: Int32) {
    (first, second, tag) = (key.first, key.second, Self.tag(key, column))
    self.atom = atom
  }

  @inline(__always)
  private static func tag(_ key: TextKey, _ column: Int) -> Int32 {
    Int32(truncatingIfNeeded: key.length | column &<< 8)
  }

  /// Whether it is this text, of up to 16 bytes, of this column.
  @inline(__always)
  func matches(_ key: TextKey, column: Int) -> Bool {
    (first ^ key.first) | (second ^ key.second) == 0 && tag == Self.tag(key, column)
  }
}
