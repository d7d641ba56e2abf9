internal import CBytes

/// Reads the rows of a chunk of plain CSV: what stands between commas and line feeds.
///
/// Of the columns that the header does not have it writes none: the batch was prepared for that.
final class PlainCSVRows {
  // SAFETY: `bytes` are the chunk's, sealed: the last row ends with a line feed, and 64 bytes may be
  // read from any place before the end. `ends` has room for one place more than a row has columns,
  // and is this reader's own.
  let bytes: UnsafePointer<UInt8>
  private let end: Int
  let header: CSVHeader
  private let ends: UnsafeMutablePointer<Int32>

  /// The mask of commas and line feeds from `block` on that are still to be looked at.
  private var mask: UInt64 = 0
  private var block = 0
  private var rowStart = 0
  private var line: Int

  init(_ chunk: Chunk, _ header: CSVHeader) {
    self.header = header
    (bytes, end, line) = (UnsafePointer(chunk.bytes), chunk.count, chunk.firstLine)
    ends = .allocate(capacity: header.count + 1)
    ends.initialize(repeating: 0, count: header.count + 1)
    (block, rowStart) = (chunk.start - 64, chunk.start)
  }

  deinit { ends.deallocate() }

  /// Adds rows to a batch, until it is full or there are no more.
  func fill(_ batch: RowBatch) {
    let (bytes, end, ends, limit) = (bytes, end, ends, header.count)
    var (mask, block, rowStart, line) = (mask, block, rowStart, line)
    let count = header.present.withUnsafeBufferPointer { present in
      var (found, count) = (0, 0)
      rows: while count < RowBatch.capacity {
        while mask == 0 {
          block &+= 64
          if block >= end { break rows }
          mask = ratecard_either64(bytes + block, CSVScan.comma, CSVScan.newline)
        }
        let place = block &+ mask.trailingZeroBitCount
        mask &= mask &- 1
        ends[found < limit ? found : limit] = Int32(truncatingIfNeeded: place)
        found &+= 1
        if bytes[place] != CSVScan.newline { continue }
        let isAdded =
          found == limit
          ? add(batch, count, ends, present, rowStart, line)
          : addOdd(batch, count, found, rowStart, place, line)
        if isAdded { count &+= 1 }
        found = 0
        line &+= 1
        rowStart = place &+ 1
      }
      return count
    }
    batch.count = count
    (self.mask, self.block, self.rowStart, self.line) = (mask, block, rowStart, line)
  }

  /// Puts a row in a place; false: it is an empty line.
  @inline(__always)
  private func add(
    _ batch: RowBatch, _ row: Int, _ ends: UnsafeMutablePointer<Int32>,
    _ present: UnsafeBufferPointer<(column: Int, place: Int)>, _ rowStart: Int, _ line: Int
  ) -> Bool {
    let last = header.count &- 1
    let rowEnd = Int(ends[last])
    if rowEnd > rowStart, bytes[rowEnd &- 1] == CSVScan.carriage { ends[last] &-= 1 }
    // A line with nothing in it is no row of one empty cell.
    if last == 0, Int(ends[0]) == rowStart { return false }
    let fields = batch.row(row)
    for (column, place) in present {
      let start = place == 0 ? rowStart : Int(ends[place &- 1]) &+ 1
      let count = Int(ends[place]) &- start
      fields[column] = Field(
        start: bytes + start, count: Int32(truncatingIfNeeded: count),
        form: count == 0 ? .absent : .cell)
    }
    batch.lines[row] = line
    return true
  }

  @inline(never)
  private func addOdd(
    _ batch: RowBatch, _ row: Int, _ found: Int, _ rowStart: Int, _ place: Int, _ line: Int
  ) -> Bool {
    let isEmpty =
      place == rowStart || place == rowStart + 1 && bytes[rowStart] == CSVScan.carriage
    if isEmpty { return false }
    batch.setFault(row, CSVRows.wrongCount(found, header.count), line: line, bytes)
    return true
  }
}
