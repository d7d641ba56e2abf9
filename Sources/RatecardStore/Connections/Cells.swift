internal import RatecardValues

/// Rows of values, flat: what goes into the executions of a statement, and what comes back.
struct Cells {
  enum Kind: UInt8 { case null, integer, text, bytes }

  struct Cell {
    let kind: Kind
    /// How many bytes a text or bytes have.
    let count: Int32
    /// The integer, or where the bytes begin.
    let value: Int64
  }

  /// How many cells a row has.
  let columns: Int
  private(set) var cells: [Cell] = []
  /// The bytes of all texts, with a 0 behind each.
  private(set) var bytes: [UInt8] = []
  /// Of an answer, the execution that each row comes from.
  private(set) var executions: [Int32] = []

  init(columns: Int) { self.columns = columns }

  /// How many rows there are.
  var count: Int { columns == 0 ? executions.count : cells.count / columns }

  var isEmpty: Bool { count == 0 }

  /// Says that the row that was just added comes from an execution.
  mutating func endRow(of execution: Int) { executions.append(Int32(execution)) }

  mutating func reserve(rows: Int, bytesPerRow: Int) {
    cells.reserveCapacity(rows * columns)
    bytes.reserveCapacity(rows * bytesPerRow)
  }

  mutating func null() { cells.append(Cell(kind: .null, count: 0, value: 0)) }

  mutating func integer(_ value: Int64) {
    cells.append(Cell(kind: .integer, count: 0, value: value))
  }

  mutating func flag(_ value: Bool) { integer(value ? 1 : 0) }

  /// An instant that `Limits` has let pass.
  mutating func instant(_ value: Instant) { integer(Int64(clamping: value.nanoseconds)) }

  mutating func instant(_ value: Instant?) {
    if let value { instant(value) } else { null() }
  }

  mutating func text(_ value: String) {
    let start = bytes.count
    var value = value
    value.withUTF8 { bytes.append(contentsOf: $0) }
    endText(from: start)
  }

  mutating func text(_ value: String?) {
    if let value { text(value) } else { null() }
  }

  mutating func text(_ value: UnsafeBufferPointer<UInt8>) {
    let start = bytes.count
    bytes.append(contentsOf: value)
    endText(from: start)
  }

  mutating func number(_ value: Number) {
    let start = bytes.count
    value.write(to: &bytes)
    endText(from: start)
  }

  mutating func number(_ value: Number?) {
    if let value { number(value) } else { null() }
  }

  private mutating func endText(from start: Int) {
    cells.append(
      Cell(kind: .text, count: Int32(bytes.count - start), value: Int64(start)))
    bytes.append(0)
  }

  mutating func blob(_ value: some Collection<UInt8>) {
    cells.append(Cell(kind: .bytes, count: Int32(value.count), value: Int64(bytes.count)))
    bytes.append(contentsOf: value)
  }
}

/// Reads the cells of a row of an answer, from left to right.
///
/// A cell that is not of the kind asked for means that the tables were changed by other hands.
struct Row {
  private let cells: Cells
  private var next: Int

  init(_ cells: Cells, _ index: Int) {
    self.cells = cells
    next = index * cells.columns
  }

  mutating func isNull() -> Bool { cells.cells[next].kind == .null }

  mutating func skip() { next += 1 }

  mutating func integer() throws(StoreFailure.Reason) -> Int64 {
    let cell = take()
    guard cell.kind == .integer else { throw damaged("an integer") }
    return cell.value
  }

  mutating func flag() throws(StoreFailure.Reason) -> Bool { try integer() != 0 }

  mutating func instant() throws(StoreFailure.Reason) -> Instant {
    guard let instant = Instant(nanoseconds: Int128(try integer())) else {
      throw damaged("a time")
    }
    return instant
  }

  mutating func optionalInstant() throws(StoreFailure.Reason) -> Instant? {
    if isNull() {
      next += 1
      return nil
    }
    return try instant()
  }

  mutating func text() throws(StoreFailure.Reason) -> String {
    let cell = take()
    guard cell.kind == .text else { throw damaged("a text") }
    let start = Int(cell.value)
    return cells.bytes.withUnsafeBufferPointer {
      String(decoding: $0[start..<start + Int(cell.count)], as: UTF8.self)
    }
  }

  mutating func optionalText() throws(StoreFailure.Reason) -> String? {
    if isNull() {
      next += 1
      return nil
    }
    return try text()
  }

  mutating func number() throws(StoreFailure.Reason) -> Number {
    let cell = take()
    guard cell.kind == .text else { throw damaged("a number") }
    let start = Int(cell.value)
    let number = cells.bytes.withUnsafeBufferPointer { bytes in
      try? Number(
        parsing: UnsafeBufferPointer(rebasing: bytes[start..<start + Int(cell.count)]),
        signed: true)
    }
    guard let number else { throw damaged("a number") }
    return number
  }

  mutating func optionalNumber() throws(StoreFailure.Reason) -> Number? {
    if isNull() {
      next += 1
      return nil
    }
    return try number()
  }

  mutating func blob() throws(StoreFailure.Reason) -> [UInt8] {
    let cell = take()
    guard cell.kind == .bytes else { throw damaged("bytes") }
    let start = Int(cell.value)
    return Array(cells.bytes[start..<start + Int(cell.count)])
  }

  private mutating func take() -> Cells.Cell {
    defer { next += 1 }
    return cells.cells[next]
  }

  private func damaged(_ expected: String) -> StoreFailure.Reason {
    .corrupt("a column holds something other than \(expected)")
  }
}
