internal import Glibc
internal import RatecardDiagnostics
internal import RatecardEngine
package import RatecardModel
public import RatecardValues

/// An attribute of one loaded card, looked up once.
public struct AttributeHandle: Hashable, Sendable {
  let place: Int
}

/// A request whose storage is used again and again: the fast way to ask a card.
///
/// ```swift
/// let model = try card.handle("model")
/// var request = RequestBuffer(for: card)
/// for name in names {
///   request.clear()
///   try request.set(model, text: name)
///   let decision = try card.decide(&request)
/// }
/// ```
/// Each value is checked as it is set. A buffer belongs to the card it was made for; ask another
/// version of the card with a buffer of its own.
public struct RequestBuffer: Sendable {
  let card: RateCard
  var request: Request

  /// An empty request for a card.
  public init(for card: RateCard) {
    self.card = card
    request = Request(for: card.evaluator.table)
  }

  /// Forgets every value and keeps the storage.
  public mutating func clear() { request.clear() }

  /// Gives an attribute its value, whatever the value's form; `.absent` leaves it out.
  ///
  /// Text may spell a number, a flag or an instant for an attribute of such a type. Throws
  /// `invalid_request` for a value of the wrong type, outside a closed set, or negative where that
  /// is not allowed.
  public mutating func set(
    _ handle: AttributeHandle, _ value: RequestValue
  ) throws(RequestError) {
    switch value {
    case .absent: return
    case .text(let text): try set(handle, text: text)
    case .number(let number): try set(handle, number: number)
    case .flag(let flag): try set(handle, flag: flag)
    case .instant(let instant): try set(handle, instant: instant)
    }
  }

  /// Gives an attribute a text, or the value that the text spells.
  public mutating func set(_ handle: AttributeHandle, text: String) throws(RequestError) {
    let attribute = card.model.attributes[handle.place]
    switch attribute.kind {
    case .text, .choice:
      let isModel = attribute.id == .model || attribute.id == .requestedModel
      let name = isModel ? card.names.model(text) : text
      try checked { (request) throws(Request.Problem) in
        try request.set(handle.place, text: name)
      }
    case .flag:
      guard text == "true" || text == "false" else {
        throw RequestError.wrongText(attribute, text, "`true` or `false`")
      }
      try set(handle, flag: text == "true")
    case .count, .quantity, .number:
      let number: Number
      do {
        number = try Number(parsing: text, signed: true)
      } catch {
        throw RequestError.number(attribute, text, error)
      }
      try set(handle, number: number)
    case .instant:
      let instant: Instant
      do {
        instant = try Instant(parsing: text)
      } catch {
        throw RequestError.instant(attribute, text, error)
      }
      try set(handle, instant: instant)
    case .windows:
      throw RequestError.derived(attribute)
    }
  }

  /// Gives an attribute a number.
  public mutating func set(_ handle: AttributeHandle, number: Number) throws(RequestError) {
    try checked { (request) throws(Request.Problem) in
      try request.set(handle.place, number: number)
    }
  }

  /// Gives an attribute a truth value.
  public mutating func set(_ handle: AttributeHandle, flag: Bool) throws(RequestError) {
    try checked { (request) throws(Request.Problem) in
      try request.set(handle.place, flag: flag)
    }
  }

  /// Gives an attribute a point in time.
  public mutating func set(_ handle: AttributeHandle, instant: Instant) throws(RequestError) {
    try checked { (request) throws(Request.Problem) in
      try request.set(handle.place, instant: instant)
    }
  }

  /// Fills in what the request leaves open, and checks what only the whole shows.
  mutating func finish(for question: Request.Question, at now: Instant?) throws(RequestError) {
    for attribute in card.model.attributes {
      if let value = attribute.defaultValue, !request.carries(attribute.id.index) {
        try set(AttributeHandle(place: attribute.id.index), RequestValue(value))
      }
    }
    if !request.carries(AttributeID.at.index) {
      try set(AttributeHandle(place: AttributeID.at.index), instant: now ?? .now())
    }
    try checked { (request) throws(Request.Problem) in try request.finish(for: question) }
  }

  private mutating func checked(
    _ body: (inout Request) throws(Request.Problem) -> Void
  ) throws(RequestError) {
    do {
      try body(&request)
    } catch {
      throw RequestError(error, card.model)
    }
  }
}

extension RequestValue {
  /// The value of a request that a card's own value stands for.
  package init(_ value: Value) {
    switch value {
    case .text(let text): self = .text(text.string)
    case .flag(let flag): self = .flag(flag)
    case .number(let number): self = .number(number)
    case .instant(let instant): self = .instant(instant)
    }
  }
}

extension Instant {
  /// The present, by the system's clock.
  static func now() -> Instant {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    let nanoseconds = Int128(time.tv_sec) * 1_000_000_000 + Int128(time.tv_nsec)
    return Instant(nanoseconds: nanoseconds) ?? .earliest
  }
}
