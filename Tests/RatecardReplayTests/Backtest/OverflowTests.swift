import Ratecard
import RatecardTestSupport
import RatecardValues
import Testing

@testable import RatecardReplay

/// What is too large to be added up is said, and never a wrong sum.
@Suite struct OverflowTests {
  private static func report(_ rows: Int) throws -> BacktestReport {
    let text = """
      credit: {decimals: 10}
      attributes: {tokens: quantity}
      costs: [{name: all, rates: {tokens: 1}}]
      """
    guard case .loaded(let card, _) = RateCard.load(files: Sample(text).files) else {
      throw UsageFailure.noHeader(source: "the card of the test is wrong")
    }
    var log = "tokens\n"
    for row in 0..<rows { log += row == 0 ? "4e28\n" : "4000000000000000000000000000\n" }
    return try Backtest(card, threads: 1).run([UsageSource(Array(log.utf8))])
  }

  @Test func aRowThatIsTooLargeHasNoPrice() throws {
    let report = try Self.report(1)
    #expect(report.unpriced == 1 && report.rejections.map(\.code) == ["overflow"])
  }

  @Test func aSumThatIsTooLargeIsNone() throws {
    #expect(
      try Self.report(3).amount(Self.report(3).total).description == "8000000000000000000000000000")
    #expect(throws: UsageFailure.overflow) { try Self.report(4) }
  }
}
