import RatecardDiagnostics

/// Builds a tree's arena from libyaml's events, and holds it against the language's strictness.
struct TreeBuilder {
  /// How the reading of a file ended.
  enum End {
    case complete(root: Int32?)
    /// A bound was passed, or something after which nothing more can be said; it is reported.
    case abandoned
    /// libyaml stopped; not yet reported.
    case failed(EventReader.Failure)
  }

  /// A collection whose end has not come yet.
  private struct Frame {
    var node: Int32
    var isMapping: Bool
    var isFlow: Bool
    var firstPending: Int
    var anchor: String?
    /// The nodes below it, aliases written out, and itself.
    var size = 1
    /// The collections below it in each other, and itself.
    var height = 1
    /// Where its last child ends.
    var end: Int
  }

  private struct Anchor {
    var node: Int32
    var size: Int
    var height: Int
    var isOpen: Bool
  }

  let file: FileID
  let limits: Limits
  let bytes: UnsafeBufferPointer<UInt8>
  var report: Reporter
  var map: PlaceMap
  /// Where bytes were changed so that reading could go on; scalars there take the original text.
  let patches: [Int]
  let original: UnsafeBufferPointer<UInt8>

  var records: ContiguousArray<TreeStorage.Record> = []
  var children: ContiguousArray<Int32> = []
  var pool: ContiguousArray<UInt8> = []
  var pending: ContiguousArray<Int32> = []
  private var frames: ContiguousArray<Frame> = []
  private var anchors: [String: Anchor] = [:]
  private var expansion = 0
  private var root: Int32?
  /// What is wrong with an event that libyaml accepts, told as if it did not.
  private var failure: EventReader.Failure?

  init(
    file: FileID, limits: Limits, bytes: UnsafeBufferPointer<UInt8>,
    original: UnsafeBufferPointer<UInt8>, patches: [Int], map: PlaceMap, report: Reporter
  ) {
    self.file = file
    self.limits = limits
    self.bytes = bytes
    self.original = original
    self.patches = patches
    self.map = map
    self.report = report
    pool.reserveCapacity(bytes.count / 2)
    records.reserveCapacity(bytes.count / 12)
    children.reserveCapacity(bytes.count / 12)
  }

  /// Reads all events.
  mutating func build(_ reader: inout EventReader) -> End {
    var documents = 0
    while true {
      switch reader.next() {
      case .documentStart:
        documents += 1
        guard documents == 1 else {
          reportDocument(at: map.offset(of: reader.start))
          return .complete(root: root)
        }
        if reader.hasTagDirective { reportTagDirective(before: map.offset(of: reader.end)) }
      case .scalar:
        guard addScalar(reader) else { return .abandoned }
      case .sequenceStart, .mappingStart:
        guard openCollection(reader) else { return .abandoned }
      case .sequenceEnd, .mappingEnd: closeCollection(reader)
      case .alias:
        guard addAlias(reader) else { return failure.map(End.failed) ?? .abandoned }
      case .documentEnd, .other: break
      case .streamEnd: return .complete(root: root)
      case .failure:
        while let frame = frames.popLast() {
          if !frame.isFlow { finishChildren(frame) }
        }
        return .failed(reader.failure)
      }
    }
  }

  /// What was built.
  consuming func tree(root: Int32?) -> Tree {
    let storage = TreeStorage(file: file, records: records, children: children, pool: pool)
    return Tree(file: file, root: root.map { Node(storage: storage, index: $0) })
  }

  /// The scalar that was read last, which may have swallowed more than was meant.
  var lastScalar: Mistake.LastScalar? {
    guard let record = records.last(where: { $0.form.isScalar }) else { return nil }
    let isQuoted = record.form == .singleQuoted || record.form == .doubleQuoted
    return .init(start: Int(record.start), end: Int(record.end), isQuoted: isQuoted)
  }

  // MARK: Events

