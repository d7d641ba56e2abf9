internal import Ratecard
internal import RatecardJSON
internal import RatecardValues

/// Answers the lines that are as most are, without making a text of anything: flat objects of names and
/// values that the card knows.
///
/// Whatever is unusual about a line is left to those who can say what is wrong with it.
struct QuickAnswers: ~Copyable {
  private let card: RateCard
  private let writer: AnswerWriter
  private var reader = JSONReader(UnsafeBufferPointer(start: nil, count: 0), depthLimit: 2)
  private var buffer: RequestBuffer
  /// What follows the credits in answers seen before, each where its reasons say; another answer may
  /// take its place.
  private var tails: [Tail] = Array(repeating: Tail(), count: 4_096)
  private var credits: [UInt8] = []

  private struct Tail {
    var reasons: Verdict.Reasons?
    var text: [UInt8] = []
  }

  init(_ card: RateCard, _ writer: AnswerWriter) {
    self.card = card
    self.writer = writer
    buffer = RequestBuffer(for: card)
  }

  /// Writes the answer to a line, without its end; false: the line takes a closer look, and nothing is
  /// written.
  mutating func answer(
    _ line: UnsafeBufferPointer<UInt8>, _ now: Instant, to output: Output
  ) -> Bool {
    buffer.clear()
    guard fill(line), let verdict = try? card.judge(&buffer, at: now),
      let price = verdict.credits, let reasons = card.reasons(of: verdict, for: buffer)
    else { return false }
    let place = Int(truncatingIfNeeded: reasons.mixed >> 52)
    if tails[place].reasons != reasons {
      tails[place] = Tail(
        reasons: reasons, text: writer.tail(of: card.decision(verdict, for: buffer)))
    }
    credits.removeAll(keepingCapacity: true)
    credits += AnswerWriter.head.utf8
    price.write(to: &credits)
    output.write(credits)
    output.write(tails[place].text)
    return true
  }

  /// Gives the buffer what a line says.
  private mutating func fill(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
    reader.restart(line)
    guard (try? reader.next()) == .beginObject else { return false }
    while true {
      switch try? reader.next() {
      case .key(let name)?:
        guard !name.hasEscapes, let handle = card.handle(utf8: reader.bytes(of: name)),
          let value = try? reader.next(), set(handle, value)
        else { return false }
      case .endObject?: return (try? reader.next()) == .end
      default: return false
      }
    }
  }

  private mutating func set(_ handle: AttributeHandle, _ value: JSONToken) -> Bool {
    switch value {
    case .string(let text):
      if text.hasEscapes { return false }
      let bytes = reader.bytes(of: text)
      return buffer.set(handle, utf8: bytes)
        || (try? buffer.set(handle, text: String(decoding: bytes, as: UTF8.self))) != nil
    case .number(let digits):
      let bytes = reader.bytes(of: digits)
      if let integer = Self.integer(bytes) {
        return (try? buffer.set(handle, integer: integer)) != nil
      }
      guard let number = try? Number(json: bytes) else { return false }
      return (try? buffer.set(handle, number: number)) != nil
    case .bool(let flag): return (try? buffer.set(handle, flag: flag)) != nil
    case .null: return true
    default: return false
    }
  }

  /// A number of up to 18 digits and nothing else; nil: it is another one.
  private static func integer(_ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    let isNegative = bytes.first == UInt8(ascii: "-")
    guard bytes.count - (isNegative ? 1 : 0) <= 18 else { return nil }
    var value = 0
    for byte in bytes.dropFirst(isNegative ? 1 : 0) {
      let digit = byte &- UInt8(ascii: "0")
      if digit > 9 { return nil }
      value = value &* 10 &+ Int(digit)
    }
    return isNegative ? -value : value
  }
}
