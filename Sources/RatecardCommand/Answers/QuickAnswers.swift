internal import Ratecard
internal import RatecardValues

/// Answers the lines that are as most are, without making a text of anything.
///
/// Whatever is unusual about a line is left to those who can say what is wrong with it.
struct QuickAnswers: ~Copyable {
  private let card: RateCard
  private let writer: AnswerWriter
  private let priceOnly: Bool
  private var reader: QuickReader
  private var buffer: RequestBuffer
  private var pieces = AnswerPieces()

  init(_ card: RateCard, _ writer: AnswerWriter, priceOnly: Bool) {
    self.card = card
    self.writer = writer
    self.priceOnly = priceOnly
    reader = QuickReader(card)
    buffer = RequestBuffer(for: card)
  }

  /// Writes the answer to a line and says whether it has a price; nil: the line takes a closer look,
  /// and nothing is written.
  mutating func answer(
    _ line: UnsafeBufferPointer<UInt8>, _ now: Instant, to output: Output
  ) -> Bool? {
    buffer.clear()
    guard reader.read(line, into: &buffer), let verdict = judge(now),
      let reasons = card.reasons(of: verdict, for: buffer)
    else { return nil }
    pieces.makeRoom()
    guard let credits = verdict.credits else {
      let refusal = refusal(verdict, reasons)
      output.write(atMost: refusal.count) { text in pieces.copy(refusal, to: text) }
      return false
    }
    let rule = span(.rule, verdict, reasons)
    let service = priceOnly ? nil : span(.service, verdict, reasons)
    let basis = span(.basis, verdict, reasons)
    let length = rule.count + (service?.count ?? 0) + basis.count
    let head = AnswerWriter.head
    output.write(atMost: head.utf8CodeUnitCount + Number.textLimit + length + 3) { text in
      text.update(from: head.utf8Start, count: head.utf8CodeUnitCount)
      var end = text + head.utf8CodeUnitCount
      end += credits.spell(at: end)
      end[0] = UInt8(ascii: "\"")
      end += 1
      end += pieces.copy(rule, to: end)
      if let service { end += pieces.copy(service, to: end) }
      end += pieces.copy(basis, to: end)
      end[0] = UInt8(ascii: "}")
      end[1] = UInt8(ascii: "\n")
      return end + 2 - text
    }
    return true
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

  /// Where the line of a refusal is.
  @inline(never)
  private mutating func refusal(
    _ verdict: Verdict, _ reasons: Verdict.Reasons
  ) -> AnswerPieces.Span {
    let key = AnswerPieces.Key(refusal: reasons)
    return pieces.find(key)
      ?? pieces.add(writer.line(card.decision(verdict, for: buffer)), key)
  }
}
