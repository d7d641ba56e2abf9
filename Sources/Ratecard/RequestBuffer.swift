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
public struct RequestBuffer: ~Copyable, Sendable {
  let card: RateCard
  var request: Request
  /// The model asked for, where the card does not name it.
  private var otherModel: String?
  /// The same of a request that carries nothing but defaults.
  private var defaultModel: String?

  /// An empty request for a card.
  public init(for card: RateCard) {
    self.card = card
    request = Request(for: card.evaluator.table)
    for attribute in card.model.attributes {
      guard let value = attribute.defaultValue else { continue }
      do {
        try set(AttributeHandle(place: attribute.id.index), RequestValue(value))
      } catch {
        preconditionFailure("the checker saw that a default is a value of its attribute")
      }
    }
    request.keepAsBlank()
    defaultModel = otherModel
  }

  /// Forgets every value and keeps the storage.
  public mutating func clear() {
    request.clear()
    if otherModel != nil { otherModel = defaultModel }
  }

  /// The model that the request asks for, after aliases; nil: it asks for none.
  var requestedModel: String? {
    let place = AttributeID.model.index
    guard request.carries(place) else { return nil }
    let symbol = request.symbol(place)
    let texts = card.evaluator.table.layout.attributes[place].texts
    return symbol >= 0 ? texts?.symbols[symbol].string : otherModel
  }

  /// Gives an attribute its value, whatever the value's form; `.absent` takes back what
  /// was set before.
  ///
  /// Text may spell a number, a flag or an instant for an attribute of such a type. Throws
  /// `invalid_request` for a value of the wrong type, outside a closed set, or negative where that
  /// is not allowed.
  public mutating func set(
    _ handle: AttributeHandle, _ value: RequestValue
  ) throws(RequestError) {
    switch value {
    case .absent:
      request.clear(handle.place)
      if handle.place == AttributeID.model.index { otherModel = defaultModel }
    case .text(let text): try set(handle, text: text)
    case .number(let number): try set(handle, number: number)
    case .flag(let flag): try set(handle, flag: flag)
    case .instant(let instant): try set(handle, instant: instant)
    }
  }

  /// Gives an attribute a text that was looked up before.
  public mutating func set(_ handle: AttributeHandle, _ text: TextHandle) {
    request.set(handle.place, text.text)
  }

  /// Gives an attribute an integer.
  public mutating func set(_ handle: AttributeHandle, integer: Int) throws(RequestError) {
    if request.set(handle.place, quickly: Int64(integer)) { return }
    try checked { (request) throws(Request.Problem) in
      try request.set(handle.place, integer: Int64(integer))
    }
  }

  /// Gives an attribute a text in UTF-8 that the card names, or any where no rule looks at it; false:
  /// it is another text, and nothing is changed.
  ///
  /// For readers of bytes, who otherwise make a `String` of it.
  package mutating func set(
    _ handle: AttributeHandle, utf8 text: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    request.set(handle.place, utf8: text)
  }

  /// Gives an attribute a text, or the value that the text spells.
  public mutating func set(_ handle: AttributeHandle, text: String) throws(RequestError) {
    if request.set(handle.place, named: text) { return }
    try set(handle, other: text)
  }

  private mutating func set(_ handle: AttributeHandle, other text: String) throws(RequestError) {
    let attribute = card.model.attributes[handle.place]
    switch attribute.kind {
    case .text, .choice:
      let isModel = attribute.id == .model || attribute.id == .requestedModel
      let names = card.names
      try checked { (request) throws(Request.Problem) in
        try request.set(handle.place, text: isModel ? names.model(text) : text)
      }
      if attribute.id == .model, request.symbol(handle.place) < 0 {
        otherModel = card.names.model(text)
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
    let now = now ?? (request.carries(AttributeID.at.index) ? .earliest : .now())
    do {
      try request.finish(for: question, at: now)
    } catch {
      throw failure(error)
    }
  }

  @inline(never)
  private func failure(_ problem: Request.Problem) -> RequestError {
    RequestError(problem, card.model)
  }

  /// Runs what may find something wrong with a value, and puts that into words.
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
  package static func now() -> Instant {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    let nanoseconds = Int128(time.tv_sec) * 1_000_000_000 + Int128(time.tv_nsec)
    return Instant(nanoseconds: nanoseconds) ?? .earliest
  }
}
