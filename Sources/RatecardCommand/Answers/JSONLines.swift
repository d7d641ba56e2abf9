internal import Glibc
internal import Ratecard
internal import RatecardJSON
internal import RatecardValues
internal import RatecardWire

/// Answers requests that come a JSON object a line, each with one line, in order.
///
/// Memory is bounded by the longest line: one that is longer than the limit is skipped and answered
/// with an error.
struct JSONLines {
  /// The most bytes of a line.
  static let lineLimit = 1 << 20

  let card: RateCard
  let priceOnly: Bool

  /// Answers all of standard input.
  func answer(_ console: Console) throws(CommandFailure) -> ExitCode {
    var session = Session(self, console.output)
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    /// The beginning of a line whose end is not read yet.
    var held: [UInt8] = []
    var isTooLong = false
    var isFirst = true
    while !console.output.isClosed {
      let count = buffer.withUnsafeMutableBytes { console.input($0) }
      guard count >= 0 else {
        console.output.flush()
        let failure = FileFailure(path: "standard input", reason: .system(Int32(-count)))
        throw .unreadable(failure)
      }
      if count == 0 { break }
      session.now = .now()
      buffer.withUnsafeBufferPointer { buffer in
        var rest = UnsafeBufferPointer(rebasing: buffer[..<count])
        if isFirst, rest.starts(with: [0xEF, 0xBB, 0xBF]) {
          rest = UnsafeBufferPointer(rebasing: rest[3...])
        }
        isFirst = false
        while let end = Self.lineEnd(in: rest) {
          let line = UnsafeBufferPointer(rebasing: rest[..<end])
          if isTooLong || held.count + line.count > Self.lineLimit {
            session.refuseLongLine()
          } else if held.isEmpty {
            session.answer(line)
          } else {
            held.append(contentsOf: line)
            held.withUnsafeBufferPointer { session.answer($0) }
          }
          if !held.isEmpty { held.removeAll(keepingCapacity: true) }
          isTooLong = false
          rest = UnsafeBufferPointer(rebasing: rest[(end + 1)...])
        }
        if isTooLong || held.count + rest.count > Self.lineLimit {
          isTooLong = true
          held.removeAll(keepingCapacity: true)
        } else {
          held.append(contentsOf: rest)
        }
      }
      // Whoever asks line by line waits for the answers.
      console.output.flush()
    }
    if isTooLong {
      session.refuseLongLine()
    } else if !held.isEmpty {
      held.withUnsafeBufferPointer { session.answer($0) }
    }
    return session.allPriced ? .fine : .findings
  }

  /// Where the first line of some bytes ends.
  private static func lineEnd(in bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    guard let start = bytes.baseAddress,
      let found = memchr(start, Int32(UInt8(ascii: "\n")), bytes.count)
    else { return nil }
    return UnsafeRawPointer(found) - UnsafeRawPointer(start)
  }

  /// The storage that lines share.
  private struct Session: ~Copyable {
    private let lines: JSONLines
    private let writer: AnswerWriter
    private let output: Output
    private var json = JSONWriter()
    private var quick: QuickAnswers
    private(set) var allPriced = true
    /// When the requests came that are answered next.
    var now = Instant.now()

    init(_ lines: JSONLines, _ output: Output) {
      self.lines = lines
      self.output = output
      writer = AnswerWriter(cardName: lines.card.name, version: lines.card.version)
      quick = QuickAnswers(lines.card, priceOnly: lines.priceOnly)
    }

    mutating func answer(_ line: UnsafeBufferPointer<UInt8>) {
      if quick.read(line), let answer = quick.answer(at: now) {
        output.write(atMost: answer.limit + 2) { text in
          let end = text + quick.write(answer, to: text)
          end[0] = UInt8(ascii: "}")
          end[1] = UInt8(ascii: "\n")
          return end + 2 - text
        }
        if !answer.isPriced { allPriced = false }
        return
      }
      let request = Result { () throws(RequestError) in try RequestReader.request(json: line) }
      let answer = Answer(lines.card, request, lines.priceOnly, at: now)
      json.restart()
      switch answer {
      case .decision(let decision): writer.write(decision, to: &json)
      case .quote(let quote): writer.write(quote, to: &json)
      case .failure(let error): AnswerWriter.write(error, to: &json)
      }
      finish(isPriced: answer.isPriced)
    }

    mutating func refuseLongLine() {
      json.restart()
      AnswerWriter.write(
        RequestError(.invalidRequest, "the line is longer than \(JSONLines.lineLimit) bytes"),
        to: &json)
      finish(isPriced: false)
    }

    private mutating func finish(isPriced: Bool) {
      if !isPriced { allPriced = false }
      json.raw(CollectionOfOne(UInt8(ascii: "\n")))
      output.write(json.bytes)
    }
  }
}
