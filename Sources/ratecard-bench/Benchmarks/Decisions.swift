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
    print("      rules  form       strings: least, median, most   handles")
    for rules in [10, 1_000, 10_000, 100_000] {
      measured.append(try DecisionBenchmark(rules: rules).run())
    }
    return ["decisions": .array(measured)]
  }
}

/// One card and the requests to ask it.
struct DecisionBenchmark {
  private static let requestCount = 65_536
  private let rules: Int
  private let card: RateCard
  private let requests: [DecisionCard.Request]
  private let texts: [AttributeHandle]
  private let numbers: [AttributeHandle]
  private let now: Instant

  struct Failure: Error {
    let reason: String
  }

  /// How a request is given its texts.
  enum Way: String, CaseIterable {
    /// As texts.
    case strings
    /// As what was looked up before.
    case handles
  }

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
        members.append(.init("\(way.rawValue)_ns", time.json))
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
    let (first, second) = (self.numbers[0], self.numbers[1])
    let (type, model, plan, region, client) = (texts[0], texts[1], texts[2], texts[3], texts[4])
    let (now, count) = (now, requests.count)
    func sum(_ set: (Int, inout RequestBuffer) throws -> Void) throws -> UInt64 {
      var sum: UInt64 = 0
      var buffer = RequestBuffer(for: card)
      try numbers.withUnsafeBufferPointer { numbers in
        for index in 0..<count {
          try set(index, &buffer)
          try buffer.set(first, integer: numbers[index * 2])
          try buffer.set(second, integer: numbers[index * 2 + 1])
          let verdict = try card.judge(&buffer, at: now)
          sum = (sum ^ UInt64(truncatingIfNeeded: verdict.costRule?.place ?? -1)) &* 0x100_0000_01B3
          sum &+= UInt64(truncatingIfNeeded: verdict.credits?.significand ?? -1)
        }
      }
      return sum
    }
    switch way {
    case .strings:
      let given = requests.flatMap(\.texts)
      return {
        try given.withUnsafeBufferPointer { given in
          try sum { index, buffer in
            try buffer.set(type, text: given[index * 5])
            try buffer.set(model, text: given[index * 5 + 1])
            try buffer.set(plan, text: given[index * 5 + 2])
            try buffer.set(region, text: given[index * 5 + 3])
            try buffer.set(client, text: given[index * 5 + 4])
          }
        }
      }
    case .handles:
      let known = try requests.flatMap(known)
      return {
        try known.withUnsafeBufferPointer { known in
          try sum { index, buffer in
            buffer.set(type, known[index * 5])
            buffer.set(model, known[index * 5 + 1])
            buffer.set(plan, known[index * 5 + 2])
            buffer.set(region, known[index * 5 + 3])
            buffer.set(client, known[index * 5 + 4])
          }
        }
      }
    }
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
