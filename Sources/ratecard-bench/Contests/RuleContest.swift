internal import Ratecard
internal import RatecardDiagnostics
internal import RatecardJSON
internal import RatecardTestSupport
internal import RatecardValues
internal import RatecardWorkloads

/// Which cost rule of a card holds: rules of all kinds, or the bands of one number.
struct RuleContest {
  private let name: String
  private let kind: String
  private let card: RateCard
  private let texts: [String]
  private let numbers: [String]
  private let requests: [DecisionCard.Request]
  private let now: Instant

  /// Rules of all kinds.
  init(mixed rules: Int) throws {
    let workload = DecisionCard(rules: rules)
    try self.init(
      "mixed-\(rules)", "mixed", workload.text, texts: DecisionCard.texts,
      numbers: DecisionCard.numbers, workload.requests(65_536, seed: 7))
  }

  /// A ladder of so many bands.
  init(bands: Int) throws {
    var text = """
      ratecard: 1
      name: bands
      credit: {unit: credit, decimals: 0}
      attributes: {input_tokens: count}
      costs:

      """
    let width = 200
    for band in 0..<bands {
      let upper = band == bands - 1 ? "" : ", below: \((band + 1) * width)"
      text +=
        "  - {when: {input_tokens: {at_least: \(band * width)\(upper)}}, credits: \(band + 1)}\n"
    }
    var random = SplitMix(seed: 5)
    let requests = (0..<65_536).map { _ in
      DecisionCard.Request(texts: [], numbers: [random.below(bands * width)])
    }
    try self.init(
      "bands-\(bands)", "bands", text, texts: [], numbers: ["input_tokens"], requests)
  }

  private init(
    _ name: String, _ kind: String, _ text: String, texts: [String], numbers: [String],
    _ requests: [DecisionCard.Request]
  ) throws {
    (self.name, self.kind, self.texts, self.numbers) = (name, kind, texts, numbers)
    self.requests = requests
    now = try Instant(parsing: "2026-11-26")
    card = try .loaded(
      RateCard.load(files: [SourceFile(path: "card.yaml", bytes: Array(text.utf8))]))
  }

  func contest(outer: [(name: String, script: String)]) throws -> Contest {
    let list = try RuleList(of: card.model, at: now)
    let ours = try ours()
    return Contest(
      name: name,
      description: [
        "kind": .string(kind), "attributes": .array((texts + numbers).map { .string($0) }),
        "rules": try list.json(),
        "requests": .array(
          requests.map { request in
            .array(
              request.texts.map { .string($0) } + request.numbers.map { .number("\($0)") })
          }),
      ],
      answers: try ours.allAnswers(), inner: [ours], outer: outer)
  }

  private func ours() throws -> InnerContender {
    let (card, now, texts, numbers) = (card, now, texts, numbers)
    let (givenTexts, givenNumbers) = (requests.flatMap(\.texts), requests.flatMap(\.numbers))
    return InnerContender("ratecard, from Strings", count: requests.count) { answers in
      var prepared = try card.prepared(for: .price, texts: texts, integers: numbers)
      let (givenTexts, givenNumbers) = (givenTexts.span, givenNumbers.span)
      let (textCount, numberCount) = (texts.count, numbers.count)
      for index in answers.indices {
        let verdict = try prepared.judge(
          givenTexts.extracting(index &* textCount..<(index &+ 1) &* textCount),
          givenNumbers.extracting(index &* numberCount..<(index &+ 1) &* numberCount), at: now)
        answers[index] = verdict.costRule?.place ?? -1
      }
    }
  }
}
