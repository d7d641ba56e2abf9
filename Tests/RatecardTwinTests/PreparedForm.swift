import Ratecard
import RatecardValues

/// The requests of one shape, asked of a card that is prepared for it: one by one, by handles, and many
/// at once.
final class PreparedForm {
  private let card: RateCard
  private let isPrice: Bool
  private let texts: [String]
  private let integers: [String]
  private var prepared: PreparedCard
  private var buffer: RequestBuffer
  private var rows: [Row] = []

  private struct Row {
    let texts: [String]
    let integers: [Int]
    let expected: String
  }

  /// How many requests are asked at once at most.
  private static let rowLimit = 70

  /// What of a request is a row, by name.
  static func columns(
    _ request: [String: RequestValue]
  ) -> (texts: [(name: String, value: String)], integers: [(name: String, value: Int)]) {
    var texts: [(name: String, value: String)] = []
    var integers: [(name: String, value: Int)] = []
    for (name, value) in request.sorted(by: { $0.key < $1.key }) {
      switch value {
      case .text(let text): texts.append((name, text))
      case .number(let number):
        if let integer = number.asInteger().flatMap({ Int(exactly: $0) }) {
          integers.append((name, integer))
        }
      case .flag, .instant, .absent: break
      }
    }
    return (texts, integers)
  }

  /// Throws what is wrong with every request of the shape.
  init(_ card: RateCard, texts: [String], integers: [String], isPrice: Bool) throws {
    (self.card, self.texts, self.integers) = (card, texts, integers)
    self.isPrice = isPrice
    prepared = try card.prepared(
      for: isPrice ? .price : .decision, texts: texts, integers: integers)
    buffer = RequestBuffer(for: card)
  }

  /// How the answers to one more request differ from what the buffer answers; nil: they do not.
  func difference(_ texts: [String], _ integers: [Int]) throws -> String? {
    let expected = answer(texts, integers)
    let given = "\(self.texts) \(texts) \(self.integers) \(integers)"
    for _ in 0..<2 {
      let found = judge(texts, integers)
      if found != expected { return "prepared for \(given): \(found), not \(expected)" }
    }
    if let handles = try? zip(texts, self.texts).map({ try card.text($0, for: card.handle($1)) }) {
      let known = handles.compactMap(\.self)
      if known.count == texts.count {
        let found = judge(known, integers)
        if found != expected { return "by handles, \(given): \(found), not \(expected)" }
      }
    }
    rows.append(Row(texts: texts, integers: integers, expected: expected))
    if rows.count > Self.rowLimit { rows.removeFirst() }
    return allAtOnce()
  }

  private func allAtOnce() -> String? {
    var answers = Array(repeating: Verdict.unanswered, count: rows.count)
    var span = answers.mutableSpan
    let (texts, integers) = (rows.flatMap(\.texts), rows.flatMap(\.integers))
    let open = prepared.judge(texts.span, integers.span, at: .earliest, into: &span)
    for (row, answer) in zip(rows, answers) {
      let isRight =
        answer.isAnswer
        ? Self.text(answer) == row.expected : row.expected.hasPrefix(Self.errorMark)
      if !isRight { return "many at once, \(row): \(answer)" }
    }
    let unanswered = answers.count { !$0.isAnswer }
    return open == unanswered ? nil : "\(open) are said to have no answer, \(unanswered) have none"
  }

  private func judge(_ texts: [String], _ integers: [Int]) -> String {
    do {
      return Self.text(try prepared.judge(texts.span, integers.span, at: .earliest))
    } catch {
      return "\(Self.errorMark)\(error)"
    }
  }

  private func judge(_ texts: [TextHandle], _ integers: [Int]) -> String {
    do {
      return Self.text(try prepared.judge(texts.span, integers.span, at: .earliest))
    } catch {
      return "\(Self.errorMark)\(error)"
    }
  }

  /// What a buffer answers.
  private func answer(_ texts: [String], _ integers: [Int]) -> String {
    buffer.clear()
    do {
      for (name, value) in zip(self.texts, texts) {
        try buffer.set(card.handle(name), text: value)
      }
      for (name, value) in zip(self.integers, integers) {
        try buffer.set(card.handle(name), integer: value)
      }
      return Self.text(
        isPrice
          ? try card.judgeCost(&buffer, at: .earliest) : try card.judge(&buffer, at: .earliest))
    } catch {
      return "\(Self.errorMark)\(error)"
    }
  }

  private static let errorMark = "error: "

  /// All that a verdict says.
  private static func text(_ verdict: Verdict) -> String { "\(verdict)" }
}
