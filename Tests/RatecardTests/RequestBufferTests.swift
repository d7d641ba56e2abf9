import Ratecard
import RatecardModel
import RatecardTestSupport
import RatecardValues
import Testing

/// A buffer that is used again answers as a new one does, whatever it held before.
@Suite struct RequestBufferTests {
  private static func load(_ text: String) throws -> RateCard {
    let sample = Sample(text)
    let result = RateCard.load(files: sample.files)
    return try #require(result.card, "\(sample.describe(result.report.diagnostics))")
  }

  private static let card = """
    attributes:
      model: {type: text, default: small}
      region: {type: text, default: eu-west}
      seats: {type: count, default: 3}
      seconds: quantity
      offset: number
      batch: flag
      since: instant
    models:
      small: {aliases: [small-*, tiny], class: cheap}
      large: {class: dear}
    plans: {free: {credits: 0}, pro: {credits: 200}, team: {}}
    costs:
      - {name: other, credits: 1}
      - {name: europe, when: {region: "eu-*"}, credits: 2}
      - {name: dear, when: {model_class: dear, region: present}, overrides: europe, credits: 3}
      - name: asked
        when: {requested_model: large, model: small, region: present}
        overrides: europe
        credits: 4
      - name: below
        when: {offset: {below: -0.5}, region: present, model: present}
        overrides: [europe, dear, asked]
        rates: {seconds: 0.5, seats: 1}
    adjustments:
      - {name: low, when: {balance_percent: {below: 20}}, add: 10}
      - {name: off, when: {seats: {above: 5}}, multiply: 0}
    tiers:
      - tier: usual
    routes:
      - {name: by seats, when: {batch: true}, split: {by: seats, small: 1, large: 1}}
      - {name: by since, when: {batch: false}, split: {by: since, small: 1, large: 1}}
      - name: saving
        when: {model: large, balance_percent: {below: 20}}
        overrides: [by seats, by since]
        model: small
    """

  @Test func aDefaultModelComesBack() throws {
    let card = try Self.load(
      """
      attributes: {model: {type: text, default: unheard}}
      costs: [{name: flat, credits: 1}]
      """)
    let model = try card.handle("model")
    var buffer = RequestBuffer(for: card)
    for name in ["other", "another"] {
      #expect(try card.decide(&buffer).requestedModel == "unheard")
      try buffer.set(model, text: name)
      #expect(try card.decide(&buffer).requestedModel == name)
      buffer.clear()
    }
    #expect(try card.decide(&buffer).requestedModel == "unheard")
    #expect(try card.decide([:]).requestedModel == "unheard")
  }

  @Test func theLastValueCounts() throws {
    let card = try Self.load(Self.card)
    var buffer = RequestBuffer(for: card)
    let (model, seats) = (try card.handle("model"), try card.handle("seats"))
    for name in ["nobody", "small-7", "large", "tiny", "nobody else"] {
      try buffer.set(model, text: name)
      let fresh = try card.decide(["model": .text(name)])
      #expect(try card.decide(&buffer) == fresh)
    }
    try buffer.set(model, text: "large")
    for number in [9, 2, 0, 7] {
      try buffer.set(seats, integer: number)
      let fresh = try card.decide(["model": "large", "seats": .number(Number(number))])
      #expect(try card.decide(&buffer) == fresh)
    }
    try buffer.set(seats, .absent)
    #expect(try card.decide(&buffer) == card.decide(["model": "large"]))
    try buffer.set(model, .absent)
    #expect(try card.decide(&buffer) == card.decide([:]))
    let quote = try card.price(&buffer)
    let verdict = try card.judgeCost(&buffer)
    #expect(verdict.costRule.map(card.name) == quote.rule)
    #expect(verdict.credits.map { .priced(credits: $0) } ?? quote.outcome == quote.outcome)
    // What is refused changes nothing.
    let before = try card.decide(&buffer)
    #expect(throws: RequestError.self) { try buffer.set(seats, integer: -1) }
    #expect(throws: RequestError.self) { try buffer.set(seats, text: "1.5") }
    #expect(throws: RequestError.self) { try buffer.set(seats, flag: true) }
    #expect(try card.decide(&buffer) == before)
  }

