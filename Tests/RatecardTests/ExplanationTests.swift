import Foundation
import Ratecard
import RatecardDiagnostics
import RatecardModel
import RatecardTestSupport
import RatecardValues
import Testing

/// The explanation's walk over the model comes to the same as the compiled table.
@Suite struct ExplanationTests {
  static let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path

  /// Every good card of the repository.
  static let cards: [String] = {
    let roots =
      ["pricing"]
      + ["Tests/Cards", "Tests/RatecardCommandTests/Cards"].flatMap { root in
        ((try? FileManager.default.contentsOfDirectory(atPath: repository + "/" + root)) ?? [])
          .map { root + "/" + $0 }
      }
    return roots.filter { (try? RateCard.load(folder: repository + "/" + $0))?.card != nil }
      .sorted()
  }()

  @Test(arguments: cards)
  func agreesWithTheAnswer(_ folder: String) throws {
    let card = try #require(try RateCard.load(folder: Self.repository + "/" + folder).card)
    var random = SplitMix(seed: 7)
    var priced = 0
    for _ in 0..<300 {
      let request = Self.request(card.model, &random)
      for costAlone in [false, true] {
        let explanation = card.explain(request, costAlone: costAlone)
        if check(explanation, card, request, costAlone) { priced += 1 }
      }
    }
    #expect(priced > 0, "no request of \(folder) has a price")
  }

  /// Holds what the walk found against what the table answered; true when there was a price.
  private func check(
    _ explanation: Explanation, _ card: RateCard, _ request: [String: RequestValue],
    _ costAlone: Bool
  ) -> Bool {
    let costs = explanation.stages.first { $0.section == "costs" }
    let total = explanation.steps.last?.total
    func hold(_ outcome: Quote.Outcome, _ rule: String, _ adjustments: [String]) -> Bool {
      switch outcome {
      case .priced(let credits):
        #expect(costs?.winner == rule, "\(request)")
        #expect(total == (try? Rational(credits)), "\(request) \(explanation.steps)")
        let applied = explanation.stages.filter { $0.section.hasPrefix("adjustments") }
          .flatMap { stage in stage.winner.map { [$0] } ?? stage.candidates.map(\.rule) }
        #expect(Set(applied) == Set(adjustments), "\(request)")
        return true
      case .denied:
        #expect(explanation.steps.isEmpty)
        #expect(explanation.stages.last?.winner == rule, "\(request)")
        return false
      }
    }
    switch explanation.answer {
    case .quote(let quote):
      #expect(costAlone)
      return hold(quote.outcome, quote.rule, quote.adjustments)
    case .decision(let decision):
      let tier = explanation.stages.first { $0.section == "tiers" }
      #expect(tier?.winner == decision.tierRule, "\(request)")
      let route = explanation.stages.first { $0.section == "routes" }
      if let name = decision.route { #expect(route?.winner == name, "\(request)") }
      return hold(decision.outcome, decision.rule, decision.adjustments)
    case .failure(let error):
      // A request that is none has no reasons but its error.
      if error.code == .invalidRequest { #expect(explanation.stages.isEmpty) }
      return false
    }
  }

  /// A request near what the card's conditions look at.
  private static func request(
    _ card: Card, _ random: inout SplitMix
  ) -> [String: RequestValue] {
    var request: [String: RequestValue] = [:]
    let numbers: [RequestValue] = [0, 1, 2, 9, 10, 11, 99, 100, 1000, 200_000, 200_001]
    for attribute in card.attributes
    where attribute.origin == .builtIn || attribute.origin == .declared {
      guard !random.oneIn(3) else { continue }
      switch attribute.kind {
      case .choice(let values):
        guard !values.isEmpty else { continue }
        request[attribute.name] = .text(values[random.below(values.count)].string)
      case .flag: request[attribute.name] = .flag(random.oneIn(2))
      case .count, .quantity, .number:
        request[attribute.name] = numbers[random.below(numbers.count)]
      case .instant:
        let seconds = Int64(1_767_225_600 + random.below(800) * 86_400 / 2)
        request[attribute.name] = Instant(seconds: seconds).map { .instant($0) }
      case .text:
        let models = card.models.models.map(\.name)
        let isModel = attribute.id == .model || attribute.id == .requestedModel
        let texts = isModel && !models.isEmpty ? models : ["a", "chat", "agent", "other"]
        request[attribute.name] = .text(texts[random.below(texts.count)].string)
      case .windows: continue
      }
    }
    if !random.oneIn(20) {
      request["requested_model"] = nil
      if !random.oneIn(3) { request["tier"] = nil }
    }
    return request
  }
}
