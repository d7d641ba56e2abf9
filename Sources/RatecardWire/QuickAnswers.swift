package import Ratecard
internal import RatecardJSON
package import RatecardModel
package import RatecardValues

/// Answers requests that are as most are, without making a text of anything.
///
/// Whatever is unusual about a request is left to those who can say what is wrong with it.
package struct QuickAnswers: ~Copyable {
  private let card: RateCard
  private let writer: AnswerWriter
  private let priceOnly: Bool
  private var reader: QuickReader
  private var buffer: RequestBuffer
  private var pieces = AnswerPieces()
  /// The names of adjustments that apply together as JSON, by the number of their set.
  private var adjustments: [Int32: String] = [:]

  /// An answer, until the next one is worked out.
  package struct Ready: BitwiseCopyable {
    fileprivate let rule: AnswerPieces.Span
    fileprivate let service: AnswerPieces.Span?
    fileprivate let basis: AnswerPieces.Span?
    /// What it says.
    package let verdict: Verdict
    /// How many bytes its text has at most.
    package let limit: Int

    /// Whether it has a price; if not, it is a refusal.
    package var isPriced: Bool { basis != nil }
  }

  /// Makes answers of a card; requests may have texts under `others` as well, which are no attributes.
  package init(_ card: RateCard, priceOnly: Bool, others: [String] = []) {
    self.card = card
    self.priceOnly = priceOnly
    writer = AnswerWriter(cardName: card.name, version: card.version)
    reader = QuickReader(card, others: others)
    buffer = RequestBuffer(for: card)
  }

  /// Reads a request, a JSON object; false: it takes a closer look.
  package mutating func read(_ json: UnsafeBufferPointer<UInt8>) -> Bool {
    buffer.clear()
    return reader.read(json, into: &buffer)
  }

  /// Whether the request that was read names an attribute, be it as null.
  package func names(_ attribute: AttributeID) -> Bool {
    reader.value(at: attribute.index) != nil
  }

  /// The text that it gives an attribute, as it stands there; nil: it gives none.
  ///
  /// The bytes are the request's.
  package func text(of attribute: AttributeID) -> UnsafeBufferPointer<UInt8>? {
    reader.text(at: attribute.index)
  }

  /// The text that it gives the other name of a number; nil: it gives none.
  package func text(ofOther number: Int) -> UnsafeBufferPointer<UInt8>? {
    reader.text(at: card.model.attributes.count + number)
  }

  /// The value that it gives a name, as it stands there; nil: it does not have the name.
  ///
  /// Attributes come first, and the others behind them.
  package func value(at place: Int) -> UnsafeBufferPointer<UInt8>? { reader.value(at: place) }

  /// Gives the request a value that it does not carry; false: it cannot have it.
  package mutating func set(_ attribute: AttributeID, _ value: RequestValue) -> Bool {
    (try? buffer.set(AttributeHandle(attribute), value)) != nil
  }

  /// Gives the request a text in UTF-8 that it does not carry; false: no rule looks for it.
  package mutating func set(_ attribute: AttributeID, utf8 text: [UInt8]) -> Bool {
    text.withUnsafeBufferPointer { buffer.set(AttributeHandle(attribute), utf8: $0) }
  }

  /// What a request costs, and by what.
  package struct Price {
    package let credits: Number
    package let rule: String
    /// The names of the adjustments that changed it, as JSON; nil: none did.
    package let adjustments: String?
  }

  /// The price of the request that was read; nil: it has none, or takes a closer look.
  package mutating func price(at now: Instant) -> Price? {
    guard let verdict = judge(now), let credits = verdict.credits, let rule = verdict.costRule,
      let set = card.reasons(of: verdict, for: buffer)?.adjustments
    else { return nil }
    let text = adjustments[set] ?? adjustments(set, verdict)
    return Price(
      credits: credits, rule: card.name(of: rule), adjustments: text.isEmpty ? nil : text)
  }

  @inline(never)
  private mutating func adjustments(_ set: Int32, _ verdict: Verdict) -> String {
    let names = card.decision(verdict, for: buffer).adjustments
    let text = names.isEmpty ? "" : JSONValue.array(names.map { .string($0) }).text()
    adjustments[set] = text
    return text
  }

  /// The answer to the request that was read; nil: it takes a closer look.
  package mutating func answer(at now: Instant) -> Ready? {
    guard let verdict = judge(now), let reasons = card.reasons(of: verdict, for: buffer) else {
      return nil
    }
    pieces.makeRoom()
    guard verdict.credits != nil else {
      let refusal = refusal(verdict, reasons)
      return Ready(
        rule: refusal, service: nil, basis: nil, verdict: verdict, limit: refusal.count)
    }
    let rule = span(.rule, verdict, reasons)
    let service = priceOnly ? nil : span(.service, verdict, reasons)
    let basis = span(.basis, verdict, reasons)
    let length = rule.count + (service?.count ?? 0) + basis.count
    return Ready(
      rule: rule, service: service, basis: basis, verdict: verdict,
      limit: AnswerWriter.head.utf8CodeUnitCount + Number.textLimit + length + 1)
  }

  /// Writes an answer's object but for its closing brace, and says how many bytes that are.
  package func write(_ ready: Ready, to text: UnsafeMutablePointer<UInt8>) -> Int {
    guard let credits = ready.verdict.credits, let basis = ready.basis else {
      return pieces.copy(ready.rule, to: text)
    }
    text.update(from: AnswerWriter.head.utf8Start, count: AnswerWriter.head.utf8CodeUnitCount)
    var end = text + AnswerWriter.head.utf8CodeUnitCount
    end += credits.spell(at: end)
    end[0] = UInt8(ascii: "\"")
    end += 1
    end += pieces.copy(ready.rule, to: end)
    if let service = ready.service { end += pieces.copy(service, to: end) }
    end += pieces.copy(basis, to: end)
    return end - text
  }

  private mutating func judge(_ now: Instant) -> Verdict? {
    priceOnly ? try? card.judgeCost(&buffer, at: now) : try? card.judge(&buffer, at: now)
  }

  /// Where the text of a part is.
  @inline(__always)
  private mutating func span(
    _ part: AnswerWriter.Part, _ verdict: Verdict, _ reasons: Verdict.Reasons
  ) -> AnswerPieces.Span {
    // A model that the card does not name stands in the answer all the same.
    let key =
      part == .service && reasons.asksForOther ? nil : AnswerPieces.Key(part, reasons)
    return key.flatMap { pieces.find($0) }
      ?? pieces.add(writer.text(of: part, in: card.decision(verdict, for: buffer)), key)
  }

  /// Where a refusal's object is, but for its closing brace.
  @inline(never)
  private mutating func refusal(
    _ verdict: Verdict, _ reasons: Verdict.Reasons
  ) -> AnswerPieces.Span {
    let key = AnswerPieces.Key(refusal: reasons)
    return pieces.find(key)
      ?? pieces.add(writer.open(card.decision(verdict, for: buffer)), key)
  }
}
