internal import RatecardJSON

/// Reads the rows of JSON Lines: an object a line, each strict JSON.
///
/// A name that stands for a value within an object is written with points, `usage.input`.
struct JSONRows {
  /// How many shapes are remembered.
  private static let shapeLimit = 4

  // SAFETY: `bytes` are the chunk's, sealed: the last line ends with a line feed, and from any place
  // before the end as many bytes as a gap may have can be read. Only the texts of strings with escapes
  // are written, where they stand.
  private var bytes: UnsafeMutablePointer<UInt8>
  private var end = 0
  private var place = 0
  private var line = 1
  private let names: JSONNames
  private var shapes: [JSONShape] = []
  private var recent = 0
  private var nextShape = 0

  init(_ columns: UsageColumns, _ chunk: Chunk) {
    names = JSONNames(columns)
    bytes = chunk.bytes
  }

  /// Goes on with another chunk.
  mutating func begin(_ chunk: Chunk) {
    (bytes, end, place, line) = (chunk.bytes, chunk.count, chunk.start, chunk.firstLine)
  }

  /// Adds rows to a batch, until it is full or there are no more.
  mutating func fill(_ batch: RowBatch) {
    var count = 0
    defer { batch.count = count }
    while count < RowBatch.capacity, place < end {
      if readQuickly(batch, count) {
        count &+= 1
        continue
      }
      let rest = UnsafeBufferPointer(start: bytes + place, count: end - place)
      let length = rest.firstIndex(of: UInt8(ascii: "\n")) ?? rest.count
      if read(UnsafeBufferPointer(rebasing: rest[..<length]), batch, count) { count += 1 }
      place += length + 1
      line += 1
    }
  }

  // MARK: - Lines like others

  private mutating func readQuickly(_ batch: RowBatch, _ row: Int) -> Bool {
    guard !shapes.isEmpty else { return false }
    if let next = end(of: shapes[recent], batch.row(row)) { return take(next, batch, row) }
    for other in shapes.indices where other != recent {
      guard let next = end(of: shapes[other], batch.row(row)) else { continue }
      recent = other
      return take(next, batch, row)
    }
    return false
  }

  @inline(__always)
  private mutating func take(_ next: Int, _ batch: RowBatch, _ row: Int) -> Bool {
    batch.lines[row] = line
    line &+= 1
    place = next
    return true
  }

  /// Reads a line of a shape; the start of the next one, or nil where the line is of another.
  private func end(of shape: borrowing JSONShape, _ row: UnsafeMutablePointer<Field>) -> Int? {
    let last = UnsafePointer(bytes + end)
    var next = UnsafePointer(bytes + place)
    let isAlike = shape.steps.withUnsafeBufferPointer { steps in
      shape.words.withUnsafeBufferPointer { words in
        for step in steps {
          let gap = UnsafeRawPointer(next)
          for word in 0..<step.wordCount {
            let (bits, mask) = words[step.firstWord &+ word]
            let found = UInt64(
              littleEndian: gap.loadUnaligned(fromByteOffset: 8 &* word, as: UInt64.self))
            if (found ^ bits) & mask != 0 { return false }
          }
          next += step.length
          guard next < last, let field = Self.value(&next, last) else { return false }
          if step.column >= 0 { row[step.column] = field }
        }
        return true
      }
    }
    guard isAlike, next < last, next.pointee == UInt8(ascii: "}") else { return nil }
    next += 1
    while next.pointee == UInt8(ascii: " ") || next.pointee == UInt8(ascii: "\r") { next += 1 }
    guard next.pointee == UInt8(ascii: "\n") else { return nil }
    for column in shape.missing { row[column] = .absent(next) }
    return next + 1 - UnsafePointer(bytes)
  }

  /// Reads a value that is no object or array and has no escapes; nil: it is something else.
  @inline(__always)
  private static func value(
    _ place: inout UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>
  ) -> Field? {
    let start = place
    switch start.pointee {
    case UInt8(ascii: "\""):
      guard let quote = JSONRun.afterString(start + 1, end) else { return nil }
      place = quote + 1
      return Field(
        start: start + 1, count: Int32(truncatingIfNeeded: quote - start - 1), form: .string)
    case UInt8(ascii: "t"): return word("true", .yes, &place)
    case UInt8(ascii: "f"): return word("false", .no, &place)
    case UInt8(ascii: "n"): return word("null", .absent, &place)
    default:
      if start.pointee == UInt8(ascii: "-") { place += 1 }
      let first = place
      while isDigit(place.pointee) { place += 1 }
      guard place > first, first.pointee != UInt8(ascii: "0") || place == first + 1 else {
        return nil
      }
      if place.pointee == UInt8(ascii: ".") || place.pointee | 0x20 == UInt8(ascii: "e") {
        guard skipFraction(&place) else { return nil }
      }
      return Field(
        start: start, count: Int32(truncatingIfNeeded: place - start), form: .number)
    }
  }

  @inline(__always)
  private static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") <= 9 }

  @inline(__always)
  private static func word(
    _ word: StaticString, _ form: Field.Form, _ place: inout UnsafePointer<UInt8>
  ) -> Field? {
    for index in 0..<word.utf8CodeUnitCount where place[index] != word.utf8Start[index] {
      return nil
    }
    place += word.utf8CodeUnitCount
    return Field(start: place, count: 0, form: form)
  }

  /// Steps over the fraction and the exponent of a number; false: it is none.
  @inline(never)
  private static func skipFraction(_ place: inout UnsafePointer<UInt8>) -> Bool {
    if place.pointee == UInt8(ascii: ".") {
      place += 1
      guard isDigit(place.pointee) else { return false }
      while isDigit(place.pointee) { place += 1 }
    }
    if place.pointee | 0x20 == UInt8(ascii: "e") {
      place += 1
      if place.pointee == UInt8(ascii: "-") || place.pointee == UInt8(ascii: "+") { place += 1 }
      guard isDigit(place.pointee) else { return false }
      while isDigit(place.pointee) { place += 1 }
    }
    return true
  }

  // MARK: - Any line

  /// Puts a line in a place; false: it is empty.
  private mutating func read(
    _ text: UnsafeBufferPointer<UInt8>, _ batch: RowBatch, _ place: Int
  ) -> Bool {
    var reading = JSONLineReading(text, bytes + self.place, names)
    do throws(JSONFailure) {
      guard let first = try reading.begin() else { return false }
      guard first == .beginObject else {
        batch.setFault(place, "a row is a JSON object", line: line, bytes)
        return true
      }
      let row = batch.row(place)
      for column in 0..<batch.width { row[column] = .absent(bytes) }
      try reading.readMembers(into: row)
    } catch {
      batch.setFault(place, "the row is not JSON: \(error)", line: line, bytes)
      return true
    }
    // A shape without a value would take any line that only ends like an object.
    if let shape = reading.shape, !shape.steps.isEmpty { remember(shape) }
    batch.lines[place] = line
    return true
  }

  private mutating func remember(_ shape: JSONShape) {
    if shapes.count < Self.shapeLimit {
      recent = shapes.count
      shapes.append(shape)
    } else {
      recent = nextShape
      shapes[nextShape] = shape
      nextShape = (nextShape + 1) % Self.shapeLimit
    }
  }
}
