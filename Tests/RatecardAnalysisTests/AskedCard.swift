import Ratecard
import RatecardCompiler
import RatecardDiagnostics
import RatecardModel
import RatecardTestSupport
import RatecardValues

@testable import RatecardAnalysis

/// A random card that loads, compiled, with its answers to all requests of a grid.
struct AskedCard {
  let prices: RandomPrices
  let card: RateCard
  let compiled: Compiler.Compiled
  /// By request; what is no request at all has none.
  let answers: [[String: String]: Result<Quote.Outcome, RequestError>]

  /// Loads a card; with `asksAll` false there are no answers yet.
  init?(_ prices: RandomPrices, asksAll: Bool = true) {
    let sample = Sample(prices.text)
    var bag = DiagnosticBag()
    guard let card = RateCard.load(files: sample.files).card, let model = sample.card(into: &bag),
      let compiled = Compiler.compile(model, into: &bag)
    else { return nil }
    self.prices = prices
    self.card = card
    self.compiled = compiled
    var answers: [[String: String]: Result<Quote.Outcome, RequestError>] = [:]
    if asksAll {
      for request in prices.requests() { answers[request] = Self.answer(card, request) }
    }
    self.answers = answers
  }

  func sheet() throws -> PriceSheet {
    try PriceSheet(card.model, compiled.plan, compiled.sets, in: compiled.space)
  }

  /// The same card, which rounds so finely that it does not round; of amounts it only knows finite
  /// decimals.
  var unrounded: AskedCard? { AskedCard(prices.withDecimals(10), asksAll: false) }

  func credits(_ request: [String: String]) -> Number? {
    guard case .success(.priced(let credits))? = answers[request] else { return nil }
    return credits
  }

  /// What the card answers to any request.
  func answer(_ request: [String: String]) -> Result<Quote.Outcome, RequestError>? {
    Self.answer(card, request)
  }

  private static func answer(
    _ card: RateCard, _ request: [String: String]
  ) -> Result<Quote.Outcome, RequestError>? {
    do throws(RequestError) {
      return .success(try card.price(request.mapValues { .text($0) }, at: .earliest).outcome)
    } catch {
      // That a number is missing at which bands are entered is the price's affair.
      let isMissing = error.attribute == "used" && error.code == .invalidRequest
      return error.code == .unpriced || isMissing ? .failure(error) : nil
    }
  }

  /// The request with which a note begins.
  static func request(in note: String) -> [String: String]? {
    for end in [" costs ", " is refused ", " has no price"] {
      guard let range = note.firstRange(of: end) else { continue }
      let words = note[..<range.lowerBound]
      if words == "a request that carries nothing" { return [:] }
      return Dictionary(
        uniqueKeysWithValues: words.split(separator: " ").map { word in
          let parts = word.split(separator: "=", maxSplits: 1)
          return (String(parts[0]), String(parts.last ?? ""))
        })
    }
    return nil
  }
}
