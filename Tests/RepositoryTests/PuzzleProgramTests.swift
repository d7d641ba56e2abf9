import Foundation
import Ratecard
import RatecardDiagnostics
import RatecardValues
import Testing

/// The puzzles' cases that no test in a card can state: sums, fractions, and the wrong figures that
/// wrong cards would come to.
struct PuzzleProgramTests {
  @Test func wrongFiguresComeFromWrongCards() throws {
    // A pattern takes a newer, dearer model at the older one's price. The card that pins the name
    // has no price for it.
    let pattern = try card(
      """
      ratecard: 1
      name: pattern
      credit: {unit: dollar, decimals: 6, worth: 1 USD}
      attributes: {input_tokens: count, output_tokens: count}
      costs:
        - when: {model: command-a*}
          rates: {input_tokens: 2.50 USD per 1M, output_tokens: 10 USD per 1M}
      """)
    let sibling: [String: RequestValue] = [
      "model": "command-a-plus-05-2026", "input_tokens": 1_000_000, "output_tokens": 1_000_000,
    ]
    #expect(try credits(pattern, sibling) == Number(parsing: "12.5"))
    let pinned = try example("p29-pinned-model")
    #expect(throws: RequestError.self) { try pinned.price(sibling) }

    // Counts that include the cached tokens, priced as if they did not: charged twice.
    let inclusive: [String: RequestValue] = [
      "model": "claude-haiku-4.5", "input_tokens": 17_111, "cached_input_tokens": 17_102,
    ]
    let beside = try credits(example("p36-cached-beside-input"), inclusive)
    #expect(try beside == Number(parsing: "0.0188212"))
    let partOf = try credits(example("p36-cached-part-of-input"), inclusive)
    #expect(try partOf == Number(parsing: "0.0017192"))
  }

  @Test func aMillionTinyRequestsSumExactly() throws {
    let request: [String: RequestValue] = [
      "model": "gpt-4o-mini", "input_tokens": 17, "output_tokens": 13,
    ]
    let exact = try example("p31-tiny-requests")
    let rounded = try example("p31-rounded-requests")
    var sums = (exact: Rational.zero, rounded: Rational.zero)
    // Each answer counts for a thousand. Scripts/check asks a million times.
    for _ in 0..<1_000 {
      try sums.exact = sums.exact + Rational(credits(exact, request)) * Rational(1_000)
      try sums.rounded = sums.rounded + Rational(credits(rounded, request)) * Rational(1_000)
    }
    #expect(try sums.exact == Rational(Number(parsing: "10.35")))
    #expect(sums.rounded == Rational(1_000))
  }

  @Test(arguments: [
    ("deepgram-base", 26, 13, 2_400), ("groq-whisper-large-v3", 4, 37, 120_000),
  ])
  func amountsStayExactUntilTheOneRounding(
    _ model: String, _ seconds: Int, _ numerator: Int, _ denominator: Int
  ) throws {
    let prices = try example("p20-audio-prices")
    let explanation = prices.explain(
      ["model": .text(model), "audio_seconds": .number(Number(seconds))], costAlone: true)
    let exact = try Rational(
      numerator: Int128(numerator), denominator: Int128(denominator))
    #expect(explanation.steps.contains { $0.total == exact || $0.part == exact })
    let rounded = try exact.rounded(decimals: 5, .halfUp)
    #expect(explanation.steps.last?.total == (try Rational(rounded)))
  }

  private func credits(
    _ card: RateCard, _ request: [String: RequestValue]
  ) throws -> Number {
    guard case .priced(let credits) = try card.price(request).outcome else {
      throw Refused()
    }
    return credits
  }

  private struct Refused: Error {}

  private func example(_ name: String) throws -> RateCard {
    let folder = Repository.root.appending(path: "Examples/puzzles/\(name)").path
    return try #require(try RateCard.load(folder: folder).card)
  }

  private func card(_ text: String) throws -> RateCard {
    let file = SourceFile(path: "card.yaml", bytes: Array(text.utf8))
    return try #require(RateCard.load(files: [file]).card)
  }
}
