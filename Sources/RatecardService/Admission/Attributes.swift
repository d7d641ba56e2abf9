internal import Ratecard
internal import RatecardJSON
internal import RatecardValues

/// A request's attributes as JSON.
enum Attributes {
  /// Writes an object of what is carried, its members sorted by their bytes.
  static func write(_ attributes: [String: RequestValue], to json: inout JSONWriter) {
    json.beginObject()
    for (name, value) in attributes.sorted(by: { ExactText($0.key) < ExactText($1.key) }) {
      if case .absent = value { continue }
      json.key(name)
      switch value {
      case .text(let text): json.string(text)
      case .number(let number): json.number(spelling(of: number))
      case .flag(let flag): json.bool(flag)
      case .instant(let instant): json.string(instant.description)
      case .absent: json.null()
      }
    }
    json.endObject()
  }

  /// Appends a value that stands in a request, without escapes, the way `write` spells it.
  static func append(_ value: UnsafeBufferPointer<UInt8>, to json: inout [UInt8]) {
    let isText = value.first == UInt8(ascii: "\"")
    let isInteger =
      (value.first ?? 0) &- UInt8(ascii: "1") < 9
      && value.allSatisfy { $0 &- UInt8(ascii: "0") <= 9 }
    if !isText, !isInteger, let number = try? Number(json: value) {
      json += spelling(of: number).utf8
    } else {
      json += value
    }
  }

  /// A number's text that a request may carry: an exponent of 60 may stand for more digits than may
  /// be written out, and what was sealed has to be read again.
  private static func spelling(of number: Number) -> String {
    let text = number.description
    if text.utf8.count <= digitLimit { return text }
    let parts = text.drop { $0 == "-" }.split(separator: ".")
    let (whole, fraction) = (parts[0], parts.count > 1 ? parts[1] : "")
    let sign = text.hasPrefix("-") ? "-" : ""
    if whole.count > digitLimit {
      // A number of so many digits has no fraction, and mostly zeros at its end.
      var rest = whole.suffix(digitLimit)
      while rest.last == "0" { rest.removeLast() }
      return "\(sign)\(whole.dropLast(digitLimit))\(rest.isEmpty ? "" : ".")\(rest)e\(digitLimit)"
    }
    if fraction.count > digitLimit {
      // And one of so many decimals has no whole part.
      let head = fraction.prefix(digitLimit).drop { $0 == "0" }
      let rest = fraction.dropFirst(digitLimit)
      return "\(sign)\(head.isEmpty ? "0" : head).\(rest)e-\(digitLimit)"
    }
    return text
  }

  /// The most digits on either side of a number's point, and the largest exponent.
  private static let digitLimit = 60

  /// The same in bytes.
  static func json(_ attributes: [String: RequestValue]) -> [UInt8] {
    var json = JSONWriter()
    write(attributes, to: &json)
    return json.bytes
  }
}
