internal import Glibc

/// Finds where rows of CSV end.
///
/// A row ends with a line feed, a carriage return, or both; not so within a field that begins with a
/// quote, which goes on to the next quote that is not doubled. What follows that quote belongs to the
/// field, and a quote within another field means itself: so does Python's `csv` read.
enum CSVScan {
  typealias Bytes = UnsafePointer<UInt8>

  static let comma = UInt8(ascii: ",")
  static let quote = UInt8(ascii: "\"")
  static let newline = UInt8(ascii: "\n")
  static let carriage = UInt8(ascii: "\r")

  /// Where the last whole row ends, the break behind it included; nil: none does.
  ///
  /// A row begins at `start`. With `isFirst` it is the end of the first row that is asked for.
  static func rowEnd(_ bytes: Bytes, _ start: Int, _ count: Int, isFirst: Bool = false) -> Int? {
    var place = start
    var last: Int?
    while place < count {
      let next = find(quote, bytes, place, count) ?? count
      let end =
        isFirst ? firstBreak(bytes, place, next, count) : lastBreak(bytes, place, next, count)
      if let end {
        last = end
        if isFirst { return end }
      }
      guard next < count else { break }
      guard next == start || isBoundary(bytes[next - 1]) else {
        place = next + 1
        continue
      }
      guard let closing = closingQuote(bytes, next + 1, count) else { break }
      place = closing + 1
    }
    return last
  }

  /// The quote that ends a field, whose text begins at `start`; nil: none does.
  ///
  /// A quote that is the last byte might be the first of two.
  private static func closingQuote(_ bytes: Bytes, _ start: Int, _ count: Int) -> Int? {
    var place = start
    while let found = find(quote, bytes, place, count), found + 1 < count {
      if bytes[found + 1] != quote { return found }
      place = found + 2
    }
    return nil
  }

  private static func isBoundary(_ byte: UInt8) -> Bool {
    byte == comma || byte == newline || byte == carriage
  }

  /// The end of the first line that ends before `end`.
  private static func firstBreak(_ bytes: Bytes, _ start: Int, _ end: Int, _ count: Int) -> Int? {
    let feed = find(newline, bytes, start, end)
    guard let carriage = find(carriage, bytes, start, feed ?? end), carriage + 1 < count else {
      return feed.map { $0 + 1 }
    }
    return bytes[carriage + 1] == newline ? carriage + 2 : carriage + 1
  }

  /// The end of the last line that ends before `end`.
  private static func lastBreak(_ bytes: Bytes, _ start: Int, _ end: Int, _ count: Int) -> Int? {
    var place = end
    while place > start {
      place -= 1
      if bytes[place] == newline { return place + 1 }
      // A carriage return at the very end may belong to a line feed that is still to come.
      if bytes[place] == carriage, place + 1 < count { return place + 1 }
    }
    return nil
  }

  static func find(_ byte: UInt8, _ bytes: Bytes, _ start: Int, _ end: Int) -> Int? {
    guard start < end, let found = memchr(bytes + start, Int32(byte), end - start) else {
      return nil
    }
    return UnsafeRawPointer(found) - UnsafeRawPointer(bytes)
  }
}
