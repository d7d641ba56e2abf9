internal import RatecardEngine
internal import RatecardModel
public import RatecardValues

extension RateCard {
  /// Prepares the card for requests that all carry the same attributes: some texts and some integers,
  /// in this order.
  ///
  /// Throws `invalid_request` for a name that the card does not have or that is given twice, and for
  /// what would be wrong with every such request. O(attributes of the card).
  public func prepared(
    for question: PreparedCard.Question = .decision, texts: [String] = [], integers: [String] = []
  ) throws(RequestError) -> PreparedCard {
    try PreparedCard(self, question, texts: texts, integers: integers)
  }
}

/// A card prepared for requests that all carry the same attributes, with the storage to answer them:
/// the fastest way to ask.
///
/// ```swift
/// var agents = try card.prepared(texts: ["request_type", "model"], integers: ["balance"])
/// let verdict = try agents.judge(["agent", "o1"].span, [120].span)
/// ```
/// Rows of values are answered one by one, or many at once, which takes less time for each. No answer
/// allocates anything, makes a text, or takes longer for attributes that rows do not carry. What no
/// row carries has its default. One task uses it at a time.
public struct PreparedCard: ~Copyable, Sendable {
  /// What is asked of the card.
  public enum Question: Sendable {
    /// Tier, route and cost, as `RateCard.judge` answers.
    case decision
    /// The cost alone, with `tier` and `model` as given, as `RateCard.judgeCost` answers.
    case price
  }

  private let question: Question
  private let texts: [AttributeHandle]
  private let integers: [AttributeHandle]
  private var rows: PreparedRows
  /// Answers what is unusual.
  private var buffer: RequestBuffer

  init(
    _ card: RateCard, _ question: Question, texts: [String], integers: [String]
  ) throws(RequestError) {
    var seen: Set<Int> = []
    func handles(_ names: [String]) throws(RequestError) -> [AttributeHandle] {
      var handles: [AttributeHandle] = []
      for name in names {
        let handle = try card.handle(name)
        guard seen.insert(handle.place).inserted else {
          throw RequestError(
            .invalidRequest, "`\(name)` is given twice", attribute: name, help: "give it once")
        }
        handles.append(handle)
      }
      return handles
    }
    let (texts, integers) = (try handles(texts), try handles(integers))
    var buffer = RequestBuffer(for: card)
    rows = try Self.rows(&buffer, question, texts, integers)
    self.buffer = buffer
    (self.question, self.texts, self.integers) = (question, texts, integers)
  }

  private static func rows(
    _ buffer: inout RequestBuffer, _ question: Question, _ texts: [AttributeHandle],
    _ integers: [AttributeHandle]
  ) throws(RequestError) -> PreparedRows {
    do {
      return try PreparedRows(
        &buffer.request, for: question == .decision ? .decision : .price,
        texts: texts.map(\.place), integers: integers.map(\.place),
        namesModels: !buffer.card.names.hasModelPatterns,
        looksAtGrants: question == .decision || buffer.card.model.pricesLookAtGrants)
    } catch {
      throw RequestError(error, buffer.card.model)
    }
  }

  /// The answer to one request: its texts and its integers, in the order in which the card was
  /// prepared for them.
  ///
  /// Throws as `RateCard.decide` does. `now` stands in for an `at` (default: the clock's time).
  public mutating func judge(
    _ texts: Span<String>, _ integers: Span<Int>, at now: Instant? = nil
  ) throws(RequestError) -> Verdict {
    checkCounts(1, texts.count, integers.count)
    let now = now ?? clockTime
    let answer = rows.answer(texts.start, integers.start, at: now, &buffer.request)
    return answer.isOpen ? try judge(texts.start, integers.start, now) : Verdict(answer)
  }

  /// The answer to one request whose texts were looked up before; their handles are of the attributes
  /// that the card was prepared for.
  ///
  /// Throws as `RateCard.decide` does. `now` stands in for an `at` (default: the clock's time).
  public mutating func judge(
    _ texts: Span<TextHandle>, _ integers: Span<Int>, at now: Instant? = nil
  ) throws(RequestError) -> Verdict {
    checkCounts(1, texts.count, integers.count)
    let now = now ?? clockTime
    let answer = rows.answer(texts.known, integers.start, at: now, &buffer.request)
    return answer.isOpen ? try judge(texts.start, integers.start, now) : Verdict(answer)
  }

  /// Answers many requests, the values of one after those of the other, and says how many have no
  /// answer.
  ///
  /// Where one has none, its verdict is no answer; asked alone, it throws the reason.
  @discardableResult
  public mutating func judge(
    _ texts: Span<String>, _ integers: Span<Int>, at now: Instant? = nil,
    into answers: inout MutableSpan<Verdict>
  ) -> Int {
    let count = answers.count
    checkCounts(count, texts.count, integers.count)
    let now = now ?? clockTime
    return answers.withUnsafeMutableBufferPointer { answers in
      guard let first = answers.baseAddress else { return 0 }
      let open = rows.answer(
        count, texts.start, integers.start, at: now, &buffer.request, into: first.known)
      return open == 0 ? 0 : close(first, count, texts.start, integers.start, now)
    }
  }