  private mutating func addScalar(_ reader: borrowing EventReader) -> Bool {
    var start = map.offset(of: reader.start)
    var end = map.offset(of: reader.end)
    let form = reader.form
    let anchor = reader.hasProperties ? reader.anchor : nil
    if reader.hasProperties { start = min(skipProperties(from: start), end) }
    if form == .literal || form == .folded {
      while end > start + 1, Self.isBlank(bytes[end - 1]) { end -= 1 }
    } else if start == end, form == .plain, let frame = frames.last, frame.isFlow {
      (start, end) = placeOfMissing(in: frame)
    }
    let first = pool.count
    var length = reader.appendText(to: &pool)
    if !patches.isEmpty, patches.contains(where: { start <= $0 && $0 < end }) {
      let quote = form == .plain ? 0 : 1
      pool.removeSubrange(first...)
      pool.append(contentsOf: original[(start + quote)..<max(start + quote, end - quote)])
      length = pool.count - first
    }
    let node = Int32(records.count)
    records.append(.init(form, start: start, end: end, first: first, count: length))
    if let anchor { anchors[anchor] = Anchor(node: node, size: 1, height: 0, isOpen: false) }
    add(node, size: 1, height: 0, end: end)
    return checkNodes(at: start)
  }

  private mutating func openCollection(_ reader: borrowing EventReader) -> Bool {
    var start = map.offset(of: reader.start)
    let form = reader.form
    if reader.hasProperties { start = skipProperties(from: start) }
    guard frames.count < limits.depth else {
      report.tooDeep(at: start, limit: limits.depth)
      return false
    }
    let node = Int32(records.count)
    records.append(.init(form, start: start, end: start, first: 0, count: 0))
    let anchor = reader.hasProperties ? reader.anchor : nil
    if let anchor { anchors[anchor] = Anchor(node: node, size: 1, height: 1, isOpen: true) }
    frames.append(
      Frame(
        node: node, isMapping: form == .mapping, isFlow: reader.isFlow,
        firstPending: pending.count, anchor: anchor, end: start))
    return checkNodes(at: start)
  }

  private mutating func closeCollection(_ reader: borrowing EventReader) {
    guard var frame = frames.popLast() else {
      preconditionFailure("libyaml closes no collection that it did not open")
    }
    if frame.isFlow, reader.start < reader.end { frame.end = map.offset(of: reader.end) }
    records[Int(frame.node)].end = Int32(frame.end)
    finishChildren(frame)
    if let anchor = frame.anchor {
      anchors[anchor] = Anchor(
        node: frame.node, size: frame.size, height: frame.height, isOpen: false)
    }
    add(frame.node, size: frame.size, height: frame.height, end: frame.end)
  }

  private mutating func addAlias(_ reader: borrowing EventReader) -> Bool {
    let start = map.offset(of: reader.start)
    let end = map.offset(of: reader.end)
    guard let name = reader.anchor else { return true }
    guard let anchor = anchors[name] else {
      if goesOn(after: end) {
        failure = .init(
          problem: "", place: reader.start, context: "while scanning an alias",
          contextPlace: reader.start)
        return false
      }
      report.reservedText(
        text(start, end), at: start, end: end)
      let node = Int32(records.count)
      records.append(.init(.plain, start: start, end: end, first: pool.count, count: end - start))
      pool.append(contentsOf: original[start..<end])
      add(node, size: 1, height: 0, end: end)
      return checkNodes(at: start)
    }
    guard !anchor.isOpen else {
      report.recursiveAlias(
        name, at: start, end: end, anchor: Int(records[Int(anchor.node)].start))
      return false
    }
    expansion += anchor.size
    guard expansion <= limits.aliasExpansion else {
      report.aliasExpansion(at: start, end: end, limit: limits.aliasExpansion)
      return false
    }
    guard frames.count + anchor.height <= limits.depth else {
      report.tooDeep(at: start, limit: limits.depth)
      return false
    }
    add(anchor.node, size: anchor.size, height: anchor.height, end: end)
    return true
  }

  /// Whether more text follows on the line, so that what looks like an alias is only its beginning.
  private func goesOn(after end: Int) -> Bool {
    var next = end
    while next < bytes.count, bytes[next] == 0x20 || bytes[next] == 0x09 { next += 1 }
    guard next < bytes.count, !Self.isBreak(bytes[next]) else { return false }
    switch bytes[next] {
    case UInt8(ascii: ":"): return !isAtKey
    case UInt8(ascii: "#"): return next == end
    case let byte where Self.isFlowMark(byte): return frames.last?.isFlow != true
    default: return true
    }
  }

