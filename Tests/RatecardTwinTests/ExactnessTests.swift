import Ratecard
import RatecardTwin
import RatecardValues
import Testing

@Suite struct ExactnessTests {
  /// A million requests of 17 and 13 tokens, whose price no binary fraction can hold.
  @Test func aMillionTinyRequestsSumExactly() throws {
    let text = """
      ratecard: 1
      name: tiny
      credit: {unit: USD, decimals: 10}
      attributes: {input_tokens: count, output_tokens: count}
      costs:
        - {name: tokens, rates: {input_tokens: 0.15 per 1M, output_tokens: 0.60 per 1M}}
      """
    let card = try #require(RateCard.load(files: sources([text]), zones: testZones).card)
    var sum = Rational.zero
    for _ in 0..<1_000_000 / 500 {
      let quote = try card.price(["input_tokens": 17, "output_tokens": 13])
      guard case .priced(let credits) = quote.outcome else {
        Issue.record("\(quote)")
        return
      }
      // The same answer five hundred times over; asking a million times takes a debug build too long.
      sum = try sum + Rational(credits) * Rational(500)
    }
    #expect(Fraction(sum).description == "10.35")
  }
}
