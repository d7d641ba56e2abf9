import RatecardModel
import RatecardTestSupport
import RatecardValues
import Testing

@testable import RatecardAnalysis

/// Which prices are below which.
@Suite struct PriceOrderTests {
  @Test(arguments: [
    ("credits: 1", "credits: 2", true),
    ("credits: 2", "credits: 2", false),
    ("credits: 1", "credits: 0.9", false),
    ("rates: {tokens: 1, calls: 2}", "rates: {tokens: 1, calls: 3}", true),
    ("rates: {tokens: 1, calls: 3}", "rates: {tokens: 2, calls: 2}", false),
    ("rates: {tokens: 1}", "rates: {calls: 2}", false),
    ("rates: {tokens: 1}", "credits: 100", false),
    ("credits: 1", "{credits: 1, rates: {tokens: 1}}", false),
    ("{credits: 1, rates: {tokens: 1}}", "{credits: 1, rates: {tokens: 2}}", true),
    ("rates: {tokens: 1}", "{rates: {tokens: 1}, minimum: 1}", true),
    ("{rates: {tokens: 1}, minimum: 2}", "{rates: {tokens: 2}, minimum: 1}", false),
    ("{rates: {tokens: 1}, maximum: 5}", "rates: {tokens: 2}", true),
    ("rates: {tokens: 1}", "{rates: {tokens: 2}, maximum: 5}", false),
    ("{rates: {tokens: 1}, maximum: 4}", "{rates: {tokens: 1}, maximum: 5}", true),
    (
      "rates: {tokens: {rate: 1, round: up to 2}}", "rates: {tokens: {rate: 2, round: up to 2}}",
      true
    ),
    ("rates: {tokens: {rate: 1, round: up to 9}}", "rates: {tokens: 2}", false),
    ("rates: {tokens: {rate: 1, at_least: 9}}", "rates: {tokens: 2}", false),
    ("rates: {tokens: {volume: [{rate: 1}]}}", "rates: {tokens: {volume: [{rate: 2}]}}", false),
    ("{credits: 1, adjust: false}", "credits: 2", false),
  ])
  func below(_ first: String, _ second: String, _ isBelow: Bool) throws {
    let prices = try [first, second].map(Self.price)
    #expect(prices[0].isBelow(prices[1]) == isBelow)
    #expect(!prices[1].isBelow(prices[0]) || !isBelow)
  }

  @Test(arguments: [("credits: 1", "credits: 3", true), ("credits: 1", "credits: 2.999", false)])
  func farBelow(_ first: String, _ second: String, _ isFarBelow: Bool) throws {
    #expect(try Self.price(first).isBelow(Self.price(second), times: Rational(3)) == isFarBelow)
  }

  @Test(arguments: [
    ("credits: 0", true), ("credits: 0.1", false), ("rates: {tokens: 0}", true),
    ("{rates: {tokens: 0}, minimum: 1}", false), ("rates: {tokens: 1}", false),
    ("rates: {tokens: {volume: [{rate: 0}]}}", false),
  ])
  func free(_ price: String, _ isFree: Bool) throws {
    #expect(try Self.price(price).isFree == isFree)
  }

  private static func price(_ text: String) throws -> Price {
    let keys = text.hasPrefix("{") ? String(text.dropFirst().dropLast()) : text
    let card = try #require(
      SmallCard("attributes: {tokens: count, calls: count}\ncosts: [{name: it, \(keys)}]"))
    guard case .price(let price) = card.card.costs[0].outcome else {
      preconditionFailure("a rule with a price")
    }
    return price
  }
}
