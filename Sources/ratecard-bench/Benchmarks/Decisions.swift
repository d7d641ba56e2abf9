internal import Ratecard
internal import RatecardDiagnostics
internal import RatecardJSON
internal import RatecardValues
internal import RatecardWorkloads

extension Benchmark {
  /// Whole decisions of cards of different sizes.
  static let decisions = Benchmark(
    name: "decisions",
    summary: "tier, route and cost of random requests with 5 texts and 2 numbers, ns a request"
  ) { _ in
    var measured: [JSONValue] = []
    print("      rules  form   least, median, most of: \(DecisionBenchmark.ways)")
    for rules in [10, 1_000, 10_000, 100_000] {
      measured.append(try DecisionBenchmark(rules: rules).run())
    }
    return ["decisions": .array(measured)]
  }
}

/// One card and the requests to ask it.
struct DecisionBenchmark {
  private static let requestCount = 65_536
  /// How many requests are put at once where many are.
  private static let batchSize = 256
  private let rules: Int
  private let card: RateCard
  private let requests: [DecisionCard.Request]
  private let texts: [AttributeHandle]
  private let numbers: [AttributeHandle]
  private let now: Instant

  struct Failure: Error {
    let reason: String
  }

  /// How requests are put.
  enum Way: String, CaseIterable {
    /// One by one, as texts.
    case strings
    /// Many at once, as texts.
    case stringBatches = "strings-batch"
    /// One by one, as what was looked up before.
    case handles
    /// Many at once, as what was looked up before.
    case handleBatches = "handles-batch"
    /// Value by value into a buffer, as what was looked up before.
    case buffer
  }

  /// What stands in the columns of a row.
  static var ways: String { Way.allCases.map(\.rawValue).joined(separator: ", ") }

  init(rules: Int) throws {
    self.rules = rules
    let workload = DecisionCard(rules: rules)
    let file = SourceFile(path: "card.yaml", bytes: Array(workload.text.utf8))
    let result = RateCard.load(files: [file])
    guard let card = result.card else {
      let first = result.report.diagnostics.first.map { "\($0.code.id) \($0.message)" } ?? ""
      throw Failure(reason: "the card of \(rules) rules does not load: \(first)")
    }
    self.card = card
    requests = workload.requests(Self.requestCount, seed: 7)
    texts = try DecisionCard.texts.map { try card.handle($0) }
    numbers = try DecisionCard.numbers.map { try card.handle($0) }
    now = try Instant(parsing: "2026-11-26")
  }

  func run() throws -> JSONValue {
    var rows: [JSONValue] = []
    var sums: Set<UInt64> = []
    for usesGraphs in [true, false] {
      var row = "\(column(Double(rules), 11))  \(usesGraphs ? "fastest" : "rows   ")"
      var members: [JSONValue.Member] = [
        .init("rules", .number("\(rules)")), .init("form", usesGraphs ? "fastest" : "rows"),
      ]
      for way in Way.allCases {
        let asker = try asker(way, usesGraphs: usesGraphs)
        var sum: UInt64 = 0
        let time = try Stopwatch(runs: 15).nanoseconds(requests.count) { sum = try asker() }
        sums.insert(sum)
        row += column(time.least, 8) + column(time.median, 8) + column(time.greatest, 8)
        members.append(.init("\(way.rawValue.replacing("-", with: "_"))_ns", time.json))
      }
      print(row)
      rows.append(.object(members))
    }
    guard sums.count == 1 else { throw Failure(reason: "the answers differ") }
    return .array(rows)
  }

  /// Asks everything so many times, for whoever counts instructions.
  static func ask(_ words: ArraySlice<String>) throws -> Bool {
    let words = Array(words)
    guard words.count == 4, let rules = Int(words[0]), let way = Way(rawValue: words[1]),
      ["fastest", "rows"].contains(words[2]), let times = Int(words[3])
    else { return false }
    let asker = try DecisionBenchmark(rules: rules)
      .asker(way, usesGraphs: words[2] == "fastest")
    for _ in 0..<times { print(try asker()) }
    return true
  }

  /// What asks every request once, and answers what the answers come to.
  private func asker(_ way: Way, usesGraphs: Bool) throws -> () throws -> UInt64 {
    let card = usesGraphs ? card : card.withoutGraphs(keepingAdjustments: true)
    let numbers = requests.flatMap(\.numbers)
    let texts = requests.flatMap(\.texts)
    switch way {
    case .strings: return { try ask(card) { try sum(&$0, texts.span, numbers.span) } }
    case .stringBatches: return { try ask(card) { batchSum(&$0, texts.span, numbers.span) } }
    case .handles:
      let known = try requests.flatMap(known)
      return { try ask(card) { try sum(&$0, known.span, numbers.span) } }
    case .handleBatches:
      let known = try requests.flatMap(known)
      return { try ask(card) { batchSum(&$0, known.span, numbers.span) } }
    case .buffer:
      let known = try requests.flatMap(known)
      return { try sum(card, known.span, numbers.span) }
    }
  }

