internal import Ratecard
internal import RatecardValues
internal import RatecardWire

/// What a client wants credits to be held for.
struct ReservationRequest: Sendable {
  /// The client's name for it, once and for ever: of the usage that follows as well.
  let id: String
  let customer: String
  /// How long the credits are held if nobody settles.
  let seconds: Int64
  /// Everything else, the customer included.
  let attributes: [String: RequestValue]
  /// The same for the same content, however it is written.
  let fingerprint: [UInt8]

  /// How long credits are held where nothing is said.
  static let usualSeconds: Int64 = 600
  /// How long they are held at most: a day.
  static let longestSeconds: Int64 = 86_400

  /// Reads a JSON object.
  init(json body: [UInt8]) throws(RequestError) {
    var values = try body.withUnsafeBufferPointer { body throws(RequestError) in
      try RequestReader.request(json: body)
    }
    func name(_ name: String) throws(RequestError) -> String {
      guard case .text(let text)? = values[name], Names.areUsable(text) else {
        throw RequestError(
          .invalidRequest,
          "a reservation has `\(name)`, a text of 1 to \(UsageReport.idLimit) bytes without "
            + "control characters",
          attribute: name)
      }
      return text
    }
    id = try name("id")
    customer = try name("customer")
    switch values["expires_in"] {
    case nil, .absent?: seconds = Self.usualSeconds
    case .number(let number)?:
      guard let whole = Int64(number.description), (1...Self.longestSeconds).contains(whole) else {
        fallthrough
      }
      seconds = whole
    default:
      throw RequestError(
        .invalidRequest, "`expires_in` is a whole number of seconds from 1 to 86400",
        attribute: "expires_in")
    }
    for name in ["at", "balance"] where values[name] != nil {
      throw RequestError(
        .invalidRequest, "a reservation does not take `\(name)`", attribute: name,
        help: "it holds now, against the balance that is known")
    }
    fingerprint = Secrets.digest(Attributes.json(values))
    for name in ["id", "expires_in"] { values[name] = nil }
    attributes = values
  }
}
