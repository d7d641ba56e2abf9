internal import Ratecard
internal import RatecardJSON
internal import RatecardValues

/// A request's attributes as JSON.
enum Attributes {
  /// Writes an object of what is carried, its members sorted by their bytes.
  static func write(_ attributes: [String: RequestValue], to json: inout JSONWriter) {
    json.beginObject()
    for name in attributes.keys.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
      guard let value = attributes[name], value != .absent else { continue }
      json.key(name)
      switch value {
      case .text(let text): json.string(text)
      case .number(let number): json.number(number.description)
      case .flag(let flag): json.bool(flag)
      case .instant(let instant): json.string(instant.description)
      case .absent: json.null()
      }
    }
    json.endObject()
  }

  /// The same in bytes.
  static func json(_ attributes: [String: RequestValue]) -> [UInt8] {
    var json = JSONWriter()
    write(attributes, to: &json)
    return json.bytes
  }
}
