import RatecardDiagnostics

/// What one pass over the bytes of a file finds out before YAML is read: that it is text, and
/// where tabs indent.
struct SourceScan {
  /// The first mistake that keeps the file from being read as text.
  enum Obstacle {
    /// The bytes from here are no UTF-8; with the name of the encoding they look like, if known.
    case notUTF8(offset: Int, likely: String?)
  }

  /// Whether every byte is ASCII, so that code points are bytes.
  private(set) var isASCII = true
  /// The length of a UTF-8 byte order mark at the start: 0 or 3.
  private(set) var markLength = 0
  private(set) var obstacle: Obstacle?
  /// Characters that YAML or an editor cannot show: offset, length, code point.
  private(set) var invisible: [(offset: Int, length: Int, scalar: UInt32)] = []
  /// The first tab in the leading white space of each line that has one.
  private(set) var tabs: [Int] = []

  init(_ file: SourceFile, atMost bound: Int) {
    file.bytes.withUnsafeBufferPointer { bytes in
      if let likely = Self.foreignMark(bytes) {
        obstacle = .notUTF8(offset: 0, likely: likely)
        return
      }
      if bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { markLength = 3 }
      var hasTabs = false
      var offset = markLength
      while offset < bytes.count {
        let byte = bytes[offset]
        if byte >= 0x20, byte < 0x7F {
          offset += 1
          continue
        }
        switch byte {
        case UInt8(ascii: "\n"): offset += 1
        case UInt8(ascii: "\t"):
          hasTabs = true
          offset += 1
        case UInt8(ascii: "\r") where offset + 1 < bytes.count && bytes[offset + 1] == 0x0A:
          offset += 2
        default:
          if byte < 0x80 {
            note(offset, 1, UInt32(byte), atMost: bound)
            offset += 1
            continue
          }
          isASCII = false
          guard let (length, scalar) = Self.decode(bytes, at: offset) else {
            obstacle = .notUTF8(offset: offset, likely: nil)
            return
          }
          if Self.isInvisible(scalar) { note(offset, length, scalar, atMost: bound) }
          offset += length
        }
      }
      if hasTabs { findTabs(bytes, file.lineStarts) }
    }
  }

  private mutating func note(_ offset: Int, _ length: Int, _ scalar: UInt32, atMost bound: Int) {
    if invisible.count < bound { invisible.append((offset, length, scalar)) }
  }

  private mutating func findTabs(_ bytes: UnsafeBufferPointer<UInt8>, _ lineStarts: [Int]) {
    for start in lineStarts {
      var offset = start
      while offset < bytes.count, bytes[offset] == UInt8(ascii: " ") { offset += 1 }
      if offset < bytes.count, bytes[offset] == UInt8(ascii: "\t") { tabs.append(offset) }
    }
  }

  /// The name of the encoding whose byte order mark, or whose zero bytes, stand at the start.
  private static func foreignMark(_ bytes: UnsafeBufferPointer<UInt8>) -> String? {
    guard bytes.count >= 2 else { return nil }
    switch (bytes[0], bytes[1]) {
    case (0xFF, 0xFE), (0xFE, 0xFF): return "UTF-16"
    case (0, let second) where second != 0 && bytes.count % 2 == 0: return "UTF-16"
    case (let first, 0) where first != 0 && bytes.count % 2 == 0: return "UTF-16"
    default: return nil
    }
  }

  /// Control characters, the line breaks that only some programs see, and non-characters.
  private static func isInvisible(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x80...0x9F, 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF: true
    default: false
    }
  }

  /// The length and code point of the UTF-8 sequence at `offset`, or nil when it is malformed.
  private static func decode(
    _ bytes: UnsafeBufferPointer<UInt8>, at offset: Int
  ) -> (length: Int, scalar: UInt32)? {
    let first = UInt32(bytes[offset])
    let (length, least): (Int, UInt32)
    var scalar: UInt32
    switch first {
    case 0xC2...0xDF: (length, least, scalar) = (2, 0x80, first & 0x1F)
    case 0xE0...0xEF: (length, least, scalar) = (3, 0x800, first & 0x0F)
    case 0xF0...0xF4: (length, least, scalar) = (4, 0x10000, first & 0x07)
    default: return nil
    }
    guard offset + length <= bytes.count else { return nil }
    for index in 1..<length {
      let byte = UInt32(bytes[offset + index])
      guard byte & 0xC0 == 0x80 else { return nil }
      scalar = scalar << 6 | byte & 0x3F
    }
    let isSurrogate = (0xD800...0xDFFF).contains(scalar)
    guard scalar >= least, scalar <= 0x10FFFF, !isSurrogate else { return nil }
    return (length, scalar)
  }
}