  /// Answers many requests whose texts were looked up before, and says how many have no answer.
  ///
  /// Where one has none, its verdict is no answer; asked alone, it throws the reason.
  @discardableResult
  public mutating func judge(
    _ texts: Span<TextHandle>, _ integers: Span<Int>, at now: Instant? = nil,
    into answers: inout MutableSpan<Verdict>
  ) -> Int {
    let count = answers.count
    checkCounts(count, texts.count, integers.count)
    let now = now ?? clockTime
    return answers.withUnsafeMutableBufferPointer { answers in
      guard let first = answers.baseAddress else { return 0 }
      let open = rows.answer(
        count, texts.known, integers.start, at: now, &buffer.request, into: first.known)
      return open == 0 ? 0 : close(first, count, texts.start, integers.start, now)
    }
  }

  /// Whether rows are answered here, and not each by itself elsewhere.
  package var isQuick: Bool { rows.isQuick }

  /// Answers rows whose texts are in UTF-8, and says how many it leaves open: those take a request of
  /// their own.
  ///
  /// The pointers are to as many values as the rows have, and to room for as many verdicts. From the
  /// start of each text 16 bytes may be read.
  package mutating func judge(
    rows count: Int, utf8 texts: UnsafePointer<UnsafeBufferPointer<UInt8>>,
    _ integers: UnsafePointer<Int>, at now: Instant, into answers: UnsafeMutablePointer<Verdict>
  ) -> Int {
    rows.answer(count, texts, integers, at: now, &buffer.request, into: answers.known)
  }

  @inline(__always)
  private func checkCounts(_ count: Int, _ textCount: Int, _ integerCount: Int) {
    precondition(
      textCount == count &* rows.textCount && integerCount == count &* rows.integerCount,
      "a request has as many values as the card was prepared for")
  }

  /// The time of requests that nobody says a time of.
  private var clockTime: Instant { rows.needsTime ? .now() : .earliest }

  /// Answers the rows that were left open, and says how many of them have no answer.
  @inline(never)
  private mutating func close<Text>(
    _ answers: UnsafeMutablePointer<Verdict>, _ count: Int, _ texts: UnsafePointer<Text>,
    _ integers: UnsafePointer<Int>, _ now: Instant
  ) -> Int {
    var unanswered = 0
    for row in 0..<count where !answers[row].isAnswer {
      do {
        answers[row] = try judge(
          texts + row * rows.textCount, integers + row * rows.integerCount, now)
      } catch {
        unanswered += 1
      }
    }
    return unanswered
  }

  /// The answer to one row, value by value.
  @inline(never)
  private mutating func judge<Text>(
    _ row: UnsafePointer<Text>, _ numbers: UnsafePointer<Int>, _ now: Instant
  ) throws(RequestError) -> Verdict {
    let card = buffer.card
    buffer.clear()
    defer { buffer.clear() }
    for (place, handle) in texts.enumerated() {
      switch row[place] {
      case let text as String: try buffer.set(handle, text: text)
      case let text as TextHandle: buffer.set(handle, text)
      default: preconditionFailure("texts are strings or handles")
      }
    }
    for (place, handle) in integers.enumerated() {
      try buffer.set(handle, integer: numbers[place])
    }
    return switch question {
    case .decision: try card.judge(&buffer, at: now)
    case .price: try card.judgeCost(&buffer, at: now)
    }
  }
}

extension Card {
  /// Whether a price can depend on what is granted, or on how much of it is left.
  fileprivate var pricesLookAtGrants: Bool {
    func looks(_ scope: RuleScope) -> Bool {
      scope.alternatives.contains { conditions in
        conditions.contains { $0.attribute == .granted || $0.attribute == .balancePercent }
      }
    }
    return costs.contains { looks($0.scope) } || adjustments.contains { looks($0.scope) }
  }
}

extension Span {
  /// Where its elements begin; nothing is read there when there are none.
  @inline(__always)
  fileprivate var start: UnsafePointer<Element> {
    // SAFETY: used only while the span itself is a parameter, which keeps its elements.
    withUnsafeBufferPointer { $0.baseAddress }
      ?? UnsafePointer(bitPattern: MemoryLayout<Element>.alignment).unsafelyUnwrapped
  }
}

extension UnsafeMutablePointer<Verdict> {
  /// The same memory as the engine knows it.
  @inline(__always)
  fileprivate var known: UnsafeMutablePointer<Evaluator.Verdict> {
    // SAFETY: a verdict has the same stored properties in the same order.
    UnsafeMutableRawPointer(self).assumingMemoryBound(to: Evaluator.Verdict.self)
  }
}

extension Span<TextHandle> {
  /// The same elements as the engine knows them.
  @inline(__always)
  fileprivate var known: UnsafePointer<Request.KnownText> {
    UnsafeRawPointer(start).assumingMemoryBound(to: Request.KnownText.self)
  }
}