  /// Asks a card that is prepared for these requests.
  private func ask(
    _ card: RateCard, _ body: (inout PreparedCard) throws -> UInt64
  ) throws -> UInt64 {
    var prepared = try card.prepared(texts: DecisionCard.texts, integers: DecisionCard.numbers)
    return try body(&prepared)
  }

  private func sum(
    _ card: inout PreparedCard, _ texts: Swift.Span<String>, _ numbers: Swift.Span<Int>
  ) throws -> UInt64 {
    var sum: UInt64 = 0
    for index in 0..<requests.count {
      let verdict = try card.judge(
        texts.extracting(index * 5..<index * 5 + 5),
        numbers.extracting(index * 2..<index * 2 + 2), at: now)
      Self.add(verdict, to: &sum)
    }
    return sum
  }

  private func sum(
    _ card: inout PreparedCard, _ texts: Swift.Span<TextHandle>, _ numbers: Swift.Span<Int>
  ) throws -> UInt64 {
    var sum: UInt64 = 0
    for index in 0..<requests.count {
      let verdict = try card.judge(
        texts.extracting(index * 5..<index * 5 + 5),
        numbers.extracting(index * 2..<index * 2 + 2), at: now)
      Self.add(verdict, to: &sum)
    }
    return sum
  }

  private func batchSum(
    _ card: inout PreparedCard, _ texts: Swift.Span<String>, _ numbers: Swift.Span<Int>
  ) -> UInt64 {
    var sum: UInt64 = 0
    var answers = Array(repeating: Verdict.unanswered, count: Self.batchSize)
    for first in stride(from: 0, to: requests.count, by: Self.batchSize) {
      let last = first + Self.batchSize
      var span = answers.mutableSpan
      card.judge(
        texts.extracting(first * 5..<last * 5), numbers.extracting(first * 2..<last * 2), at: now,
        into: &span)
      for row in span.indices { Self.add(span[row], to: &sum) }
    }
    return sum
  }

  private func batchSum(
    _ card: inout PreparedCard, _ texts: Swift.Span<TextHandle>, _ numbers: Swift.Span<Int>
  ) -> UInt64 {
    var sum: UInt64 = 0
    var answers = Array(repeating: Verdict.unanswered, count: Self.batchSize)
    for first in stride(from: 0, to: requests.count, by: Self.batchSize) {
      let last = first + Self.batchSize
      var span = answers.mutableSpan
      card.judge(
        texts.extracting(first * 5..<last * 5), numbers.extracting(first * 2..<last * 2), at: now,
        into: &span)
      for row in span.indices { Self.add(span[row], to: &sum) }
    }
    return sum
  }

  private func sum(
    _ card: RateCard, _ given: Swift.Span<TextHandle>, _ integers: Swift.Span<Int>
  ) throws -> UInt64 {
    var sum: UInt64 = 0
    var buffer = RequestBuffer(for: card)
    let (first, second) = (numbers[0], numbers[1])
    let (type, model, plan, region, client) = (texts[0], texts[1], texts[2], texts[3], texts[4])
    for index in 0..<requests.count {
      buffer.set(type, given[index * 5])
      buffer.set(model, given[index * 5 + 1])
      buffer.set(plan, given[index * 5 + 2])
      buffer.set(region, given[index * 5 + 3])
      buffer.set(client, given[index * 5 + 4])
      try buffer.set(first, integer: integers[index * 2])
      try buffer.set(second, integer: integers[index * 2 + 1])
      Self.add(try card.judge(&buffer, at: now), to: &sum)
    }
    return sum
  }

  @inline(__always)
  private static func add(_ verdict: Verdict, to sum: inout UInt64) {
    sum = (sum ^ UInt64(truncatingIfNeeded: verdict.costRule?.place ?? -1)) &* 0x100_0000_01B3
    sum &+= UInt64(truncatingIfNeeded: verdict.credits?.significand ?? -1)
  }

  private func known(_ request: DecisionCard.Request) throws -> [TextHandle] {
    try zip(request.texts, texts).map { text, handle in
      guard let known = try card.text(text, for: handle) else {
        throw Failure(reason: "`\(text)` has no handle")
      }
      return known
    }
  }
}
