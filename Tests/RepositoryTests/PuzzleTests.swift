import Foundation
import Ratecard
import RatecardDiagnostics
import RatecardModel
import RatecardValues
import Testing

/// Every case of the collection of pricing puzzles is checked by something, and the list says by
/// what.
struct PuzzleTests {
  @Test func everyCaseIsNamedOnce() {
    #expect(!PuzzleCase.all.isEmpty)
    for entry in PuzzleCase.all {
      #expect(!entry.checks.isEmpty, "\(entry.testDescription) is checked by nothing")
    }
  }

  @Test(
    .enabled(if: StatedCases.file != nil, "../shared/cases/pricing-puzzles.json is not there"))
  func theListHoldsEveryStatedCase() {
    let listed = Set(PuzzleCase.all.map(\.testDescription))
    let stated = StatedCases.all.map { "\($0.puzzle): \($0.name)" }
    #expect(Set(stated).count == stated.count)
    #expect(listed == Set(stated))
  }

  /// A test that the list names exists, and expects the stated amount, refusal or tier.
  @Test(arguments: PuzzleCase.all)
  func theListedTestsExist(_ entry: PuzzleCase) throws {
    for check in entry.checks {
      switch check {
      case .test(let card, let name):
        let model = try loaded("Examples/puzzles/\(card)").model
        let test = try #require(model.tests.first { $0.name == name }, "\(card) has no `\(name)`")
        let stated = StatedCases.all.first {
          $0.puzzle == entry.puzzle && $0.name == entry.name
        }
        // What a program checks as well is a sum or a fraction, which no single test can state.
        if let stated, !entry.checks.contains(where: \.isProgram) {
          try hold(test, of: model, against: stated.expected)
        }
      case .refused(let card):
        let result = try RateCard.load(folder: path("Examples/refused/\(card)"))
        #expect(result.card == nil)
      case .program(let function):
        let source = try Repository.text("Tests/RepositoryTests/PuzzleProgramTests.swift")
        #expect(source.contains("func \(function)("), "no test is called \(function)")
      case .other(let reason):
        #expect(reason.hasSuffix("."), "a reason is a sentence")
      }
    }
  }

  @Test func everyCardStandsInTheList() throws {
    let cards = try Repository.folders(in: "Examples/puzzles").map { $0.split(separator: "/").last }
    let named = PuzzleCase.all.flatMap(\.checks).compactMap { check -> Substring? in
      if case .test(let card, _) = check { Substring(card) } else { nil }
    }
    #expect(Set(cards) == Set(named))
  }

  private func hold(_ test: CardTest, of card: Card, against stated: [String: String]) throws {
    func expected(_ part: CardTest.Expected.Part) -> CardTest.Expected.Answer? {
      test.expected.first { $0.part == part }?.answer
    }
    let worth = try card.credit.worth.map { try Rational($0.amount) } ?? .one
    for (key, unit) in [("credits", Rational.one), ("usd", worth), ("billed_seconds", .one)] {
      guard let text = stated[key] else { continue }
      guard case .number(let credits) = expected(.credits) else {
        Issue.record("the test expects no credits")
        continue
      }
      let amount = try Rational(credits) * unit
      #expect(try amount == Rational(Number(parsing: text)), "\(key) is \(text)")
    }
    for part in [CardTest.Expected.Part.tier, .model, .queue] {
      if let text = stated[part.rawValue] { #expect(expected(part) == .text(ExactText(text))) }
    }
    if stated["error"] != nil { #expect(expected(.error) != nil) }
  }

  private func path(_ folder: String) -> String { Repository.root.appending(path: folder).path }

  private func loaded(_ folder: String) throws -> RateCard {
    try #require(try RateCard.load(folder: path(folder)).card, "\(folder) does not load")
  }
}
