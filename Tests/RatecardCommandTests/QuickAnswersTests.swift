import Foundation
import Ratecard
import RatecardDiagnostics
import RatecardJSON
import RatecardTestSupport
import RatecardValues
import RatecardWire
import Testing

@testable import RatecardCommand

/// What `--jsonl` answers to a line is what the long way answers to it, whichever way it takes.
@Suite struct QuickAnswersTests {
  private static let cards = ["pricing", "Tests/Cards/weights", "everything"]

  @Test(arguments: cards, [false, true])
  func answersAsTheLongWay(_ card: String, priceOnly: Bool) throws {
    let card = try Self.card(card)
    var pair = Pair(card, priceOnly: priceOnly)
    var random = SplitMix(seed: 5)
    var quick = 0
    for _ in 0..<2_000 {
      if try pair.ask(Array(Self.line(&random, to: card).utf8)) { quick += 1 }
    }
    #expect(quick > 300, "most lines are to take the quick way")
  }

  /// Bytes put in, left out and changed at random places.
  @Test(arguments: cards, [false, true])
  func answersHostileLinesAsTheLongWay(_ card: String, priceOnly: Bool) throws {
    let card = try Self.card(card)
    var pair = Pair(card, priceOnly: priceOnly)
    var random = SplitMix(seed: 6)
    let alphabet =
      Array("\"\\{}[]:,0123456789.-+eEtfn \t\r\u{0}\u{1f}é😀".utf8) + [0x80, 0xC0, 0xFF]
    var quick = 0
    for _ in 0..<4_000 {
      var line = Array(Self.line(&random, to: card).utf8)
      for _ in 0...random.below(3) {
        let place = random.below(line.count)
        let byte = alphabet[random.below(alphabet.count)]
        switch random.below(5) {
        case 0: line.insert(byte, at: place)
        case 1: line.remove(at: place)
        case 2: line[place] = byte
        case 3: line.removeSubrange(place...)
        default: line.insert(contentsOf: line[place...].prefix(random.below(40)), at: place)
        }
        if line.isEmpty { line = [byte] }
      }
      if try pair.ask(line) { quick += 1 }
    }
    #expect(quick > 10, "some lines are still to take the quick way")
  }

  /// Wherever the bytes are cut, the answers are the same.
  @Test(arguments: [[], ["--price"]])
  func cutsDoNotMatter(_ options: [String]) throws {
    let card = try Self.card("Tests/Cards/weights")
    var random = SplitMix(seed: 7)
    let input = Array((0..<12).map { _ in Self.line(&random, to: card) + "\n" }.joined().utf8)
    let words = ["eval", "\(CommandRun.repository)/Tests/Cards/weights", "--jsonl"] + options
    let whole = CommandRun(words, input: input)
    for chunk in 1...150 {
      let cut = CommandRun(words, input: input, chunk: chunk)
      #expect(cut.output == whole.output && cut.code == whole.code, "cut every \(chunk) bytes")
    }
  }

  /// More pieces of answers than are kept.
  @Test func forgetsPiecesAndGoesOn() throws {
    var pair = Pair(try Self.card("everything"), priceOnly: false)
    let name = String(repeating: "m", count: 60_000)
    for number in 0..<300 {
      let line = #"{"model":"\#(number)\#(name)","at":"2026-05-01","input_tokens":1}"#
      #expect(try pair.ask(Array(line.utf8)))
      #expect(try pair.ask(Array(#"{"model":"small","at":"2026-05-01"}"#.utf8)))
    }
  }

  /// The same card asked both ways.
  private struct Pair: ~Copyable {
    private let card: RateCard
    private let priceOnly: Bool
    private let writer: AnswerWriter
    private var quick: QuickAnswers
    private let now = Instant(seconds: 1_800_000_000) ?? .earliest

    init(_ card: RateCard, priceOnly: Bool) {
      self.card = card
      self.priceOnly = priceOnly
      writer = AnswerWriter(cardName: card.name, version: card.version)
      quick = QuickAnswers(card, priceOnly: priceOnly)
    }

