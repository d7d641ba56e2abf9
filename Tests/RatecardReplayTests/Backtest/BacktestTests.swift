import Foundation
import Ratecard
import RatecardDiagnostics
import RatecardTestSupport
import RatecardValues
import Testing

@testable import RatecardReplay

/// Rows that are priced together come to what each comes to by itself, asked as anybody asks.
@Suite struct BacktestTests {
  private static let attributes = """
    attributes:
      request_type: [chat, agent]
      input_tokens: count
      cached: {type: count, part_of: input_tokens}
      seconds: quantity
      batch: flag
      level: number
      since: instant
      region: {type: text, default: us}
    models:
      a-1: {aliases: ["a-*"], class: small}
      b-2: {class: large}
    plans: {free: {credits: 10}, pro: {credits: 200}}
    windows: {night: {hours: ["22:00-06:00"]}}
    credit: {decimals: 2}

    """

  /// Costs of cards that take all ways to a price.
  private static let costs = [
    """
    costs:
      - {name: rest, credits: 1}
      - {name: agents, when: {request_type: agent}, rates: {input_tokens: 3 per 1K, cached: 0.3 per 1K}, minimum: 1}
      - {name: a, when: {model: a-1, request_type: chat}, credits: 2}
      - {name: refused, when: {plan: free, request_type: agent}, overrides: agents, deny: 'not, "free"'}
    """,
    """
    costs:
      - {name: small, when: {model_class: small}, rates: {seconds: {rate: 0.1, round: up to 5}}}
      - {name: far, when: {region: "eu-*", input_tokens: {above: 100}}, overrides: small, credits: 7}
      - {name: low, when: {balance_percent: {below: 20}}, overrides: [small, far], credits: 0}
    adjustments:
      - {name: batch, when: {batch: true}, multiply: 0.5}
      - {name: level, when: {level: {above: 2}}, add: {input_tokens: 0.001}}
    """,
    """
    costs:
      - {name: rest, credits: 3}
      - {name: night, when: {window: night}, credits: 1}
      - {name: later, from: 2026-06-01, when: {window: night}, rates: {input_tokens: 0.01}}
    """,
  ]

  static func card(_ costs: Int) throws -> RateCard {
    let result = RateCard.load(files: Sample(attributes + Self.costs[costs]).files)
    guard case .loaded(let card, _) = result else {
      throw UsageFailure.noHeader(source: "the card of the test is wrong")
    }
    return card
  }

  private static let columns = [
    "model", "request_type", "input_tokens", "cached", "seconds", "batch", "level", "since",
    "region", "plan", "balance", "at", "customer", "other",
  ]

  /// A cell of a column, mostly as it should be.
  private static func cell(_ column: String, _ random: inout SplitMix) -> String {
    if random.oneIn(6) { return "" }
    let odd = random.oneIn(60)
    func one(_ all: [String]) -> String { all[random.below(all.count)] }
    switch column {
    case "model": return one(["a-1", "a-7", "b-2", "other-model-with-a-long-name", "b-3"])
    case "request_type": return odd ? "chta" : one(["chat", "agent"])
    case "input_tokens":
      return odd ? "x" : one(["0", "1", "99", "100", "101", "5000", "1K", "1_000"])
    case "cached": return odd ? "-1" : one(["0", "0", "1", "7"])
    case "seconds": return odd ? "1,5" : one(["0", "4", "5", "12.5", "1e2"])
    case "batch": return odd ? "yes" : one(["true", "false"])
    case "level": return one(["2", "-3", "2.5"])
    case "since": return odd ? "yesterday" : "2026-01-01"
    case "region": return one(["us", "eu-1", "eu-west-with-a-long-name", "é"])
    case "plan": return odd ? "gold" : one(["free", "pro"])
    case "balance": return one(["0", "1", "30", "-4", "2.5"])
    case "at":
      return odd
        ? "2026-13-01"
        : one(["2026-05-01T23:00:00Z", "2026-06-01T12:00:00.5+02:00", "2026-06-02T01:30:00Z"])
    case "customer": return one(["ann", "bob", "c, \"d\""])
    default: return one(["1", "z"])
    }
  }

