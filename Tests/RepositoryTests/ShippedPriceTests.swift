import Foundation
import RatecardTestSupport
import Testing

/// The prices of the shipped card stand in one place: its tests and guards do not repeat them.
struct ShippedPriceTests {
  /// Every price above nothing in costs.yaml, as the text before it and the number.
  private static func prices(_ text: String) -> [(before: Substring, number: Int, after: Substring)]
  {
    text.matches(
      of: /(?m)(^ *(?:chat|composer|agent): +{[a-z0-9-]+: |credits: |, [a-z0-9-]+: )(\d+)/
    )
    .compactMap { match in
      guard let number = Int(match.output.2), number > 0 else { return nil }
      let place = match.output.2
      return (text[..<place.startIndex], number, text[place.endIndex...])
    }
  }

  /// Whether a copy of the card with other costs may answer.
  private func isTaken(_ costs: String) throws -> Bool {
    let folder = try TemporaryFolder()
    let card = folder.url.appending(path: "card")
    try FileManager.default.copyItem(at: Repository.root.appending(path: "pricing"), to: card)
    try costs.write(to: card.appending(path: "costs.yaml"), atomically: true, encoding: .utf8)
    let run = try Shell.run("ratecard lint '\(card.path)' && ratecard test '\(card.path)'")
    return run.status == 0
  }

  @Test func everyPriceMayBeChangedAlone() throws {
    let text = try Repository.text("pricing/costs.yaml")
    let prices = Self.prices(text)
    #expect(prices.count == 10)
    for (before, number, after) in prices {
      #expect(try isTaken("\(before)\(number + 1)\(after)"), "\(number) became \(number + 1)")
      // A slip of the pen is none of those.
      for slip in [0, number * 1_000] {
        #expect(try !isTaken("\(before)\(slip)\(after)"), "\(number) became \(slip)")
      }
    }
  }
}
