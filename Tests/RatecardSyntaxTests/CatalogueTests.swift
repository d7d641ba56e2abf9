import RatecardDiagnostics
import RatecardSyntax
import Testing

/// The examples of the codes that reading a file can give.
@Suite struct CatalogueTests {
  private static let codes = DiagnosticCode.all.filter {
    $0.id.hasPrefix("RC00") && !$0.wrong.isEmpty
  }

  @Test(arguments: codes)
  func examples(_ code: DiagnosticCode) {
    #expect(Probe(code.wrong).codes == [code.name])
    #expect(Probe(code.right).codes == [])
  }

  @Test func numbersAndNamesAreUnique() {
    #expect(Set(DiagnosticCode.all.map(\.id)).count == DiagnosticCode.all.count)
    #expect(Set(DiagnosticCode.all.map(\.name)).count == DiagnosticCode.all.count)
    #expect(DiagnosticCode.all.map(\.id) == DiagnosticCode.all.map(\.id).sorted())
  }
}