  /// One buffer through questions of both kinds, each answered as by a buffer of its own.
  @Test(arguments: 0..<40)
  func questionsLeaveNothingBehind(_ seed: UInt64) throws {
    let card = try Self.load(Self.card)
    let rows = card.withoutGraphs()
    var random = SplitMix(seed: seed)
    let huge = try Number(parsing: "9223372036854775808")
    let values: [(String, [RequestValue])] = [
      ("model", ["small", "small-9", "tiny", "large", "nobody"]),
      ("region", ["eu-north", "us", "", "eu-", .text(String(repeating: "eu-", count: 9))]),
      ("seats", [0, 6, "7", .number(huge), .number(Number(Int.max))]),
      ("seconds", [0, "0.25", "0.000000000000000001", .number(huge)]),
      ("offset", ["-0.5", "-0.51", -1, .number(Number(Int.min)), "1e3"]),
      ("batch", [.flag(true), "false"]),
      ("since", ["2026-01-01", "1970-01-01T00:00:00.000000001Z"]),
      ("plan", ["free", "pro", "team"]), ("balance", [0, 10, -5, "39.9999", .number(huge)]),
      ("granted", [0, 1_000]), ("at", ["2026-06-01"]),
    ]
    var used = RequestBuffer(for: card)
    for _ in 0..<60 {
      var request: [String: RequestValue] = [:]
      for (name, values) in values where random.oneIn(3) {
        request[name] = values[random.below(values.count)]
      }
      used.clear()
      var isWhole = true
      for (name, value) in request.sorted(by: { $0.key < $1.key }) {
        do {
          try used.set(card.handle(name), value)
        } catch {
          isWhole = false
        }
      }
      guard isWhole else { continue }
      let now = Instant(seconds: 1_800_000_000)
      for _ in 0..<4 {
        if random.oneIn(2) {
          let found = Result { try card.price(&used, at: now) }
          let expected = Result { try card.price(request, at: now) }
          #expect("\(found)" == "\(expected)", "\(request)")
          #expect("\(Result { try rows.price(request, at: now) })" == "\(expected)", "\(request)")
        } else {
          let found = Result { try card.decide(&used, at: now) }
          let expected = Result { try card.decide(request, at: now) }
          #expect("\(found)" == "\(expected)", "\(request)")
          #expect("\(Result { try rows.decide(request, at: now) })" == "\(expected)", "\(request)")
        }
      }
    }
  }

  /// A side follows what the key is, not how it was written or come by.
  @Test func aSplitFollowsTheValue() throws {
    let card = try Self.load(
      """
      attributes: {seats: count, weight: number, batch: flag, since: instant}
      models: {small: {}, large: {}}
      costs: [{name: flat, credits: 1}]
      routes:
        - {name: a, when: {request_type: a}, split: {by: seats, small: 1, large: 1}}
        - {name: b, when: {request_type: b}, split: {by: weight, small: 1, large: 1}}
        - {name: c, when: {request_type: c}, split: {by: batch, small: 1, large: 1}}
        - {name: d, when: {request_type: d}, split: {by: since, small: 1, large: 1}}
        - {name: e, when: {request_type: e}, split: {by: at, small: 1, large: 1}}
        - {name: f, when: {request_type: f}, split: {by: customer, small: 1, large: 1}}
      """)
    func side(_ type: String, _ name: String, _ value: RequestValue) throws -> String? {
      try card.decide(["request_type": .text(type), name: value]).model
    }
    var sides = ""
    for number in 0..<24 {
      let text = "\(number * 10)"
      let seats = try side("a", "seats", .number(Number(number * 10)))
      #expect(try side("a", "seats", .text(text)) == seats)
      #expect(try side("a", "seats", .text(text + ".0")) == seats)
      // The same hash of the same text: as its kind does not matter, neither does its attribute.
      #expect(try side("b", "weight", .text(text)) == seats)
      let instant = try #require(Instant(seconds: Int64(number) * 86_400))
      let since = try side("d", "since", .instant(instant))
      #expect(try side("d", "since", .text("\(instant)")) == since)
      #expect(try side("e", "at", .instant(instant)) == since)
      #expect(try card.decide(["request_type": "e"], at: instant).model == since)
      #expect(try side("f", "customer", .text(text)) == seats)
      sides += [seats, since].map { $0 == "small" ? "s" : "l" }.joined()
    }
    #expect(try side("c", "batch", .flag(true)) == side("c", "batch", "true"))
    #expect(sides.contains("s") && sides.contains("l"))
  }

