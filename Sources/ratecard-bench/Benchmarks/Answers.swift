internal import Ratecard
internal import RatecardDiagnostics
internal import RatecardJSON
internal import RatecardTestSupport
internal import RatecardValues

extension Benchmark {
  /// Answers of a special kind, each with a card of its own.
  static let answers = Benchmark(
    name: "answers", summary: "bands, usage with rates, explanations; ns each"
  ) { _ in
    print("\(String(repeating: " ", count: 44))   least  median    most    at most")
    return [
      "answers": .array([try ladder(), try pricedUsage(), try explanation()])
    ]
  }

  private static func row(
    _ name: String, _ time: Nanoseconds, atMost target: Double
  ) -> JSONValue {
    print(
      name + String(repeating: " ", count: max(0, 44 - name.count))
        + column(time.least, 8) + column(time.median, 8) + column(time.greatest, 8)
        + column(target, 11) + (time.median <= target ? "" : "  MISSED"))
    return ["what": .string(name), "ns": time.json, "target_ns": .number(column(target, 0))]
  }

  private static func card(_ text: String) throws -> RateCard {
    let file = SourceFile(path: "card.yaml", bytes: Array(("ratecard: 1\n" + text).utf8))
    let result = RateCard.load(files: [file])
    guard let card = result.card else {
      let first = result.report.diagnostics.first
      throw DecisionBenchmark.Failure(
        reason: "a card does not load: \(first?.code.id ?? "") \(first?.message ?? "")")
    }
    return card
  }

  /// A price for each of ten thousand bands of one quantity.
  private static func ladder() throws -> JSONValue {
    var text = "name: ladder\nattributes: {input_tokens: count}\ncosts:\n"
    for band in 0..<10_000 {
      text += "  - {when: {input_tokens: {at_least: \(band * 100), below: \(band * 100 + 100)}}, "
      text += "credits: \(band % 97 + 1)}\n"
    }
    let card = try card(text)
    var random = SplitMix(seed: 1)
    let (requests, noTexts) = ((0..<65_536).map { _ in random.below(1_000_000) }, [String]())
    var prepared = try card.prepared(integers: ["input_tokens"])
    var sum = 0
    let time = try Stopwatch(runs: 15).nanoseconds(requests.count) {
      let (requests, noTexts) = (requests.span, noTexts.span)
      for index in requests.indices {
        let verdict = try prepared.judge(
          noTexts, requests.extracting(index..<index + 1), at: .earliest)
        sum &+= Int(truncatingIfNeeded: verdict.credits?.significand ?? 0)
      }
    }
    print("", terminator: sum == 0 ? "?" : "")
    return row("a ladder of 10,000 bands", time, atMost: 120)
  }

  /// Four rates, of which two are parts, and two adjustments.
  private static func pricedUsage() throws -> JSONValue {
    let card = try card(
      """
      name: usage
      credit: {decimals: 6, worth: 0.01 USD}
      attributes:
        input_tokens: count
        cached_tokens: {type: count, part_of: input_tokens}
        written_tokens: {type: count, part_of: input_tokens}
        output_tokens: count
        batch: flag
      models: {sonnet: {}, haiku: {}}
      plans: {enterprise: {}}
      costs:
        - name: sonnet
          when: {model: sonnet}
          rates: {input_tokens: 3 USD per 1M, cached_tokens: 0.3 USD per 1M, written_tokens: 3.75 USD per 1M, output_tokens: 15 USD per 1M}
        - name: haiku
          when: {model: haiku}
          rates: {input_tokens: 1 USD per 1M, cached_tokens: 0.1 USD per 1M, written_tokens: 1.25 USD per 1M, output_tokens: 5 USD per 1M}
      adjustments:
        - {name: batch, when: {batch: true}, multiply: 0.5}
        - {name: enterprise, when: {plan: enterprise}, multiply: 1.05}
      """)
    let (model, plan) = (try card.handle("model"), try card.handle("plan"))
    let batch = try card.handle("batch")
    let names = ["input_tokens", "cached_tokens", "written_tokens", "output_tokens"]
    let numbers = try names.map { try card.handle($0) }
    var random = SplitMix(seed: 2)
    let models = ["sonnet", "haiku"]
    let requests = (0..<65_536).map { _ -> [Int] in
      let input = random.below(200_000)
      let cached = random.below(input + 1)
      return [
        random.below(2), input, cached, random.below(input - cached + 1), random.below(8_000),
      ]
    }
    var buffer = RequestBuffer(for: card)
    try buffer.set(plan, text: "enterprise")
    try buffer.set(batch, flag: true)
    var sum: Int128 = 0
    let time = try Stopwatch(runs: 15).nanoseconds(requests.count) {
      for request in requests {
        try buffer.set(model, text: models[request[0]])
        for place in 0..<4 { try buffer.set(numbers[place], integer: request[place + 1]) }
        sum &+= try card.judge(&buffer, at: .earliest).credits?.significand ?? 0
      }
    }
    print("", terminator: sum == 0 ? "?" : "")
    return row("usage with four rates and two adjustments", time, atMost: 150)
  }

  private static func explanation() throws -> JSONValue {
    let card = try card(
      """
      name: explained
      attributes: {request_type: [chat, agent]}
      models: {small: {}, large: {}}
      costs:
        - {name: rest, credits: 1}
        - name: weights
          table: [request_type, model]
          cells: {chat: {small: 1, large: 2}, agent: {small: 5, large: 25}}
      tiers:
        - {tier: fast}
        - {name: none left, tier: slow, when: {balance: {at_most: 0}}}
      routes:
        - {name: rest, queue: standard}
        - {name: slow, when: {tier: slow}, model: small}
      adjustments: [{name: half, when: {tier: slow}, multiply: 0.5}]
      """)
    let request: [String: RequestValue] = [
      "request_type": "agent", "model": "large", "balance": 12,
    ]
    var steps = 0
    let time = Stopwatch(runs: 15).nanoseconds(2_000) {
      for _ in 0..<2_000 { steps += card.explain(request, at: .earliest).steps.count }
    }
    print("", terminator: steps == 0 ? "?" : "")
    return row("an explanation", time, atMost: 50_000)
  }
}
