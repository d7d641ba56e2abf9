import Foundation
import Ratecard
import RatecardDiagnostics
import RatecardImport
import RatecardTestSupport
import Testing

/// The public lists beside the checkout become cards that load.
@Suite struct SharedListTests {
  static let genaiPrices = SharedFiles.url("prices/genai-prices.json")
  static let litellm = SharedFiles.url("prices/litellm-model-prices.json")

  @Test(.enabled(if: genaiPrices != nil, "the shared price lists are not there"))
  func takesEveryPriceOfGenAIPrices() throws {
    let report = try load(#require(Self.genaiPrices), .genaiPrices)
    #expect(report.models == 2330)
    #expect(report.importedModels == 2151)
    #expect(report.unpricedModels == 179)
    #expect(report.skippedPrices == 0)
  }

  @Test(.enabled(if: litellm != nil, "the shared price lists are not there"))
  func takesAlmostEveryPriceOfLiteLLM() throws {
    let report = try load(#require(Self.litellm), .litellm)
    #expect(report.importedModels == 4141)
    #expect(report.skippedModels == ["bedrock/guardrails"])
    #expect(report.isComplete)
  }

  private func load(_ url: URL, _ kind: PriceListKind) throws -> ImportReport {
    let imported = try PriceImport(Array(Data(contentsOf: url)), as: kind)
    let files = imported.files().map { SourceFile(path: $0.name, bytes: Array($0.text.utf8)) }
    let result = RateCard.load(files: files)
    #expect(
      result.card != nil, "\(Sample(files: files).describe(result.report.diagnostics).prefix(2000))"
    )
    return imported.report
  }
}