  @Test func whatAnotherCardMadeIsOurOwnMistake() async {
    await #expect(processExitsWith: .failure) {
      let many = try Self.load("attributes: {a: flag, b: flag}\ncosts: [{name: c, credits: 1}]")
      let few = try Self.load("costs: [{name: c, credits: 1}]")
      var buffer = RequestBuffer(for: few)
      try? buffer.set(many.handle("b"), flag: true)
    }
    await #expect(processExitsWith: .failure) {
      let card = try Self.load("models: {m: {}, n: {}}\ncosts: [{name: c, credits: 1}]")
      let text = try card.text("n", for: card.handle("model"))
      var buffer = RequestBuffer(for: card)
      if let text { buffer.set(try card.handle("plan"), text) }
    }
    await #expect(processExitsWith: .failure) {
      let text = "models: {m: {}}\ncosts: [{name: c, when: {model: m}, credits: 1}]"
      let (first, second) = (try Self.load(text), try Self.load(text))
      var buffer = RequestBuffer(for: first)
      if let known = try second.text("m", for: second.handle("model")) {
        buffer.set(try first.handle("model"), known)
      }
    }
    await #expect(processExitsWith: .failure) {
      let text = "models: {m: {}}\ncosts: [{name: c, when: {model: m}, credits: 1}]"
      let (first, second) = (try Self.load(text), try Self.load(text))
      var buffer = RequestBuffer(for: first)
      _ = try second.decide(&buffer)
    }
  }

  /// More axes than a graph takes, and than rows on the stack.
  @Test(arguments: [0, 63, 64, 65, 127, 128, 129, 242])
  func anyNumberOfAxes(_ count: Int) throws {
    let flags = (0..<count).map { "f\($0)" }
    let card = try Self.load(
      """
      attributes: {\(flags.map { "\($0): flag" }.joined(separator: ", "))}
      costs:
        - {name: usual, credits: 1}
        - {name: whole, when: {customer: c, \(flags.map { "\($0): true" }.joined(separator: ", "))}, credits: 2}
      """)
    for card in [card, card.withoutGraphs()] {
      var buffer = RequestBuffer(for: card)
      try buffer.set(card.handle("customer"), text: "c")
      for flag in flags { try buffer.set(card.handle(flag), flag: true) }
      #expect(try card.price(&buffer).rule == "whole")
      for flag in flags {
        try buffer.set(card.handle(flag), flag: false)
        #expect(try card.price(&buffer).rule == "usual")
        try buffer.set(card.handle(flag), flag: true)
      }
      #expect(try card.price(&buffer).rule == "whole")
    }
  }

  /// What held in one quarter of an hour is remembered only for as long as it holds.
  @Test(arguments: [
    ("Asia/Kathmandu", 1_700_000_000), ("Australia/Lord_Howe", 1_775_315_700),
    ("Africa/Monrovia", 63_590_000), ("America/New_York", 1_793_511_000),
  ])
  func windowsHoldAsTheyAreWritten(_ zone: String, _ start: Int64) throws {
    let card = try Self.load(
      """
      windows:
        w: {hours: ["22:07-01:33", "06:00-06:01"], days: [sun, mon, wed], zone: \(zone)}
      costs: [{name: usual, credits: 1}, {name: then, when: {window: w}, credits: 2}]
      """)
    let window = card.model.windows[0].window
    var random = SplitMix(seed: UInt64(start))
    var buffer = RequestBuffer(for: card)
    let at = try card.handle("at")
    var holding = 0
    var seconds = start
    for _ in 0..<20_000 {
      seconds += Int64([1, 40, 700, 900, 5_000][random.below(5)] - random.below(400))
      try buffer.set(at, instant: #require(Instant(seconds: seconds)))
      let expected = window.contains(seconds: seconds)
      holding += expected ? 1 : 0
      #expect((try card.price(&buffer).rule == "then") == expected, "\(seconds)")
    }
    #expect(holding > 100 && holding < 10_000)
  }

  /// Models outside a closed set, aliases, and a model asked for that differs from the one served.
  @Test func closedModels() throws {
    let card = try Self.load(
      """
      attributes: {model: [a, b]}
      models: {a: {aliases: [old-a]}, b: {}}
      costs:
        - {name: usual, credits: 1}
        - {name: moved, when: {requested_model: a, model: b}, credits: 2}
      routes: [{name: to b, when: {model: a}, model: b}]
      """)
    for name in ["a", "old-a"] {
      let decision = try card.decide(["model": .text(name)])
      #expect(decision.rule == "moved")
      #expect(decision.requestedModel == "a" && decision.model == "b")
      #expect(try card.price(["model": .text(name)]).rule == "usual")
    }
    #expect(try card.price(["requested_model": "old-a", "model": "b"]).rule == "moved")
    #expect(throws: RequestError.self) { try card.price(["model": "old-b"]) }
    #expect(throws: RequestError.self) { try card.text("old-b", for: card.handle("model")) }
    #expect(try card.text("old-a", for: card.handle("model")) != nil)
  }
}
