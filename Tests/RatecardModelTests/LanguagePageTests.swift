import Foundation
import RatecardDiagnostics
import RatecardModel
import RatecardTestSupport
import Testing

private let languagePage = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  .appendingPathComponent("shared/design/language.md")

private let languagePageIsThere = FileManager.default.fileExists(atPath: languagePage.path)

/// The cards of the language's design page, where it lies beside the repository, are right.
@Suite(.enabled(if: languagePageIsThere, "../shared/design/language.md is not there"))
struct LanguagePageTests {
  /// The examples in YAML, in the order of the page.
  static func examples() throws -> [String] {
    let text = try String(contentsOf: languagePage, encoding: .utf8)
    return text.components(separatedBy: "```yaml\n").dropFirst().map {
      $0.components(separatedBy: "```").first ?? ""
    }
  }

  @Test func oneCard() throws {
    let card = try Self.examples().filter { !$0.hasPrefix("# another card") }
    let sample = Sample(card.joined(separator: "\n"))
    let (checked, diagnostics) = sample.check()
    #expect(diagnostics.isEmpty, "\(sample.describe(diagnostics))")
    let names = try #require(checked).costs.map(\.name)
    #expect(names.contains("request weights/agent/o1"))
    #expect(names == names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
    #expect(checked?.tiers.map(\.name).contains("premium") == true)
    #expect(checked?.events.map(\.name) == ["on: credit.balance_low", "on: subscription.renewed"])
  }

  @Test func anotherCard() throws {
    let adjustments = try #require(Self.examples().first { $0.hasPrefix("# another card") })
    let sample = Sample(
      """
      attributes:
        batch: flag
        searches: count
        input_tokens: count
        cached_input_tokens: {type: count, part_of: input_tokens}
        output_tokens: count
      costs:
        - rates: {input_tokens: 3, cached_input_tokens: 1, output_tokens: 5}

      """ + adjustments)
    let (checked, diagnostics) = sample.check()
    #expect(diagnostics.isEmpty, "\(sample.describe(diagnostics))")
    #expect(checked?.adjustments.map(\.name) == ["batch discount", "floor", "markup", "searches"])
  }
}
