internal import Ratecard
internal import RatecardJSON
internal import RatecardValues
internal import RatecardWire

/// What a client says was used.
struct UsageReport: Sendable {
  /// The client's name for it, once and for ever.
  let id: String
  let customer: String
  /// The decision that admitted it.
  let decision: String?
  /// The card that prices it; nil: the decision's, else the present one.
  let version: String?
  /// When it was admitted; nil: the decision's moment, else now.
  let at: Instant?
  /// Everything else, the customer included.
  let attributes: [String: RequestValue]
  /// The same for the same content, however it is written.
  let fingerprint: [UInt8]
  /// How it was written.
  let body: [UInt8]

  /// The most bytes of an id.
  static let idLimit = 200

  /// Reads a JSON object.
  init(json body: UnsafeBufferPointer<UInt8>) throws(RequestError) {
    var values = try RequestReader.request(json: body)
    func text(_ name: String) throws(RequestError) -> String? {
      switch values[name] {
      case nil, .absent?: return nil
      case .text(let text)?: return text
      default: throw RequestError(.invalidRequest, "`\(name)` is a text", attribute: name)
      }
    }
    func name(_ name: String) throws(RequestError) -> String {
      guard let text = try text(name) else {
        throw RequestError(.invalidRequest, "usage has `\(name)`", attribute: name)
      }
      guard Names.areUsable(text) else {
        throw RequestError(
          .invalidRequest,
          "`\(name)` has 1 to \(Self.idLimit) bytes, none of them a control character",
          attribute: name)
      }
      return text
    }
    id = try name("id")
    customer = try name("customer")
    decision = try text("decision")
    version = try text("version")
    if let written = try text("at") {
      do {
        let instant = try Instant(parsing: written)
        at = instant
        // However it is written, it is the same content.
        values["at"] = .instant(instant)
      } catch {
        throw RequestError(
          .invalidRequest, "`\(written)` is no instant: \(error.reason)", attribute: "at")
      }
    } else {
      at = nil
    }
    fingerprint = Secrets.digest(Attributes.json(values))
    for name in ["id", "decision", "version", "at"] { values[name] = nil }
    attributes = values
    self.body = Array(body)
  }
}

/// Names that clients give to customers and usage.
enum Names {
  /// Whether a text may name something: not empty, not long, no control characters.
  static func areUsable(_ text: String) -> Bool { areUsable(text.utf8) }

  /// Whether the bytes of a text may.
  static func areUsable(_ bytes: some Collection<UInt8>) -> Bool {
    (1...UsageReport.idLimit).contains(bytes.count)
      && bytes.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
  }
}
