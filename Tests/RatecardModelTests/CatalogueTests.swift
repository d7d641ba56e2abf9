import RatecardDiagnostics
import Testing

/// The examples of the catalogue are what they say they are.
@Suite struct CatalogueTests {
  /// The codes that are found once rules are compared, or tests are run: not here.
  static let laterStages = ["RC04", "RC06"]

  /// The others; limits and bytes that no short text can show have no example.
  static let codes = DiagnosticCode.all.filter { !$0.wrong.isEmpty }.map(\.id).filter { id in
    !laterStages.contains { id.hasPrefix($0) }
  }

  @Test(arguments: codes)
  func wrongExampleShowsItAlone(_ id: String) throws {
    let code = try #require(DiagnosticCode.named(id))
    let sample = Sample(code.wrong)
    let (card, diagnostics) = sample.check()
    #expect(diagnostics.contains { $0.code == code })
    let others = diagnostics.filter { $0.code != code }
    #expect(others.isEmpty, "\(code.id) \(code.name) also shows:\n\(sample.describe(others))")
    #expect(code.severity != .error || card == nil)
  }

  @Test(arguments: codes)
  func rightExampleIsRight(_ id: String) throws {
    let code = try #require(DiagnosticCode.named(id))
    let sample = Sample(code.right)
    let (card, diagnostics) = sample.check()
    #expect(
      diagnostics.isEmpty, "\(code.id) \(code.name) is put right by:\n\(sample.describe(diagnostics))")
    #expect(card != nil)
  }

  @Test func idsAndNamesAreUniqueAndSorted() {
    let ids = DiagnosticCode.all.map(\.id)
    #expect(Set(ids).count == ids.count)
    #expect(Set(DiagnosticCode.all.map(\.name)).count == ids.count)
    #expect(ids == ids.sorted())
  }
}
