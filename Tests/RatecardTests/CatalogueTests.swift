import Ratecard
import RatecardDiagnostics
import RatecardTestSupport
import RatecardValues
import Testing

/// The examples of the catalogue are what they say they are.
@Suite struct CatalogueTests {
  /// All but the limits and bytes that no short text can show, and what running tests finds.
  static let codes = DiagnosticCode.all.filter { !$0.wrong.isEmpty && $0 != .testFails }.map(\.id)

  @Test(arguments: codes)
  func wrongExampleShowsItAlone(_ id: String) throws {
    let code = try #require(DiagnosticCode.named(id))
    let sample = Sample(code.wrong)
    let result = Self.load(sample, code)
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
    let result = Self.load(sample, code)
    let diagnostics = result.report.diagnostics
    #expect(
      diagnostics.isEmpty,
      "\(code.id) \(code.name) is put right by:\n\(sample.describe(diagnostics))")
    #expect(result.card != nil)
  }

  /// What is found while loading is shown by loading alone, so that an example need not be a card
  /// that lint has nothing else to say about.
  private static func load(_ sample: Sample, _ code: DiagnosticCode) -> LoadResult {
    let day = Instant(nanoseconds: 1_796_083_200 * 1_000_000_000)
    return RateCard.load(files: sample.files, proving: code.id < "RC07" ? .none : .all(at: day))
  }

  @Test func idsAndNamesAreUniqueAndSorted() {
    let ids = DiagnosticCode.all.map(\.id)
    #expect(Set(ids).count == ids.count)
    #expect(Set(DiagnosticCode.all.map(\.name)).count == ids.count)
    #expect(ids == ids.sorted())
  }
}
