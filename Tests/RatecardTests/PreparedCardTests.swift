import Ratecard
import RatecardModel
import RatecardTestSupport
import RatecardValues
import Testing

/// A prepared card answers as a buffer does, one by one and many at once.
@Suite struct PreparedCardTests {
  private static func load(_ text: String) throws -> RateCard {
    let sample = Sample(text)
    let result = RateCard.load(files: sample.files)
    return try #require(result.card, "\(sample.describe(result.report.diagnostics))")
  }

  private static let card = """
    attributes:
      region: {type: text, default: eu-west}
      effort: [low, high]
      seats: {type: count, default: 3}
      cached: {type: count, part_of: tokens}
      tokens: count
      offset: number
    models:
      small: {class: cheap}
      large: {aliases: [big], class: dear}
    plans: {free: {credits: 0}, pro: {credits: 200}, team: {}, huge: {credits: 0.5}}
    costs:
      - {name: other, credits: 1.25}
      - {name: europe, when: {region: "eu-*"}, credits: 2}
      - {name: dear, when: {model_class: dear}, overrides: europe, credits: 3}
      - name: asked
        when: {requested_model: large, model: small}
        overrides: [europe, dear, by tokens]
        credits: 4
      - name: by tokens
        when: {effort: high}
        overrides: [europe, dear]
        rates: {tokens: 3 per 1K, cached: 0.3 per 1K, seats: 0.007}
        maximum: 400
      - {name: not sold, when: {offset: {below: -5}, effort: present}, overrides: [by tokens, europe, dear, asked], deny: no}
      - name: bands
        when: {offset: {above: 5}, effort: present}
        overrides: [by tokens, europe, dear, asked]
        rates: {tokens: {graduated: [{up_to: 100, rate: 1}, {up_to: 5K, rate: 0.5}]}}
    adjustments:
      - {name: low, when: {balance_percent: {below: 20}}, add: 10}
      - {name: off, when: {seats: {above: 5}}, multiply: 0.333}
    tiers:
      - tier: usual
      - {name: none left, tier: slow, when: {balance: {at_most: 0}}}
    routes:
      - {name: slow, when: {tier: slow}, model: small}
      - {name: split, when: {tier: usual, plan: team}, split: {by: seats, small: 1, large: 1}}
      - {name: closed, when: {tier: usual, region: closed}, overrides: split, deny: closed}
    """

  private static let texts: [String: [String]] = [
    "model": ["small", "large", "big", "nobody", ""],
    "region": ["eu-north", "us", "", "closed", String(repeating: "eu-", count: 9)],
    "effort": ["low", "high", "high", "middling"], "plan": ["free", "pro", "team", "huge", "none"],
    "requested_model": ["large", "small", "nobody"],
  ]
  private static let integers: [String: [Int]] = [
    "seats": [0, 6, 7, .max], "tokens": [0, 99, 5_000, 5_001, 80_000, -1, .max],
    "cached": [0, 99, 5_001], "offset": [-6, 0, 6, .min, .max],
    "balance": [0, 10, -5, 40, .max], "granted": [0, 50, 1_000],
  ]

  /// Every choice of attributes, in any order, with values of all kinds.
  @Test(arguments: 0..<150)
  func answersAsABufferDoes(_ seed: UInt64) throws {
    var random = SplitMix(seed: seed)
    let isPrice = random.oneIn(2)
    let patterned = Self.card.replacing("[big]", with: "[big, no*]")
    let loaded = try Self.load(random.oneIn(3) ? patterned : Self.card)
    let card = random.oneIn(3) ? loaded.withoutGraphs() : loaded
    var names = [[String](), []]
    for (place, all) in [Self.texts.keys.sorted(), Self.integers.keys.sorted()].enumerated() {
      names[place] = all.filter { _ in !random.oneIn(3) }.shuffled(using: &random)
      if !isPrice { names[place].removeAll { $0 == "requested_model" } }
      // A split's key takes the long way for all rows, so most do without.
      if !random.oneIn(4) { names[place].removeAll { $0 == "seats" } }
    }
    let (texts, integers) = (names[0], names[1])
    var prepared = try card.prepared(
      for: isPrice ? .price : .decision, texts: texts, integers: integers)
    let rows = 150
    let givenTexts = (0..<rows).flatMap { _ in
      texts.map { name in Self.texts[name]?[random.below(Self.texts[name]?.count ?? 1)] ?? "" }
    }
    let givenIntegers = (0..<rows).flatMap { _ in
      integers.map { Self.integers[$0]?[random.below(Self.integers[$0]?.count ?? 1)] ?? 0 }
    }
    var answers = Array(repeating: Verdict.unanswered, count: rows)
    var span = answers.mutableSpan
    let open = prepared.judge(
      givenTexts.span, givenIntegers.span, at: .earliest, into: &span)
    #expect(open == answers.count { !$0.isAnswer })
    var buffer = RequestBuffer(for: card)
    for row in 0..<rows {
      let texts = givenTexts[row * texts.count..<(row + 1) * texts.count]
      let integers = givenIntegers[row * integers.count..<(row + 1) * integers.count]
      buffer.clear()
      let expected = Self.text { () throws(RequestError) in
        for (name, text) in zip(names[0], texts) { try buffer.set(card.handle(name), text: text) }
        for (name, integer) in zip(names[1], integers) {
          try buffer.set(card.handle(name), integer: integer)
        }
        return try isPrice
          ? card.judgeCost(&buffer, at: .earliest) : card.judge(&buffer, at: .earliest)
      }
      let (rowTexts, rowIntegers) = (Array(texts), Array(integers))
      let found = Self.text { () throws(RequestError) in
        try prepared.judge(rowTexts.span, rowIntegers.span, at: .earliest)
      }
      #expect(found == expected, "\(names) \(texts) \(integers)")
      let isSame = answers[row].isAnswer ? "\(answers[row])" == expected : expected.hasPrefix("!")
      #expect(isSame, "\(names) \(texts) \(integers)")
      let handles = try? zip(names[0], texts).map { try card.text($1, for: card.handle($0)) }
      let known = handles?.compactMap(\.self) ?? []
      if known.count == texts.count {
        let found = Self.text { () throws(RequestError) in
          try prepared.judge(known.span, rowIntegers.span, at: .earliest)
        }
        #expect(found == expected, "\(names) \(texts) \(integers)")
      }
    }
  }

