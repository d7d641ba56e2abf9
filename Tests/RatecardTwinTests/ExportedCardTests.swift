import Foundation
import Ratecard
import RatecardExport
import RatecardModel
import RatecardTwin
import RatecardValues
import Testing

/// Databases that run exported queries answer as the evaluator does.
///
/// Random cards, written as queries, price random requests on PostgreSQL. `RATECARD_EXPORT_FILE`
/// keeps what is compared, for `Tests/Export/compare.py` to run on other databases too;
/// `RATECARD_EXPORT_CARDS` says how many cards there are.
struct ExportedCardTests {
  static let server = ProcessInfo.processInfo.environment["RATECARD_TEST_POSTGRES"]
  static let count = Int(ProcessInfo.processInfo.environment["RATECARD_EXPORT_CARDS"] ?? "") ?? 60

  @Test(.enabled(if: server != nil, "RATECARD_TEST_POSTGRES names no server"))
  func databasesAnswerAsTheEvaluatorDoes() throws {
    let server = try #require(Self.server)
    let kept = ProcessInfo.processInfo.environment["RATECARD_EXPORT_FILE"]
    let path = kept ?? NSTemporaryDirectory() + "ratecard-export-\(UUID().uuidString).jsonl"
    defer { if kept == nil { try? FileManager.default.removeItem(atPath: path) } }
    var lines = Data()
    var refusals: [String: Int] = [:]
    for seed in RandomCards.first..<RandomCards.first + UInt64(Self.count) {
      let exported = ExportedCard(seed: seed)
      guard let exported else { continue }
      for reason in exported.refusals { refusals[reason, default: 0] += 1 }
      lines += try exported.line() + Data("\n".utf8)
    }
    try lines.write(to: URL(filePath: path))
    print("refused: \(refusals.sorted { $0.value > $1.value }.prefix(8))")
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [
      "python3", root.appending(path: "Export/compare.py").path, path, "--postgres", server,
    ]
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    print(text)
    #expect(process.terminationStatus == 0, "\(text)")
  }
}

/// A card as queries, with requests and the evaluator's answers.
struct ExportedCard {
  let name: String
  let text: String
  let columns: [(name: String, kind: String)]
  var rows: [[Any]] = []
  var answers: [[String: Any]] = []
  var queries: [String: String] = [:]
  var refusals: [String] = []

  /// A random card; nil where the generator made none that loads.
  init?(seed: UInt64) {
    let draft = CardGenerator.draft(seed: seed)
    guard let (mended, twin) = repaired(draft, seed: seed, limit: RandomCards.universeLimit),
      let card = RateCard.load(files: sources(mended.files()), zones: testZones).card
    else { return nil }
    name = "seed \(seed)"
    text = mended.files()[0]
    var looked: Set<String> = []
    for dialect in SQLDialect.allCases {
      do throws(SQLRefusal) {
        let query = try SQLQuery(card, dialect: dialect)
        queries[dialect.rawValue] = query.text
        looked = Set(query.columns)
      } catch {
        refusals.append("\(dialect.rawValue): \(error.reason)")
      }
    }
    // What a query does not look at may be wrong without its noticing.
    let attributes = card.model.attributes.filter { looked.contains($0.name) }
    columns = attributes.map { ($0.name, Self.kind($0.kind)) }
    var generator = RequestGenerator(twin, seed: seed)
    for _ in 0..<60 {
      let inputs = generator.request(.price)
      add(inputs, attributes, card)
    }
    if rows.isEmpty { return nil }
  }

  private static func kind(_ kind: Attribute.Kind) -> String {
    switch kind {
    case .text, .choice, .windows: "text"
    case .flag: "flag"
    case .count: "count"
    case .quantity: "quantity"
    case .number: "number"
    case .instant: "instant"
    }
  }

  private mutating func add(
    _ inputs: [String: TwinValue], _ attributes: [Attribute], _ card: RateCard
  ) {
    var row: [Any] = []
    var request: [String: RequestValue] = [:]
    for attribute in attributes {
      guard let value = inputs[attribute.name], let (cell, given) = Self.cell(value, attribute)
      else {
        row.append(NSNull())
        continue
      }
      row.append(cell)
      request[attribute.name] = given
    }
    var answer: [String: Any] = [
      "credits": NSNull(), "rule": NSNull(), "denied": NSNull(), "error": NSNull(),
    ]
    do {
      let quote = try card.price(request)
      answer["rule"] = quote.rule
      switch quote.outcome {
      case .priced(let credits): answer["credits"] = credits.description
      case .denied(let text): answer["denied"] = text
      }
    } catch {
      answer["error"] = error.code.rawValue
    }
    rows.append(row)
    answers.append(answer)
  }

  /// A value as a cell of a table, and as the evaluator is given it; nil: a column cannot hold it.
  private static func cell(
    _ value: TwinValue, _ attribute: Attribute
  ) -> (cell: Any, given: RequestValue)? {
    switch (value, attribute.kind) {
    case (.text(let text), .text), (.text(let text), .choice):
      return (text.description, .text(text.description))
    case (.flag(let flag), .flag): return (flag, .flag(flag))
    case (.number(let fraction), .count), (.number(let fraction), .quantity),
      (.number(let fraction), .number):
      guard let number = try? Number(parsing: fraction.description, signed: true) else {
        return nil
      }
      if attribute.kind == .count, !number.isInteger { return nil }
      return (number.description, .number(number))
    case (.instant(let nanoseconds), .instant):
      // A database's clock has microseconds.
      guard let instant = Instant(nanoseconds: nanoseconds / 1_000 * 1_000) else { return nil }
      return (instant.description, .instant(instant))
    default: return nil
    }
  }

  func line() throws -> Data {
    try JSONSerialization.data(
      withJSONObject: [
        "name": name, "text": text, "rows": rows, "answers": answers, "queries": queries,
        "columns": columns.map { ["name": $0.name, "kind": $0.kind] },
      ], options: [.sortedKeys])
  }
}
