/// Reads the rows of chunks, whatever they are written as.
final class RowReader {
  private enum Rows {
    case none
    case plain(PlainCSVRows)
    case csv(CSVRows)
    case json
  }

  private let columns: UsageColumns
  /// What stands in a column of rows that say nothing there.
  private let constants: [(column: Int, field: Field)]
  // SAFETY: the memory is this object's own, with bytes behind each text that may be read as well.
  private let texts: [UnsafeMutablePointer<UInt8>]
  private var rows = Rows.none
  /// What is known of how lines are put together stays from chunk to chunk.
  private var json: JSONRows?
  private var isForeign = false

  init(_ columns: UsageColumns) {
    self.columns = columns
    var constants: [(column: Int, field: Field)] = []
    var texts: [UnsafeMutablePointer<UInt8>] = []
    for (column, text) in columns.constants {
      let bytes = Array(text.utf8)
      let start = UnsafeMutablePointer<UInt8>.allocate(capacity: bytes.count + Chunk.padding)
      start.initialize(repeating: 0, count: bytes.count + Chunk.padding)
      start.update(from: bytes, count: bytes.count)
      texts.append(start)
      let field = Field(start: UnsafePointer(start), count: Int32(bytes.count), form: .cell)
      constants.append((column, field))
    }
    (self.constants, self.texts) = (constants, texts)
  }

  deinit { for text in texts { text.deallocate() } }

  /// Goes on with a chunk.
  func begin(_ chunk: Chunk) {
    isForeign = chunk.isForeign
    switch chunk.form {
    case .plainCSV(let header): rows = .plain(PlainCSVRows(chunk, header))
    case .csv(let header): rows = .csv(CSVRows(chunk, header))
    case .jsonLines:
      rows = .json
      if json == nil { json = JSONRows(columns, chunk) }
      json?.begin(chunk)
    }
  }

  /// Replaces what a batch holds by the next rows; false: there are no more.
  func fill(_ batch: RowBatch) -> Bool {
    batch.clear()
    switch rows {
    case .none: break
    case .plain(let plain):
      batch.prepare(for: plain.header, constants, plain.bytes)
      plain.fill(batch)
    case .csv(var csv):
      batch.prepare()
      rows = .none
      csv.fill(batch)
      rows = .csv(csv)
    case .json:
      batch.prepare()
      json?.fill(batch)
    }
    if isForeign { batch.checkTexts(columns) }
    for (column, field) in constants {
      for row in 0..<batch.count where batch.row(row)[column].form == .absent {
        batch.row(row)[column] = field
      }
    }
    return batch.count > 0
  }
}
