import Ratecard
import RatecardDiagnostics
import Testing

/// A card needs at least one file.
@Test func noFilesAreNoCard() {
  let report = RateCard.load(files: []).report
  #expect(report.diagnostics.map(\.code) == [.missingHeader])
  #expect(report.files.count == 1, "the finding points into a file that is there")
}
