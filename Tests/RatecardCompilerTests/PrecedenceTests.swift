import Foundation
import Ratecard
import RatecardDiagnostics
import RatecardValues
import Testing

/// What beats what: each case of `precedence.cases` is a card, and whether it loads or the one code
/// that refuses it.
struct PrecedenceTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let expected: String
    let card: String
    var testDescription: String { name }
  }

  static let cases: [Case] = {
    let path = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "precedence.cases")
    let text = (try? String(contentsOf: path, encoding: .utf8)) ?? ""
    return text.components(separatedBy: "=== ").dropFirst().map { part in
      let lines = part.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
      let title = lines[0].components(separatedBy: ": ")
      return Case(
        name: title.dropLast().joined(separator: ": "), expected: title.last ?? "",
        card: String(lines[1]))
    }
  }()

  @Test func hasItsCases() { #expect(Self.cases.count >= 50) }

  @Test(arguments: cases)
  func decides(_ item: Case) {
    let text = "ratecard: 1\nname: x\ncredit: {unit: credit, decimals: 6}\n" + item.card
    let result = RateCard.load(files: [SourceFile(path: "card.yaml", bytes: Array(text.utf8))])
    let errors = Set(
      result.report.diagnostics.filter { $0.severity == .error }.map(\.code.id))
    #expect(
      errors == (item.expected == "loads" ? [] : [item.expected]),
      "\(result.report.diagnostics.map { "\($0.code.id) \($0.message) \($0.notes.map(\.message))" })"
    )
  }

  /// In a circle that no request meets whole, each pair has its winner.
  @Test func circleWithoutACommonRequest() throws {
    let item = try #require(Self.cases.first { $0.name.hasPrefix("a circle of three of which") })
    let text = "ratecard: 1\nname: x\ncredit: {unit: credit}\n" + item.card
    let result = RateCard.load(files: [SourceFile(path: "card.yaml", bytes: Array(text.utf8))])
    let card = try #require(result.card)
    for (value, rule) in [("a", "r3"), ("b", "r1"), ("c", "r2")] {
      #expect(try card.price(["x": .text(value)]).rule == rule)
    }
  }
}