  /// Whether the next node is a key.
  private var isAtKey: Bool {
    guard let frame = frames.last, frame.isMapping else { return false }
    return (pending.count - frame.firstPending) % 2 == 0
  }

  private mutating func add(_ node: Int32, size: Int, height: Int, end: Int) {
    guard !frames.isEmpty else {
      root = node
      return
    }
    pending.append(node)
    let last = frames.count - 1
    frames[last].size += size
    frames[last].height = max(frames[last].height, height + 1)
    frames[last].end = max(frames[last].end, end)
  }

  private mutating func checkNodes(at offset: Int) -> Bool {
    guard records.count <= limits.nodes else {
      report.tooManyNodes(at: offset, limit: limits.nodes)
      return false
    }
    return true
  }

  /// Moves a collection's children from the pending stack into the arena.
  private mutating func finishChildren(_ frame: Frame) {
    var count = pending.count - frame.firstPending
    if frame.isMapping {
      if count % 2 == 1 {
        pending.removeLast()
        count -= 1
      }
      count = checkEntries(from: frame.firstPending, isFlow: frame.isFlow)
    }
    let first = children.count
    children.append(contentsOf: pending[frame.firstPending..<(frame.firstPending + count)])
    pending.removeSubrange(frame.firstPending...)
    let record = records[Int(frame.node)]
    records[Int(frame.node)] = .init(
      record.form, start: Int(record.start), end: Int(record.end), first: first, count: count)
  }

  // MARK: Places

  /// Where a value that was left out in brackets belongs: after the last thing, or its colon.
  private func placeOfMissing(in frame: Frame) -> (Int, Int) {
    var offset = frame.end
    while offset < bytes.count, Self.isBlank(bytes[offset]) { offset += 1 }
    if frame.isMapping, (pending.count - frame.firstPending) % 2 == 1, offset < bytes.count,
      bytes[offset] == UInt8(ascii: ":")
    {
      return (offset + 1, offset + 1)
    }
    return (frame.end, frame.end)
  }

  /// The offset after anchors and tags, and the blanks and comments behind them.
  ///
  /// A tag met on the way is reported.
  private mutating func skipProperties(from start: Int) -> Int {
    var offset = start
    while offset < bytes.count {
      switch bytes[offset] {
      case UInt8(ascii: "&"), UInt8(ascii: "!"):
        let isTag = bytes[offset] == UInt8(ascii: "!")
        let begin = offset
        while offset < bytes.count, !Self.isBlank(bytes[offset]), !Self.isFlowMark(bytes[offset]) {
          offset += 1
        }
        if isTag { report.tag(at: begin, end: offset, text: text(begin, offset)) }
      case UInt8(ascii: "#"):
        while offset < bytes.count, bytes[offset] != UInt8(ascii: "\n") { offset += 1 }
      case let byte where Self.isBlank(byte): offset += 1
      default: return offset
      }
    }
    return offset
  }

  private mutating func reportDocument(at offset: Int) {
    var end = offset
    while end < bytes.count, !Self.isBlank(bytes[end]) { end += 1 }
    report.secondDocument(at: offset, end: end)
  }

  private mutating func reportTagDirective(before end: Int) {
    var offset = 0
    while offset < end {
      let isLineStart = offset == 0 || bytes[offset - 1] == UInt8(ascii: "\n")
      if isLineStart, bytes[offset...].starts(with: "%TAG".utf8) {
        var last = offset
        while last < end, !Self.isBreak(bytes[last]) { last += 1 }
        report.directive(at: offset, end: last, text: text(offset, last))
      }
      offset += 1
    }
  }

  private func text(_ start: Int, _ end: Int) -> String {
    String(decoding: original[start..<end], as: UTF8.self)
  }

  static func isBreak(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }
  static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || isBreak(byte) }
  static func isFlowMark(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: ","), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "{"),
      UInt8(ascii: "}"):
      true
    default: false
    }
  }
}
