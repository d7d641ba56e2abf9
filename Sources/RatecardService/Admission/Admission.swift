internal import Ratecard
internal import RatecardBilling
internal import RatecardJSON
internal import RatecardValues
internal import RatecardWire

/// What a decision rested on: the card, the moment and every attribute.
///
/// It travels in the decision's id, sealed, rather than in the store: a decision then costs no write,
/// any replica and any later process can price the usage that follows, and none is forgotten. The same
/// card asked the same again at the same moment decides the same, so tier and route need not travel.
struct Admission: Sendable {
  /// The card's version, a SHA-256 in hexadecimal digits.
  let version: String
  let at: Instant
  /// What the request carried, what the store knew of the customer included, as a JSON object.
  let attributes: [UInt8]

  static let prefix = "dec_"
  private static let versionLength = 32
  private static let instantLength = 16
  private static let limit = 128 << 10

  /// What a card was asked.
  init(version: String, at: Instant, attributes: [UInt8]) {
    self.version = version
    self.at = at
    self.attributes = attributes
  }

  /// Reads a decision's id; nil: no service with this key made it.
  init?(id: String, key: [UInt8]) {
    guard id.hasPrefix(Self.prefix), id.utf8.count <= Self.limit,
      let bytes = Base64.bytes(String(id.dropFirst(Self.prefix.count)), .plain),
      bytes.count >= Self.versionLength + Self.instantLength + Secrets.sealLength
    else { return nil }
    let content = Array(bytes.dropLast(Secrets.sealLength))
    let seal = Array(bytes.suffix(Secrets.sealLength))
    guard Secrets.areEqual(Secrets.seal(content, key: key), seal) else { return nil }
    version = Hexadecimal.digits(content.prefix(Self.versionLength))
    var rest = content.dropFirst(Self.versionLength)
    let nanoseconds = rest.prefix(Self.instantLength).reduce(Int128(0)) { $0 << 8 | Int128($1) }
    guard let at = Instant(nanoseconds: nanoseconds) else { return nil }
    self.at = at
    rest = rest.dropFirst(Self.instantLength)
    attributes = Array(rest)
  }

  /// The decision's id: the card's version, the moment and the attributes, and a seal over them.
  func id(key: [UInt8]) -> String {
    var bytes: [UInt8] = []
    Hexadecimal.append(version, to: &bytes)
    Self.append(at, to: &bytes)
    bytes += attributes
    Secrets.appendSeal(to: &bytes, key: key)
    return Self.prefix + Base64.text(bytes)
  }

  /// Appends a moment as an id has it.
  static func append(_ at: Instant, to bytes: inout [UInt8]) {
    withUnsafeBytes(of: at.nanoseconds.bigEndian) { bytes.append(contentsOf: $0) }
  }

  /// The attributes, read.
  var request: [String: RequestValue]? {
    attributes.withUnsafeBufferPointer { try? RequestReader.request(json: $0) }
  }
}

/// Bytes as hexadecimal digits.
enum Hexadecimal {
  /// Two lower-case digits for each byte.
  static func digits(_ bytes: some Sequence<UInt8>) -> String {
    bytes.reduce(into: "") { text, byte in
      text += (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }
  }

  /// Appends the bytes that lower-case digits stand for.
  static func append(_ digits: String, to bytes: inout [UInt8]) {
    var digits = digits.utf8[...]
    while let high = digits.popFirst(), let low = digits.popFirst() {
      bytes.append(value(high) << 4 | value(low))
    }
  }

  private static func value(_ digit: UInt8) -> UInt8 {
    digit <= UInt8(ascii: "9") ? digit - UInt8(ascii: "0") : digit - UInt8(ascii: "a") + 10
  }
}
