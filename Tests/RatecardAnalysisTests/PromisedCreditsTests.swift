import RatecardModel
import RatecardValues
import Testing

@testable import RatecardAnalysis

/// Ranges of amounts that break a promise are held against rounding amounts and looking.
@Suite struct PromisedCreditsTests {
  static let matchers: [Matcher] = [
    .oneOf([.value(.number(.zero))]),
    .oneOf([Number(3), Number(1), half].map { .value(.number($0)) }),
    .range(lower: Bound(.number(.one), isInclusive: true), upper: nil),
    .range(lower: Bound(.number(.zero), isInclusive: false), upper: nil),
    .range(lower: nil, upper: Bound(.number(Number(2)), isInclusive: true)),
    .range(lower: nil, upper: Bound(.number(Number(2)), isInclusive: false)),
    .range(
      lower: Bound(.number(half), isInclusive: false),
      upper: Bound(.number(Number(3)), isInclusive: true)),
  ]
  private static let half = Number(significand: 5, exponent: -1) ?? .zero

  @Test(arguments: RoundingMode.allCases, 0...1)
  func rangesHoldWhatBreaks(_ mode: RoundingMode, _ decimals: Int) throws {
    let steps = try Steps(decimals: decimals, mode)
    for matcher in Self.matchers {
      let promise = PromisedCredits(matcher)
      let ranges = try promise.brokenRanges(steps)
      for twentieth in 0..<100 {
        let amount = try Rational(numerator: Int128(twentieth), denominator: 20)
        let credits = try amount.rounded(decimals: decimals, mode)
        let isBroken = ranges.contains { $0.contains(Nudged(amount)) }
        #expect(isBroken == !promise.holds(credits), "\(amount) is \(credits): \(promise.words)")
      }
    }
  }
}
