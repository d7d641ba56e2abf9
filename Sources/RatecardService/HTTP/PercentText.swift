/// Texts in a request's target (RFC 3986, section 2.1).
enum PercentText {
  /// The text that a piece of a path or query spells; nil: it is malformed, no UTF-8, or holds a
  /// NUL.
  static func decode(_ piece: Substring) -> String? {
    guard piece.utf8.contains(UInt8(ascii: "%")) else {
      return piece.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F } ? String(piece) : nil
    }
    var bytes: [UInt8] = []
    var rest = piece.utf8[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit)
      else { return nil }
      bytes.append(high << 4 | low)
    }
    guard !bytes.contains(0) else { return nil }
    return String(validating: bytes, as: UTF8.self)
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