  /// A random log: some columns, and the rows as requests.
  private static func log(
    _ random: inout SplitMix, asJSON: Bool
  ) -> (text: String, rows: [[String: String]]) {
    let known = columns.filter { $0 == "customer" || $0 == "model" || !random.oneIn(4) }
    var text = asJSON ? "" : known.joined(separator: ",") + "\n"
    var rows: [[String: String]] = []
    for _ in 0..<random.below(700) {
      var row: [String: String] = [:]
      for column in known {
        let cell = cell(column, &random)
        if !cell.isEmpty { row[column] = cell }
      }
      rows.append(row)
      if asJSON {
        text +=
          "{" + known.compactMap { name in row[name].map { json(name, $0) } }.joined(separator: ",")
          + "}\n"
      } else {
        text +=
          known.map { name in
            let cell = row[name] ?? ""
            return cell.contains { ",\"".contains($0) }
              ? "\"" + cell.replacingOccurrences(of: "\"", with: "\"\"") + "\"" : cell
          }.joined(separator: ",") + "\n"
      }
    }
    return (text, rows)
  }

  private static func json(_ name: String, _ cell: String) -> String {
    let isPlain = cell == "true" || cell == "false" || Int(cell).map(String.init) == cell
    return "\"\(name)\":"
      + (isPlain ? cell : "\"" + cell.replacingOccurrences(of: "\"", with: "\\\"") + "\"")
  }

  @Test(arguments: [0, 1, 2], [false, true])
  func pricesAsTheCardDoes(_ costs: Int, asJSON: Bool) throws {
    let card = try Self.card(costs)
    var random = SplitMix(seed: UInt64(20 + costs))
    var priced = 0
    for _ in 0..<12 {
      let (text, rows) = Self.log(&random, asJSON: asJSON)
      if rows.isEmpty { continue }
      let expected = rows.map { Self.answer(card, $0) }
      var seen: [String] = []
      for (index, run) in [(1 << 20, true, 1), (64, true, 3), (999, false, 2)].enumerated() {
        var backtest = Backtest(card, groups: ["customer"], threads: run.2)
        (backtest.chunkSize, backtest.isQuick) = (run.0, run.1)
        let (report, lines) = try Self.run(backtest, [UsageSource(Array(text.utf8))])
        #expect(report.rows == rows.count)
        if index == 0 {
          seen = lines
          #expect(Self.brief(lines) == expected)
          priced += report.priced
        } else {
          #expect(lines == seen, "in chunks of \(run.0), quickly: \(run.1)")
        }
      }
    }
    #expect(priced > 500, "most rows have a price")
  }

  /// What the card answers to a request of texts, as rows of JSON Lines are summed up.
  private static func answer(_ card: RateCard, _ row: [String: String]) -> String {
    var request: [String: RequestValue] = [:]
    for (name, text) in row where name != "other" { request[name] = .text(text) }
    do throws(RequestError) {
      let quote = try card.price(request, at: .earliest)
      // A row of a log has to say when it was, where that matters.
      if row["at"] == nil, card.model.pricesDependOnTime { return "error" }
      switch quote.outcome {
      case .priced(let credits): return "\(credits) \(quote.rule)"
      case .denied(let text): return "denied \(text) \(quote.rule)"
      }
    } catch {
      // Of several mistakes either may be named.
      return "error"
    }
  }

  private static func brief(_ lines: [String]) -> [String] {
    lines.map { line in
      let object = (try? JSONSerialization.jsonObject(with: Data(line.utf8))) as? [String: Any]
      let rule = object?["rule"] as? String ?? ""
      if let credits = object?["credits"] as? String { return "\(credits) \(rule)" }
      if let denied = object?["denied"] as? String { return "denied \(denied) \(rule)" }
      return object?["error"] == nil ? "nothing" : "error"
    }
  }

