import Foundation
import RatecardDiagnostics
import RatecardModel
import RatecardTwin
import RatecardValues
import Testing

/// The tests that the shipped cards carry, answered by the twin.
@Suite struct CardOwnTests {
  /// Every folder of the repository that is a card that loads.
  static let folders: [String] = {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let parents = ["Examples/puzzles", "Tests/Cards"].map { root.appending(path: $0) }
    let cards = parents.flatMap { parent in
      ((try? FileManager.default.contentsOfDirectory(atPath: parent.path)) ?? []).sorted()
        .map { parent.appending(path: $0).path }
    }
    return cards + [root.appending(path: "pricing").path]
  }()

  static func files(_ folder: String) -> [String] {
    let paths = FileManager.default.enumerator(atPath: folder)?.allObjects as? [String] ?? []
    return paths.filter { $0.hasSuffix(".yaml") }.sorted().compactMap {
      try? String(contentsOfFile: "\(folder)/\($0)", encoding: .utf8)
    }
  }

  @Test(arguments: folders)
  func pass(_ folder: String) throws {
    let (checked, diagnostics) = checkedCard(Self.files(folder))
    let card = try #require(checked, "\(diagnostics.map(\.message))")
    let twin = try Twin(card)
    #expect(twin.findings().map { "\($0)" } == [])
    for test in card.tests { check(test, twin) }
  }

  private func check(_ test: CardTest, _ twin: Twin) {
    var inputs: [String: TwinValue] = ["at": .instant(1_790_000_000_000_000_000)]
    for input in test.inputs {
      inputs[input.name] = Self.read(input, twin.card.card.attribute(named: input.name)?.kind)
    }
    var parts: [CardTest.Expected.Part: CardTest.Expected.Answer] = [:]
    do throws(TwinError) {
      switch test.question {
      case .price: Self.add(try twin.price(inputs), to: &parts)
      case .event:
        guard let reaction = try twin.react(inputs) else { break }
        parts[.rule] = .text(ExactText(reaction.rule.description))
        parts[.tier] = reaction.outcome.tier.map { .text($0) }
        parts[.notify] = reaction.outcome.notify.map { .text($0) }
      case .decision:
        let decision = try twin.decide(inputs)
        Self.add(try decision.quote.get(), to: &parts)
        parts[.tier] = decision.tier.map { .text($0) }
        parts[.tierRule] = (decision.tierRule?.description).map { .text(ExactText($0)) }
        parts[.route] = (decision.route?.description).map { .text(ExactText($0)) }
        parts[.model] = (decision.model?.description).map { .text(ExactText($0)) }
        parts[.requestedModel] = (decision.requestedModel?.description).map { .text(ExactText($0)) }
        parts[.queue] = (decision.routed?.queue).map { .text($0) }
        parts[.fallbacks] = .texts(decision.routed?.fallbacks ?? [])
        parts[.params] = .parameters(decision.routed?.parameters ?? [])
      }
    } catch {
      parts[.error] = .text(error == .unpriced ? "unpriced" : "invalid_request")
    }
    for expected in test.expected {
      switch expected.answer {
      case .absent: #expect(parts[expected.part] == nil, "\(test.name): \(expected.part)")
      case .present: #expect(parts[expected.part] != nil, "\(test.name): \(expected.part)")
      default:
        #expect(parts[expected.part] == expected.answer, "\(test.name): \(expected.part)")
      }
    }
  }

  private static func add(
    _ quote: TwinQuote, to parts: inout [CardTest.Expected.Part: CardTest.Expected.Answer]
  ) {
    parts[.rule] = .text(ExactText(quote.rule.description))
    parts[.adjustments] = .texts(quote.adjustments.map { ExactText($0.description) })
    switch quote.outcome {
    case .priced(let credits):
      parts[.credits] = (try? Number(parsing: credits.description)).map { .number($0) }
    case .denied(let text): parts[.denied] = .text(text)
    }
  }

  /// The value that a test writes; what is not of the attribute's type stays text.
  private static func read(_ input: CardTest.Input, _ kind: Attribute.Kind?) -> TwinValue {
    switch kind {
    case .flag:
      input.text == "true" ? .flag(true) : input.text == "false" ? .flag(false) : .text(input.text)
    case .count, .quantity, .number:
      (try? Number(parsing: input.text, signed: true)).map { .number(Fraction($0)) }
        ?? .text(input.text)
    case .instant:
      (try? Instant(parsing: input.text)).map { .instant($0.nanoseconds) } ?? .text(input.text)
    default: .text(input.text)
    }
  }
}
