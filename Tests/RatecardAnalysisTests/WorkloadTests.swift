import Ratecard
import RatecardDiagnostics
import RatecardModel
import RatecardValues
import RatecardWorkloads
import Testing

/// The cards that benchmarks measure with are what they are said to be.
@Suite struct WorkloadTests {
  private func findings(_ text: String) throws -> (report: Report, rules: Int?) {
    let file = SourceFile(path: "card.yaml", bytes: Array(text.utf8))
    let at = try Instant(parsing: "2026-07-01")
    let result = RateCard.load(files: [file], proving: .all(at: at))
    return (result.report, result.card?.model.costs.count)
  }

  @Test(arguments: [UInt64(1), 2])
  func largeCardsHaveNoFindings(_ seed: UInt64) throws {
    let (report, rules) = try findings(LargeCard(rules: 700, seed: seed).text)
    #expect(report.diagnostics.isEmpty, "\(report.diagnostics.map(\.message))")
    #expect(rules == 700)
  }

  @Test func seedsMakeTheSameCards() {
    #expect(LargeCard(rules: 300, seed: 7).text == LargeCard(rules: 300, seed: 7).text)
    #expect(LargeCard(rules: 300, seed: 7).text != LargeCard(rules: 300, seed: 8).text)
  }

  @Test(arguments: HardCard.allCases)
  func smallHardCardsAreProved(_ kind: HardCard) throws {
    let (report, _) = try findings(kind.text(size: kind == .diagrams ? 12 : 4))
    // In `pairs` there is a price that only all others together cover.
    #expect(report.diagnostics.map(\.code) == (kind == .pairs ? [.neverWins] : []))
  }

  /// What is given up on cards that are just too hard, within the budget that every proof has.
  @Test(arguments: [
    (HardCard.pairs, [DiagnosticCode.proofSkipped]),
    (.rivals, [.proofGivenUp]),
    (.promises, [.proofSkipped, .guardNotProved]),
  ])
  func hardCardsAreGivenUp(_ kind: HardCard, _ codes: [DiagnosticCode]) throws {
    let (report, rules) = try findings(kind.text(size: 8))
    #expect(report.diagnostics.map(\.code) == codes)
    // Only where a rule may never win does the card load all the same.
    #expect((rules != nil) == (kind == .pairs))
  }
}
