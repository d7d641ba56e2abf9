import Foundation

@testable import RatecardReplay

/// The rows of a log, read in chunks of any size.
struct ReadRows: Equatable {
  /// A row, and where it begins; without fields it is none, and the message says why.
  struct Row: Equatable, CustomStringConvertible {
    let line: Int
    var fields: [String?]?
    var message: String?

    var description: String {
      "\(line): \(fields.map { "\($0.map { $0 ?? "∅" })" } ?? "(\(message ?? ""))")"
    }
  }

  private(set) var rows: [Row] = []
  private(set) var failure: UsageFailure?

  init(
    _ bytes: [UInt8], columns: [String], chunkSize: Int = UsageInput.chunkSize,
    rowLimit: Int = UsageInput.rowLimit, pieces: Int = .max
  ) {
    let columns = UsageColumns(attributes: columns, map: [], groups: [])
    let input = UsageInput(
      [UsageSource(bytes, pieces: pieces)], columns, chunkSize: chunkSize, rowLimit: rowLimit)
    let (chunk, batch) = (Chunk(capacity: chunkSize), RowBatch(width: columns.all.count))
    let reader = RowReader(columns)
    do throws(UsageFailure) {
      while try input.next(chunk) {
        reader.begin(chunk)
        while reader.fill(batch) {
          var faults = batch.faults[...]
          for row in 0..<batch.count {
            if faults.first?.row == row {
              rows.append(Row(line: batch.lines[row], message: faults.removeFirst().message))
              continue
            }
            let fields = (0..<batch.width).map { Self.text(batch.row(row)[$0]) }
            rows.append(Row(line: batch.lines[row], fields: fields))
          }
        }
      }
    } catch {
      failure = error
    }
  }

  /// The fields without what says how they were written.
  private static func text(_ field: Field) -> String? {
    switch field.form {
    case .absent: nil
    case .cell, .string: String(decoding: field.bytes, as: UTF8.self)
    case .number: "#" + String(decoding: field.bytes, as: UTF8.self)
    case .yes: "#true"
    case .no: "#false"
    case .nested: "#nested"
    }
  }
}

extension UsageSource {
  /// A source of bytes that are at hand, handed out in pieces.
  init(_ bytes: [UInt8], name: String = "log", pieces: Int = .max) {
    var rest = bytes[...]
    self.init(name: name) { buffer in
      let part = rest.prefix(min(buffer.count, pieces))
      rest = rest.dropFirst(part.count)
      buffer.copyBytes(from: part)
      return part.count
    }
  }
}
