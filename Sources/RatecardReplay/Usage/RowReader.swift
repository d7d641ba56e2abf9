/// Reads the rows of chunks, whatever they are written as.
final class RowReader {
  private enum Rows {
    case none
    case plain(PlainCSVRows)
    case csv(CSVRows)
    case json
  }

  private let columns: UsageColumns
  private var rows = Rows.none
  /// What is known of how lines are put together stays from chunk to chunk.
  private var json: JSONRows?
  private var isForeign = false

  init(_ columns: UsageColumns) { self.columns = columns }

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
    case .plain(let plain): plain.fill(batch)
    case .csv(var csv):
      rows = .none
      csv.fill(batch)
      rows = .csv(csv)
    case .json: json?.fill(batch)
    }
    if isForeign { batch.checkTexts(columns) }
    return batch.count > 0
  }
}
