public import RatecardDiagnostics

/// A node of a `Tree`: a view into the tree's arena, cheap to copy.
///
/// An alias is seen as the node that its anchor names, with that node's span.
@frozen
public struct Node: Sendable {
  /// What a node can be.
  @frozen
  public enum Kind: Sendable {
    case scalar, sequence, mapping
  }

  @usableFromInline let storage: TreeStorage
  @usableFromInline let index: Int32

  @inlinable
  init(storage: TreeStorage, index: Int32) {
    self.storage = storage
    self.index = index
  }

  @inlinable
  var record: TreeStorage.Record { storage.records[Int(index)] }

  /// What it is.
  @inlinable
  public var kind: Kind {
    switch record.form {
    case .sequence: .sequence
    case .mapping: .mapping
    default: .scalar
    }
  }

  /// Its bytes in the file: quotes included, anchors not; a collection reaches to its last child's
  /// end or its closing bracket.
  @inlinable
  public var span: Span {
    let record = record
    return Span(file: storage.file, start: Int(record.start), end: Int(record.end))
  }

  /// Whether it is a scalar without quotes, on the line (no `|` or `>` block).
  @inlinable
  public var isPlain: Bool { record.form == .plain }

  /// Whether nothing is written here: an empty plain scalar, as in `key:` followed by nothing.
  @inlinable
  public var isMissing: Bool {
    let record = record
    return record.form == .plain && record.count == 0
  }

  /// A scalar's text after unquoting; empty for a collection.
  @inlinable
  public var text: String {
    withUTF8 { String(decoding: $0, as: UTF8.self) }
  }

  /// Calls `body` with the UTF-8 bytes of a scalar's text, without copying them.
  ///
  /// The buffer must not leave `body`. It is empty for a collection.
  @inlinable
  public func withUTF8<Result, Failure: Error>(
    _ body: (UnsafeBufferPointer<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let record = record
    guard record.form.isScalar else { return try body(UnsafeBufferPointer(start: nil, count: 0)) }
    return try storage.pool.withUnsafeBufferPointer { pool throws(Failure) -> Result in
      try body(UnsafeBufferPointer(rebasing: pool[record.first..<(record.first + record.count)]))
    }
  }

  /// How many items or entries a collection has; 0 for a scalar.
  @inlinable
  public var count: Int {
    let record = record
    switch record.form {
    case .sequence: return record.count
    case .mapping: return record.count / 2
    default: return 0
    }
  }

  /// The items of a sequence; empty for anything else.
  @inlinable
  public var items: Items {
    let record = record
    let isSequence = record.form == .sequence
    return Items(storage: storage, first: record.first, count: isSequence ? record.count : 0)
  }

  /// The entries of a mapping in the order written, no key twice; empty for anything else.
  @inlinable
  public var entries: Entries {
    let record = record
    let isMapping = record.form == .mapping
    return Entries(storage: storage, first: record.first, count: isMapping ? record.count / 2 : 0)
  }

  /// The items of a sequence.
  @frozen
  public struct Items: RandomAccessCollection, Sendable {
    @usableFromInline let storage: TreeStorage
    @usableFromInline let first: Int
    /// How many there are.
    public let count: Int

    @inlinable
    init(storage: TreeStorage, first: Int, count: Int) {
      self.storage = storage
      self.first = first
      self.count = count
    }

    /// Always 0.
    @inlinable public var startIndex: Int { 0 }
    /// Same as `count`.
    @inlinable public var endIndex: Int { count }

    /// The item at an index, in constant time.
    @inlinable
    public subscript(position: Int) -> Node {
      precondition(position >= 0 && position < count, "a sequence has no item at that index")
      return Node(storage: storage, index: storage.children[first + position])
    }
  }

  /// A key and its value.
  @frozen
  public struct Entry: Sendable {
    /// The key: always a scalar that is not missing.
    public let key: Node
    /// The value; missing (see `Node.isMissing`) when the author wrote none.
    public let value: Node

    @inlinable
    init(key: Node, value: Node) {
      self.key = key
      self.value = value
    }
  }

  /// The entries of a mapping.
  @frozen
  public struct Entries: RandomAccessCollection, Sendable {
    @usableFromInline let storage: TreeStorage
    @usableFromInline let first: Int
    /// How many there are.
    public let count: Int

    @inlinable
    init(storage: TreeStorage, first: Int, count: Int) {
      self.storage = storage
      self.first = first
      self.count = count
    }

    /// Always 0.
    @inlinable public var startIndex: Int { 0 }
    /// Same as `count`.
    @inlinable public var endIndex: Int { count }

    /// The entry at an index, in constant time.
    @inlinable
    public subscript(position: Int) -> Entry {
      precondition(position >= 0 && position < count, "a mapping has no entry at that index")
      let place = first + 2 * position
      return Entry(
        key: Node(storage: storage, index: storage.children[place]),
        value: Node(storage: storage, index: storage.children[place + 1]))
    }
  }
}
