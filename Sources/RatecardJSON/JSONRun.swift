/// Runs of bytes that mean themselves, found a word at a time.
///
/// What reads JSON steps over them and looks only at what is special.
public enum JSONRun {
  // SAFETY: bytes are read from `start` on and before `end` only; the caller answers for the memory
  // between them.

  /// The first byte that is no space, or the end.
  @inlinable @inline(__always)
  public static func afterSpace(
    _ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>
  ) -> UnsafePointer<UInt8> {
    var place = start
    while place < end, place.pointee <= 0x20 {
      switch place.pointee {
      case 0x20, 0x09, 0x0A, 0x0D: place += 1
      default: return place
      }
    }
    return place
  }

  /// The first byte of a string that is no ASCII character standing for itself, or the end.
  @inlinable @inline(__always)
  public static func afterPlain(
    _ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>
  ) -> UnsafePointer<UInt8> {
    let (ones, highs): (UInt64, UInt64) = (0x0101_0101_0101_0101, 0x8080_8080_8080_8080)
    var place = start
    while end - place >= 8 {
      let word = UInt64(
        littleEndian: UnsafeRawPointer(place).loadUnaligned(as: UInt64.self))
      // Taking a number from each byte borrows from its high bit where the byte was less. Borrows go
      // to later bytes too, so of the marked bytes the first is right.
      let quotes = word ^ (ones &* UInt64(UInt8(ascii: "\"")))
      let backslashes = word ^ (ones &* UInt64(UInt8(ascii: "\\")))
      let special =
        ((quotes &- ones) & ~quotes | (backslashes &- ones) & ~backslashes
          | (word &- ones &* 0x20) | word) & highs
      if special != 0 { return place + special.trailingZeroBitCount >> 3 }
      place += 8
    }
    while place < end, isPlain(place.pointee) { place += 1 }
    return place
  }

  /// Whether a byte in a string is a character by itself that means itself.
  @inlinable @inline(__always)
  static func isPlain(_ byte: UInt8) -> Bool {
    byte >= 0x20 && byte < 0x80 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
  }

  /// The end of a string without escapes that begins at `start`, behind its quote; nil: something in it
  /// is escaped, ill-formed or missing.
  @inlinable @inline(__always)
  public static func afterString(
    _ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>
  ) -> UnsafePointer<UInt8>? {
    var place = afterPlain(start, end)
    while place < end {
      if place.pointee == UInt8(ascii: "\"") { return place }
      guard place.pointee >= 0x80,
        let length = UTF8Check.length(
          in: UnsafeBufferPointer(start: place, count: end - place), at: 0)
      else { return nil }
      place = afterPlain(place + length, end)
    }
    return nil
  }
}
