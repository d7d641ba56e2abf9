/// Tells times that are written plainly, `2026-11-01T09:30:00Z`, on the date of one before.
///
/// Logs are written as time goes by, so most rows have the date of the row before: only what stands
/// behind it is looked at. What is not told here may be a time all the same.
struct PlainTime {
  /// The first eight bytes of the date, and the two behind; at first those of none.
  private var head: UInt64 = 0
  private var tail: UInt16 = 0

  /// Remembers the date of a text that is a time.
  mutating func remember(_ field: Field) {
    guard Self.hasForm(field) else { return }
    let start = UnsafeRawPointer(field.start)
    head = start.loadUnaligned(as: UInt64.self)
    tail = start.loadUnaligned(fromByteOffset: 8, as: UInt16.self)
  }

  /// Whether a text surely is a time.
  @inline(__always)
  func isTime(_ field: Field) -> Bool {
    let start = UnsafeRawPointer(field.start)
    guard Self.hasForm(field), start.loadUnaligned(as: UInt64.self) == head,
      start.loadUnaligned(fromByteOffset: 8, as: UInt16.self) == tail
    else { return false }
    let bytes = field.start
    return Self.number(bytes, 11) < 24 && bytes[13] == UInt8(ascii: ":")
      && Self.number(bytes, 14) < 60 && bytes[16] == UInt8(ascii: ":")
      && Self.number(bytes, 17) < 60
  }

  /// Whether a text has a `T` and a `Z` where such a time has them, and is as long.
  @inline(__always)
  private static func hasForm(_ field: Field) -> Bool {
    field.count == 20 && field.start[10] == UInt8(ascii: "T")
      && field.start[19] == UInt8(ascii: "Z")
  }

  /// The number that two digits make; 100 or more where they are none.
  @inline(__always)
  private static func number(_ bytes: UnsafePointer<UInt8>, _ place: Int) -> Int {
    let (first, second) = (bytes[place] &- 0x30, bytes[place + 1] &- 0x30)
    return first > 9 || second > 9 ? 100 : 10 &* Int(first) &+ Int(second)
  }
}