    /// Whether a line took the quick way; the answers must be the same.
    mutating func ask(_ line: [UInt8]) throws -> Bool {
      let isRead = line.withUnsafeBufferPointer { quick.read($0) }
      guard isRead, let ready = quick.answer(at: now) else { return false }
      let written = [UInt8](unsafeUninitializedCapacity: ready.limit) { text, count in
        count = text.baseAddress.map { quick.write(ready, to: $0) } ?? 0
      }
      let request = line.withUnsafeBufferPointer { bytes in
        Result { () throws(RequestError) in try RequestReader.request(json: bytes) }
      }
      let answer = Answer(card, request, priceOnly, at: now)
      var json = JSONWriter()
      switch answer {
      case .decision(let decision): writer.write(decision, to: &json)
      case .quote(let quote): writer.write(quote, to: &json)
      case .failure(let error): AnswerWriter.write(error, to: &json)
      }
      #expect(
        String(decoding: written, as: UTF8.self) + "}" == json.text,
        "\(String(decoding: line, as: UTF8.self))")
      #expect(answer.isPriced == ready.isPriced)
      return true
    }
  }

  private static func card(_ name: String) throws -> RateCard {
    if name == "everything" {
      let file = SourceFile(path: "card.yaml", bytes: Array(everything.utf8))
      return try #require(RateCard.load(files: [file]).card)
    }
    let result = try RateCard.load(folder: "\(CommandRun.repository)/\(name)")
    return try #require(result.card)
  }

  private static let everything = """
    ratecard: 1
    name: every "thing"
    credit: {unit: credit, decimals: 6}
    attributes:
      request_type: [chat, agent]
      input_tokens: count
      cached_tokens: {type: count, part_of: input_tokens}
      seconds: {type: quantity, default: 0.5}
      balance_offset: number
      batch: flag
      since: instant
      region: text
    models:
      small: {aliases: [small-*, gpt-4o], class: cheap}
      o1: {class: dear}
    costs:
      - {name: flat, credits: 1}
      - {name: tokens, when: {model_class: dear}, rates: {input_tokens: 0.3 per 1, seconds: 1 per 7}}
      - {name: 'refused "é"', when: {model: o1, batch: true}, deny: "not\\tin batches"}
    adjustments:
      - {name: batch, when: {batch: true}, multiply: 0.5}
      - {name: old, when: {since: {below: 2025-01-01}}, add: {seconds: 0.001}}
    tiers:
      - tier: premium
      - {name: low, tier: slow, when: {balance: {below: 20}}}
    routes:
      - name: split
        when: {tier: slow}
        split: {by: customer, small: 3, o1: 1}
      - {name: no agents, when: {request_type: agent, region: eu-*}, deny: no agents here}
      - {name: rest, queue: standard, params: {depth: 3, label: "a\\"b", fast: true}}
    """

  /// Every line has a time, so that both ways answer at the same.
  private static func line(_ random: inout SplitMix, to card: RateCard) -> String {
    var members = [
      ("request_type", [#""agent""#, #""chat""#, #""é""#]),
      (
        "model",
        [
          #""gpt-4o""#, #""claude-sonnet""#, #""o1""#, #""gpt-4\u006f""#, #""small-7""#, #""é""#,
          "1",
        ]
      ),
      ("plan", [#""pro""#, #""""#, "null"]), ("balance", ["0", "12", "2.50", "-3", #""12""#]),
      ("customer", [#""a""#, #""b\n""#, #""long name of a customer""#]),
      ("input_tokens", ["0", "-0", "123456789012345678", "1234567890123456789", "1e3", "7E-2"]),
      ("cached_tokens", ["0", "1", "01", "[1]"]), ("region", [#""eu-west""#, #""ap""#, "{}"]),
      ("batch", ["true", "false", "null", #""true""#, "tru"]),
      ("seconds", ["1.5", "1.", "0.10", "99999999999999999999999999999999999999999"]),
      ("since", [#""2024-02-30""#, #""2024-02-29T23:59:59Z""#, #""2026-05-01T10:00:00+02:00""#]),
      ("current_tier", [#""slow""#]), ("nobody", ["1"]), ("balance_offset", ["-1", "5"]),
    ]
    // Names that the card does not have are seldom tried.
    if !random.oneIn(10) { members.removeAll { (try? card.handle($0.0)) == nil } }
    let (comma, colon) = random.oneIn(3) ? (", ", ": ") : (",", ":")
    let time = random.oneIn(2) ? "" : "T07:08:09Z"
    var line = "{\"at\"\(colon)\"2026-05-0\(1 + random.below(9))\(time)\""
    // Mostly what any card has, in its order.
    for (place, (name, values)) in members.enumerated() where random.oneIn(place < 4 ? 2 : 8) {
      let value = values[random.oneIn(4) ? random.below(values.count) : 0]
      line += "\(comma)\"\(name)\"\(colon)\(value)"
      if random.oneIn(80) { line += "\(comma)\"\(name)\"\(colon)\(value)" }
    }
    return line + (random.oneIn(50) ? "\(comma)}" : random.oneIn(10) ? " } " : "}")
  }
}
