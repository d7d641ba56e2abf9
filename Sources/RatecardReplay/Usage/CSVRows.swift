internal import Glibc

/// Reads the rows of a chunk of any CSV, byte by byte where there are quotes.
///
/// What a field says is put together where it stands: doubled quotes make it shorter, never longer.
struct CSVRows {
  // SAFETY: `bytes` are the chunk's, which nobody else looks at; nothing past `end` is touched.
  private let bytes: UnsafeMutablePointer<UInt8>
  private let end: Int
  private let header: CSVHeader
  private var fields: [Range<Int>] = []
  private var place: Int
  private var line: Int

  init(_ chunk: Chunk, _ header: CSVHeader) {
    self.header = header
    (bytes, end, place, line) = (chunk.bytes, chunk.count, chunk.start, chunk.firstLine)
  }

  /// How a row of the wrong length is refused.
  static func wrongCount(_ found: Int, _ wanted: Int) -> String {
    "the row has \(found) \(found == 1 ? "field" : "fields"), and the first one names \(wanted)"
  }

  /// The names in the row that a file begins with.
  static func names(
    _ bytes: UnsafePointer<UInt8>, _ start: Int, _ end: Int, _ source: String, line: Int
  ) throws(UsageFailure) -> [String] {
    let copy = Chunk(capacity: end - start + 1)
    copy.append(UnsafeBufferPointer(start: bytes + start, count: end - start))
    copy.seal(at: end - start)
    var rows = CSVRows(copy.bytes, copy.count)
    guard rows.readRow() else { throw .openHeader(source: source, line: line) }
    return rows.fields.map { range in
      String(
        decoding: UnsafeBufferPointer(
          rebasing: UnsafeBufferPointer(
            start: copy.bytes, count: copy.count)[range]), as: UTF8.self)
    }
  }

  private init(_ bytes: UnsafeMutablePointer<UInt8>, _ end: Int) {
    (self.bytes, self.end, place, line) = (bytes, end, 0, 1)
    header = CSVHeader.none
  }

  /// Adds rows to a batch, until it is full or there are no more.
  mutating func fill(_ batch: RowBatch) {
    var count = 0
    defer { batch.count = count }
    while count < RowBatch.capacity, place < end {
      let (first, start) = (line, place)
      guard readRow() else {
        batch.setFault(
          count, "the quote that begins a field here has no end", line: first, bytes)
        count += 1
        place = end
        return
      }
      if fields.count == header.count, header.count > 1 || !fields[0].isEmpty || isQuoted(start) {
        add(batch, count, first)
        count += 1
      } else if fields.count > 1 || !fields[0].isEmpty || isQuoted(start) {
        batch.setFault(
          count, Self.wrongCount(fields.count, header.count), line: first, bytes)
        count += 1
      }
    }
  }

  /// Whether a row that says nothing says so between quotes.
  private func isQuoted(_ start: Int) -> Bool { bytes[start] == CSVScan.quote }

  private func add(_ batch: RowBatch, _ place: Int, _ line: Int) {
    let row = batch.row(place)
    for (column, source) in header.places.enumerated() {
      guard source >= 0, !fields[source].isEmpty else {
        row[column] = .absent(bytes)
        continue
      }
      row[column] = Field(
        start: bytes + fields[source].lowerBound, count: Int32(fields[source].count), form: .cell)
    }
    batch.lines[place] = line
  }

  /// Reads the next row into `fields`; false: a quote has no end.
  private mutating func readRow() -> Bool {
    fields.removeAll(keepingCapacity: true)
    while true {
      let start = place
      var written = place
      if place < end, bytes[place] == CSVScan.quote, !readQuoted(&written) { return false }
      let from = place
      while place < end, bytes[place] != CSVScan.comma, bytes[place] != CSVScan.newline,
        bytes[place] != CSVScan.carriage
      { place += 1 }
      if written < from {
        memmove(bytes + written, bytes + from, place - from)
      }
      fields.append(start..<written + place - from)
      guard place < end, bytes[place] == CSVScan.comma else { break }
      place += 1
    }
    if place < end { place = afterBreak(place) }
    line += 1
    return true
  }

  /// Reads what stands between quotes, and writes what it means from `written` on.
  private mutating func readQuoted(_ written: inout Int) -> Bool {
    place += 1
    while let found = CSVScan.find(CSVScan.quote, bytes, place, end) {
      countLines(place, found)
      let count = found - place
      memmove(bytes + written, bytes + place, count)
      written += count
      place = found + 1
      guard place < end, bytes[place] == CSVScan.quote else { return true }
      bytes[written] = CSVScan.quote
      written += 1
      place += 1
    }
    return false
  }

  private mutating func countLines(_ start: Int, _ end: Int) {
    for place in start..<end {
      if bytes[place] == CSVScan.newline { line += 1 }
      if bytes[place] == CSVScan.carriage, bytes[place + 1] != CSVScan.newline { line += 1 }
    }
  }

  private func afterBreak(_ place: Int) -> Int {
    bytes[place] == CSVScan.carriage && place + 1 < end && bytes[place + 1] == CSVScan.newline
      ? place + 2 : place + 1
  }
}