  /// A report, and the lines of its rows.
  private static func run(
    _ backtest: Backtest, _ usage: [UsageSource]
  ) throws -> (BacktestReport, [String]) {
    final class Written { var bytes: [UInt8] = [] }
    let written = Written()
    let report = try backtest.run(
      usage,
      lines: Backtest.Lines(.jsonLines) { bytes in
        written.bytes += bytes
        return 0
      })
    let lines = String(decoding: written.bytes, as: UTF8.self).split(separator: "\n").map(
      String.init)
    return (report, lines)
  }

  /// However many work on it, and wherever it is cut, a report is the same.
  @Test func reportsAreTheSameHoweverTheyAreMade() throws {
    let (card, old) = (try Self.card(0), try Self.card(1))
    var random = SplitMix(seed: 77)
    let logs = (0..<3).map { _ in Self.log(&random, asJSON: random.oneIn(2)).text }
    var first: String?
    for (size, threads) in [(1 << 20, 1), (300, 1), (300, 4), (5_000, 2)] {
      var backtest = Backtest(
        card, against: old, groups: ["model", "customer"],
        at: Instant(seconds: 1_800_000_000), threads: threads)
      backtest.chunkSize = size
      let usage = logs.enumerated().map { UsageSource(Array($1.utf8), name: "log\($0)") }
      let report = try backtest.run(usage)
      #expect(report.comparison?.rows ?? 0 > 100)
      let text = String(reflecting: report)
      #expect(first == nil || first == text)
      first = text
    }
  }

  /// What one log leaves in memory is not in the rows of the next.
  @Test func logsOfOtherColumnsAreReadOneAfterAnother() throws {
    let card = try Self.card(0)
    let logs = [
      "model,request_type,input_tokens\na-1,chat,5\nb-2,agent,900\nodd\nb-2,agent,\n",
      "request_type,customer\nagent,ann\nchat,bob\n",
      "{\"model\":\"a-1\",\"request_type\":\"agent\",\"input_tokens\":7000,\"plan\":\"free\"}\n",
      "input_tokens,cached\n4000,1000\n\"100\",100\n50,60\n",
      "customer,plan\nann,free\n",
      "model,request_type,input_tokens\nb-2,agent,900\n",
    ]
    var random = SplitMix(seed: 5)
    for _ in 0..<20 {
      let usage = (0..<9).map { _ in logs[random.below(logs.count)] }
      var (together, apart) = ([String](), [String]())
      for size in [40, 1 << 20] {
        func run(_ texts: [String]) throws -> [String] {
          var backtest = Backtest(
            card, constants: [("request_type", "agent"), ("level", "2")],
            threads: 1)
          backtest.chunkSize = size
          return Self.brief(try Self.run(backtest, texts.map { UsageSource(Array($0.utf8)) }).1)
        }
        together += try run(usage)
        for log in usage { apart += try run([log]) }
      }
      #expect(together == apart)
    }
  }

  @Test func tooManyGroupsAreRefused() throws {
    var text = "customer\n"
    for row in 0...GroupTable.limit { text += "\(row)\n" }
    let backtest = Backtest(try Self.card(0), groups: ["customer"], threads: 2)
    #expect(throws: UsageFailure.groups(by: ["customer"], limit: GroupTable.limit)) {
      try backtest.run([UsageSource(Array(text.utf8))])
    }
  }

  /// Both cards' amounts are in the decimals of the finer one.
  @Test func cardsOfOtherDecimalsAreCompared() throws {
    func card(_ text: String) throws -> RateCard {
      guard case .loaded(let card, _) = RateCard.load(files: Sample(text).files) else {
        throw UsageFailure.noHeader(source: "the card of the test is wrong")
      }
      return card
    }
    let now = try card("costs: [{name: all, credits: 3}]")
    let old = try card("credit: {decimals: 3}\ncosts: [{name: all, credits: 1.125}]")
    let report = try Backtest(now, against: old, threads: 1).run([
      UsageSource(Array("customer\nann\nbob\n".utf8))
    ])
    #expect(report.amount(report.total).description == "6")
    #expect(report.amount(report.comparison?.before ?? 0).description == "2.25")
    #expect(report.customers?.map(\.key) == [["ann"], ["bob"]])
  }
}
