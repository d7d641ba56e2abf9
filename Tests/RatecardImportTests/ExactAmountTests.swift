import RatecardImport
import RatecardTestSupport
import Testing

/// Every number of a list arrives in the card digit by digit.
@Suite struct ExactAmountTests {
  @Test(arguments: 0..<20)
  func arrivesFromGenAIPrices(_ seed: Int) throws {
    var random = SplitMix(seed: UInt64(seed))
    let amounts = (0..<40).map { _ in Self.decimal(&random) }
    let models = amounts.enumerated().map { index, amount in
      #"{"id": "m\#(index)", "match": {"equals": "m\#(index)"}, "prices": {"input_mtok": "\#(amount)"}}"#
    }
    let text = "[{\"id\": \"p\", \"models\": [\(models.joined(separator: ","))]}]"
    let card = try Self.card(text, .genaiPrices)
    for (index, amount) in amounts.enumerated() {
      let wanted = "input_tokens: \(Self.plain(amount, times: 0)) USD per 1M"
      #expect(Self.rule("p/m\(index)", in: card).contains(wanted), "\(amount)")
    }
  }

  @Test(arguments: 0..<20)
  func arrivesFromLiteLLM(_ seed: Int) throws {
    var random = SplitMix(seed: UInt64(seed) &+ 1000)
    let amounts = (0..<40).map { _ in Self.decimal(&random) + "e-0\(random.below(9) + 1)" }
    let models = amounts.enumerated().map { index, amount in
      #""m\#(index)": {"litellm_provider": "p", "mode": "chat", "input_cost_per_token": \#(amount)}"#
    }
    let card = try Self.card("{\(models.joined(separator: ","))}", .litellm)
    for (index, amount) in amounts.enumerated() {
      let wanted = "input_tokens: \(Self.plain(amount, times: 6)) USD per 1M"
      #expect(Self.rule("m\(index)", in: card).contains(wanted), "\(amount)")
    }
  }

  /// A decimal of up to 17 digits that is not 0, as lists have them.
  private static func decimal(_ random: inout SplitMix) -> String {
    let digits = (0..<random.below(17) + 1).map { _ in String(random.below(10)) }.joined()
    return "\(random.below(9) + 1).\(digits)"
  }

  private static func card(_ text: String, _ kind: PriceListKind) throws -> String {
    try PriceImport(Array(text.utf8), as: kind).files().map(\.text).joined()
  }

  private static func rule(_ model: String, in card: String) -> Substring {
    guard let name = card.firstRange(of: "name: \(model)\n") else { return "" }
    let rest = card[name.upperBound...]
    return rest[..<(rest.firstRange(of: "- name:")?.lowerBound ?? rest.endIndex)]
  }

  /// A decimal with its point moved to the right, worked out on its text.
  private static func plain(_ text: String, times places: Int) -> String {
    let parts = text.split(separator: "e")
    let exponent = (parts.count > 1 ? Int(parts[1]) ?? 0 : 0) + places
    let number = parts[0].split(separator: ".")
    let digits = String(number[0] + number[1])
    let point = number[0].count + exponent
    let padded =
      String(repeating: "0", count: max(0, 1 - point)) + digits
      + String(repeating: "0", count: max(0, point - digits.count))
    let whole = String(padded.prefix(max(1, point)))
    var fraction = String(padded.dropFirst(max(1, point)))
    while fraction.hasSuffix("0") { fraction.removeLast() }
    let trimmed = String(whole.drop { $0 == "0" })
    return grouped(trimmed.isEmpty ? "0" : trimmed) + (fraction.isEmpty ? "" : "." + fraction)
  }

  private static func grouped(_ whole: String) -> String {
    guard whole.count > 4 else { return whole }
    var result = ""
    for (index, digit) in whole.enumerated() {
      if index > 0, (whole.count - index) % 3 == 0 { result += "_" }
      result.append(digit)
    }
    return result
  }
}