  private static func text(_ body: () throws(RequestError) -> Verdict) -> String {
    do { return "\(try body())" } catch { return "!\(error)" }
  }

  @Test func saysAtOnceWhatIsWrongWithEveryRow() throws {
    let card = try Self.load(
      """
      costs: [{name: flat, credits: 1}, {name: fast, when: {tier: fast}, credits: 2}]
      tiers: [{tier: usual}, {tier: fast, name: f, when: {balance: {above: 9}}}]
      """)
    func message(_ question: PreparedCard.Question, _ texts: [String]) -> String? {
      do {
        _ = try card.prepared(for: question, texts: texts)
        return nil
      } catch {
        return error.message
      }
    }
    #expect(message(.decision, ["modell"]) == "`modell` is not an attribute of this card")
    #expect(message(.decision, ["model", "model"]) == "`model` is given twice")
    #expect(message(.decision, ["model_class"]) != nil)
    #expect(message(.decision, ["tier"]) != nil)
    #expect(message(.decision, ["requested_model"]) != nil)
    #expect(message(.price, ["model"]) != nil)
    #expect(message(.price, ["tier"]) == nil)
    var prepared = try card.prepared(for: .price, texts: ["tier"])
    let noIntegers: [Int] = []
    #expect(try prepared.judge(["fast"].span, noIntegers.span).credits == Number(2))
    #expect(throws: RequestError.self) {
      try prepared.judge(["no such tier"].span, noIntegers.span)
    }
  }

  /// Dates and windows are those of the time that is said, whatever was said before.
  @Test func followsTheClock() throws {
    let card = try Self.load(
      """
      windows: {night: {hours: "22:00-06:00"}}
      costs:
        - {name: usual, credits: 1}
        - {name: later, from: 2027-01-01, credits: 2}
        - {name: night, when: {window: night}, overrides: [usual, later], credits: 3}
      """)
    let nothing: ([String], [Int]) = ([], [])
    var prepared = try card.prepared()
    for (time, credits) in [
      ("2026-06-01T12:00:00Z", 1), ("2026-06-01T23:00:00Z", 3), ("2027-06-01T12:00:00Z", 2),
      ("2026-06-01T12:00:00Z", 1),
    ] {
      let now = try Instant(parsing: time)
      var answers = Array(repeating: Verdict.unanswered, count: 70)
      var span = answers.mutableSpan
      #expect(prepared.judge(nothing.0.span, nothing.1.span, at: now, into: &span) == 0)
      #expect(answers.allSatisfy { $0.credits == Number(credits) }, "\(time)")
      let verdict = try prepared.judge(nothing.0.span, nothing.1.span, at: now)
      #expect(verdict.credits == Number(credits), "\(time)")
    }
  }

  @Test func whatDoesNotFitIsOurOwnMistake() async {
    await #expect(processExitsWith: .failure) {
      let card = try Self.load("costs: [{name: c, credits: 1}]")
      var prepared = try card.prepared(texts: ["model"])
      let integers: [Int] = []
      _ = try prepared.judge(["m", "n"].span, integers.span)
    }
    await #expect(processExitsWith: .failure) {
      let text = "models: {m: {}}\ncosts: [{name: c, when: {model: m}, credits: 1}]"
      let (first, second) = (try Self.load(text), try Self.load(text))
      var prepared = try first.prepared(texts: ["model"])
      let integers: [Int] = []
      if let known = try second.text("m", for: second.handle("model")) {
        _ = try prepared.judge([known].span, integers.span)
      }
    }
  }
}
