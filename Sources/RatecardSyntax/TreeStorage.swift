public import RatecardDiagnostics

/// The arena behind a tree: all nodes, the children of its collections, and the scalars' bytes.
@usableFromInline
final class TreeStorage: Sendable {
  /// How a node is written.
  @usableFromInline
  @frozen
  enum Form: UInt32 {
    case plain, singleQuoted, doubleQuoted, literal, folded, sequence, mapping

    @inlinable
    var isScalar: Bool { rawValue <= Form.folded.rawValue }
  }

  /// A node in 16 bytes: its place, and where its text or its children are.
  @usableFromInline
  @frozen
  struct Record {
    @usableFromInline var start: Int32
    @usableFromInline var end: Int32
    @usableFromInline var position: Int32
    @usableFromInline var packed: UInt32

    init(_ form: Form, start: Int, end: Int, first: Int, count: Int) {
      self.start = Int32(start)
      self.end = Int32(end)
      position = Int32(first)
      packed = UInt32(count) << 3 | form.rawValue
    }

    @inlinable
    var form: Form { Form(rawValue: packed & 7) ?? .plain }
    /// The first byte in the pool of a scalar, the first child of a collection.
    @inlinable
    var first: Int { Int(position) }
    /// The bytes of a scalar's text, the children of a collection (a mapping's keys and values).
    @inlinable
    var count: Int { Int(packed >> 3) }
  }

  @usableFromInline let file: FileID
  @usableFromInline let records: ContiguousArray<Record>
  /// Indices of records: each collection's stand in a row, a mapping's as key, value, key, value.
  @usableFromInline let children: ContiguousArray<Int32>
  /// The scalars' text, UTF-8.
  @usableFromInline let pool: ContiguousArray<UInt8>

  init(
    file: FileID, records: ContiguousArray<Record>, children: ContiguousArray<Int32>,
    pool: ContiguousArray<UInt8>
  ) {
    self.file = file
    self.records = records
    self.children = children
    self.pool = pool
  }
}
