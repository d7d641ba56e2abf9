internal import Ratecard
internal import RatecardJSON
internal import RatecardModel
internal import RatecardValues

/// How what each row comes to is written.
public enum RowFormat: Sendable {
  /// CSV.
  case csv
  /// JSON Lines.
  case jsonLines
}

/// Writes a line for each row: where it stands, what it is grouped by, and what it comes to.
struct RowLines {
  private let format: RowFormat
  private let sources: [String]
  private let columns: UsageColumns
  private let card: RateCard
  private let decimals: Int
  private let compares: Bool
  private var json = JSONWriter()
  /// What was written since it was emptied.
  private(set) var bytes: [UInt8] = []

  init(
    _ format: RowFormat, _ sources: [String], _ columns: UsageColumns, _ card: RateCard,
    decimals: Int, compares: Bool
  ) {
    (self.format, self.sources, self.columns, self.card) = (format, sources, columns, card)
    (self.decimals, self.compares) = (decimals, compares)
  }

  /// The names of the columns.
  mutating func writeHeader() {
    guard format == .csv else { return }
    let names =
      (sources.count > 1 ? ["file"] : []) + ["line"] + columns.groupNames + ["credits", "rule"]
      + ["denied", "error"] + (compares ? ["before", "change"] : [])
    for (index, name) in names.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      cell(Array(name.utf8))
    }
    bytes.append(UInt8(ascii: "\n"))
  }

  /// Forgets what was written.
  mutating func empty() { bytes.removeAll(keepingCapacity: true) }

  /// Writes the rows of a batch.
  mutating func add(_ batch: RowBatch, _ pricer: RowPricer, _ old: RowPricer?, source: Int) {
    var error = 0
    for row in 0..<batch.count {
      var failure: RequestError?
      if error < pricer.errors.count, pricer.errors[error].row == row {
        failure = pricer.errors[error].error
        error += 1
      }
      let line = Line(
        source: source, line: batch.lines[row], price: pricer.prices[row], failure: failure,
        before: old.map { $0.prices[row] })
      switch format {
      case .csv: writeCSV(line, batch.row(row))
      case .jsonLines: writeJSON(line, batch.row(row))
      }
    }
  }

  private struct Line {
    let source: Int
    let line: Int
    let price: RowPrice
    let failure: RequestError?
    let before: RowPrice?

    /// How much more the row comes to than before, where both cards answer.
    var change: Int128? {
      guard let before, before.kind != .failed, price.kind != .failed else { return nil }
      return price.units - before.units
    }
  }

  private func amount(_ units: Int128) -> Number {
    Number(significand: units, exponent: -decimals) ?? .zero
  }

  private func refusal(_ price: RowPrice) -> String? {
    guard price.kind == .denied, price.rule >= 0 else { return nil }
    guard case .deny(let text) = card.model.costs[Int(price.rule)].outcome else { return nil }
    return text.string
  }

  private mutating func writeCSV(_ line: Line, _ row: UnsafeMutablePointer<Field>) {
    if sources.count > 1 {
      cell(Array(sources[line.source].utf8))
      bytes.append(UInt8(ascii: ","))
    }
    bytes.append(contentsOf: String(line.line).utf8)
    for column in columns.groups {
      bytes.append(UInt8(ascii: ","))
      cell(Array(row[column].spelling))
    }
    bytes.append(UInt8(ascii: ","))
    if line.price.kind == .priced { amount(line.price.units).write(to: &bytes) }
    let rule = line.price.rule >= 0 ? card.model.costs[Int(line.price.rule)].name : ""
    for text in [rule, refusal(line.price) ?? "", line.failure?.message ?? ""] {
      bytes.append(UInt8(ascii: ","))
      cell(Array(text.utf8))
    }
    if compares {
      bytes.append(UInt8(ascii: ","))
      if let before = line.before, before.kind == .priced { amount(before.units).write(to: &bytes) }
      bytes.append(UInt8(ascii: ","))
      if let change = line.change { amount(change).write(to: &bytes) }
    }
    bytes.append(UInt8(ascii: "\n"))
  }

  /// Writes a cell, between quotes where it must be.
  private mutating func cell(_ text: [UInt8]) {
    let special: Set<UInt8> = [CSVScan.comma, CSVScan.quote, CSVScan.newline, CSVScan.carriage]
    guard text.contains(where: special.contains) else {
      bytes.append(contentsOf: text)
      return
    }
    bytes.append(CSVScan.quote)
    for byte in text {
      if byte == CSVScan.quote { bytes.append(byte) }
      bytes.append(byte)
    }
    bytes.append(CSVScan.quote)
  }

  private mutating func writeJSON(_ line: Line, _ row: UnsafeMutablePointer<Field>) {
    json.restart()
    json.beginObject()
    if sources.count > 1 { json.member("file", sources[line.source]) }
    json.member("line", line.line)
    if !columns.groups.isEmpty {
      json.key("by")
      json.beginObject()
      for (name, column) in zip(columns.groupNames, columns.groups) {
        json.key(name)
        if row[column].form == .absent {
          json.null()
        } else {
          json.string(String(decoding: row[column].spelling, as: UTF8.self))
        }
      }
      json.endObject()
    }
    if line.price.kind == .priced { json.member("credits", amount(line.price.units).description) }
    if line.price.rule >= 0 { json.member("rule", card.model.costs[Int(line.price.rule)].name) }
    if let refusal = refusal(line.price) { json.member("denied", refusal) }
    if let failure = line.failure {
      json.key("error")
      json.beginObject()
      json.member("code", failure.code.rawValue)
      json.member("message", failure.message)
      json.endObject()
    }
    if let before = line.before, before.kind == .priced {
      json.member("before", amount(before.units).description)
    }
    if let change = line.change { json.member("change", amount(change).description) }
    json.endObject()
    bytes.append(contentsOf: json.bytes)
    bytes.append(UInt8(ascii: "\n"))
  }
}

extension Field {
  /// The value as it is written, escapes resolved.
  fileprivate var spelling: [UInt8] {
    switch form {
    case .absent: []
    case .cell, .string, .number: Array(bytes)
    case .yes: Array("true".utf8)
    case .no: Array("false".utf8)
    case .nested: Array("…".utf8)
    }
  }
}
