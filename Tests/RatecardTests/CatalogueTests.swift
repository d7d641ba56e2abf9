import Ratecard
import RatecardDiagnostics
import RatecardTestSupport
import Testing

/// The examples of the catalogue are what they say they are.
@Suite struct CatalogueTests {
  /// All but the limits and bytes that no short text can show.
  static let codes = DiagnosticCode.all.filter { !$0.wrong.isEmpty }.map(\.id)

  @Test(arguments: codes)
  func wrongExampleShowsItAlone(_ id: String) throws {
    let code = try #require(DiagnosticCode.named(id))
    let sample = Sample(code.wrong)
    let result = RateCard.load(files: sample.files)
    let diagnostics = result.report.diagnostics
    #expect(diagnostics.contains { $0.code == code })
    let others = diagnostics.filter { $0.code != code }
    #expect(others.isEmpty, "\(code.id) \(code.name) also shows:\n\(sample.describe(others))")
    #expect(code.severity != .error || result.card == nil)
  }

  @Test(arguments: codes)
  func rightExampleIsRight(_ id: String) throws {
    let code = try #require(DiagnosticCode.named(id))
    let sample = Sample(code.right)
    let result = RateCard.load(files: sample.files)
    let diagnostics = result.report.diagnostics
    #expect(
      diagnostics.isEmpty,
      "\(code.id) \(code.name) is put right by:\n\(sample.describe(diagnostics))")
    #expect(result.card != nil)
  }

  @Test func idsAndNamesAreUniqueAndSorted() {
    let ids = DiagnosticCode.all.map(\.id)
    #expect(Set(ids).count == ids.count)
    #expect(Set(DiagnosticCode.all.map(\.name)).count == ids.count)
    #expect(ids == ids.sorted())
  }
}
