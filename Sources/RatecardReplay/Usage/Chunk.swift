internal import CBytes

/// A stretch of usage that begins and ends with rows, as large as one worker takes at a time.
final class Chunk {
  /// How its rows are written.
  enum Form {
    /// CSV in which no quote stands, and no carriage return alone: commas and line feeds say it all.
    case plainCSV(CSVHeader)
    /// Any CSV.
    case csv(CSVHeader)
    /// JSON Lines.
    case jsonLines
  }

  /// How many bytes behind the last may be read: what looks at many bytes at once needs not stop.
  static let padding = 128

  // SAFETY: the memory is this object's own: `capacity` bytes and the padding, of which the first
  // `count` are what was read, and those behind them 0 once it is sealed.
  private(set) var bytes: UnsafeMutablePointer<UInt8>
  private var capacity: Int
  /// Where the rows begin.
  var start = 0
  /// Where they end.
  private(set) var count = 0
  /// The place among all chunks.
  var sequence = 0
  /// The place of the source among all.
  var source = 0
  /// The line of its first row.
  var firstLine = 1
  /// How its rows are written.
  var form = Form.jsonLines
  /// Whether there are bytes beyond ASCII.
  var isForeign = false

  init(capacity: Int) {
    self.capacity = capacity
    bytes = .allocate(capacity: capacity + Chunk.padding)
    bytes.initialize(repeating: 0, count: capacity + Chunk.padding)
  }

  deinit { bytes.deallocate() }

  /// Forgets what it holds.
  func clear() { (start, count) = (0, 0) }

  /// Adds bytes.
  func append(_ more: UnsafeBufferPointer<UInt8>) {
    reserve(count + more.count)
    if let first = more.baseAddress { (bytes + count).update(from: first, count: more.count) }
    count += more.count
  }

  /// Adds what is read, up to so many bytes in all; false: there is nothing more.
  func append(upTo limit: Int, from reader: inout ByteReader) throws(UsageFailure) -> Bool {
    reserve(limit)
    let room = UnsafeMutableRawBufferPointer(start: bytes + count, count: capacity - count)
    let read = try reader.read(into: room)
    count += read
    return read > 0
  }

  /// Ends the rows, the last of them with a line feed.
  func seal(at end: Int) {
    reserve(end + 1)
    count = end
    if end > start, bytes[end - 1] != UInt8(ascii: "\n") {
      bytes[end] = UInt8(ascii: "\n")
      count += 1
    }
    (bytes + count).update(repeating: 0, count: Chunk.padding)
  }

  private func reserve(_ wanted: Int) {
    guard wanted > capacity else { return }
    let room = UnsafeMutablePointer<UInt8>.allocate(capacity: wanted + Chunk.padding)
    room.initialize(repeating: 0, count: wanted + Chunk.padding)
    room.update(from: bytes, count: count)
    bytes.deallocate()
    bytes = room
    capacity = wanted
  }
}
