internal import Ratecard
internal import RatecardDiagnostics
internal import RatecardJSON
internal import RatecardTestSupport
internal import RatecardValues

/// The price of a usage record: four rates, of which two are for parts of another, and two
/// adjustments.
///
/// The rates are those of a model that public price lists have. Answers are in hundred-millionths of
/// a dollar, and whole.
struct UsageContest {
  private static let attributes = [
    "input_tokens", "cache_read_tokens", "cache_write_tokens", "output_tokens",
  ]
  private static let model = "claude-sonnet-4-5"
  private static let text = """
    ratecard: 1
    name: usage
    credit: {unit: US dollar, decimals: 8, worth: 1 USD}
    attributes:
      input_tokens: count
      cache_read_tokens: {type: count, part_of: input_tokens}
      cache_write_tokens: {type: count, part_of: input_tokens}
      output_tokens: count
    models:
      \(model): {}
    plans:
      enterprise: {}
    costs:
      - name: sonnet
        when: {model: \(model)}
        rates:
          input_tokens: 3 USD per 1M
          cache_read_tokens: 0.3 USD per 1M
          cache_write_tokens: 3.75 USD per 1M
          output_tokens: 15 USD per 1M
    adjustments:
      - {name: enterprise markup, when: {plan: enterprise}, multiply: 1.05}
      - {name: partners, multiply: 0.9}

    """

  private let card: RateCard
  private let requests: [[Int]]

  init() throws {
    card = try .loaded(
      RateCard.load(files: [SourceFile(path: "card.yaml", bytes: Array(Self.text.utf8))]))
    var random = SplitMix(seed: 3)
    requests = (0..<65_536).map { _ in
      // Of two hundred tokens each price has eight decimals.
      let input = random.below(900)
      let read = random.below(input + 1)
      let written = random.below(input - read + 1)
      return [input, read, written, random.below(200)].map { $0 * 200 }
    }
  }

  func contest(outer: [(name: String, script: String)]) throws -> Contest {
    let ours = try ours()
    return Contest(
      name: "usage",
      description: [
        "kind": "usage", "model": .string(Self.model),
        "attributes": .array(Self.attributes.map { .string($0) }),
        "requests": .array(requests.map { .array($0.map { .number("\($0)") }) }),
      ],
      answers: requests.map(Self.cost), inner: [ours], outer: outer)
  }

  /// The same by hand.
  private static func cost(_ numbers: [Int]) -> Int32 {
    let (input, read, written, output) = (numbers[0], numbers[1], numbers[2], numbers[3])
    let cost = (input - read - written) * 300 + read * 30 + written * 375 + output * 1_500
    return Int32(cost * 945 / 1_000)
  }

  private func ours() throws -> InnerContender {
    let (card, given) = (card, requests.flatMap(\.self))
    let texts = requests.flatMap { _ in [Self.model, "enterprise"] }
    let now = try Instant(parsing: "2026-11-26")
    return InnerContender("ratecard, from Strings", count: requests.count) { answers in
      var prepared = try card.prepared(
        for: .price, texts: ["model", "plan"], integers: Self.attributes)
      let (texts, given) = (texts.span, given.span)
      for index in answers.indices {
        let verdict = try prepared.judge(
          texts.extracting(index &* 2..<index &* 2 &+ 2),
          given.extracting(index &* 4..<index &* 4 &+ 4), at: now)
        answers[index] = verdict.credits?.units(ofDecimals: 8) ?? -1
      }
    }
  }
}
