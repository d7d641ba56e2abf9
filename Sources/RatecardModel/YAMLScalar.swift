internal import RatecardValues

/// A text as a scalar of YAML: as it is where every reader takes it for that text, else quoted.
package struct YAMLScalar {
  /// As it stands in a block: a value of its own line.
  package let block: String
  /// As it stands between brackets or braces.
  package let flow: String

  /// Spells a text; a word or number that means something else without quotes gets them.
  package init(_ text: String) {
    let quoted = Self.quoted(text)
    let isSafe = Self.isPlain(text) && !Self.means(text)
    block = isSafe ? text : quoted
    flow = isSafe && !text.utf8.contains(where: Self.flowIndicators.contains) ? text : quoted
  }

  private static let flowIndicators = Set(",[]{}?".utf8)
  private static let firstIndicators = Set("-?:,[]{}#&*!|>'\"%@`=<".utf8)

  /// Whether YAML reads an unquoted text as just that.
  private static func isPlain(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    guard let first = bytes.first, let last = bytes.last,
      first != UInt8(ascii: " "), last != UInt8(ascii: " "), last != UInt8(ascii: ":"),
      !firstIndicators.contains(first),
      text.unicodeScalars.allSatisfy({ isPrintable($0) && $0 != "\n" })
    else { return false }
    for (byte, next) in zip(bytes, bytes.dropFirst()) {
      if byte == UInt8(ascii: ":"), next == UInt8(ascii: " ") { return false }
      if byte == UInt8(ascii: " "), next == UInt8(ascii: "#") { return false }
    }
    return true
  }

  /// Whether an unquoted text is a word or a number of the language, or of YAML to other readers.
  private static func means(_ text: String) -> Bool {
    ["true", "false", "null", "~", "any", "absent", "present"].contains(text)
      || (try? Number(parsing: text, signed: true)) != nil
  }

  private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x20...0x7E, 0xA0...0x2027, 0x202A...0xD7FF, 0xE000...0xFEFE, 0xFF00...0xFFFD,
      0x1_0000...0x10_FFFF:
      true
    default: false
    }
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case _ where isPrintable(scalar): result.unicodeScalars.append(scalar)
      default:
        let digits = String(scalar.value, radix: 16, uppercase: true)
        result += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
      }
    }
    return result + "\""
  }
}
