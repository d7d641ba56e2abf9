import Foundation
import Ratecard
import RatecardDiagnostics
import RatecardTestSupport
import RatecardValues
import Testing

/// Every card in `Findings`, with what lint proves of it.
///
/// A card whose name begins with a finding's is about that one alone; a name that ends in `-good`
/// has none.
@Suite struct FindingTests {
  static let folder = Goldens.folder("Findings")
  /// The day on which these cards are linted.
  static let day = Instant(nanoseconds: 1_796_083_200 * 1_000_000_000)

  @Test(arguments: Goldens.names(in: folder, ending: "yaml"))
  func findings(_ name: String) throws {
    let input = Self.folder.appendingPathComponent("\(name).yaml")
    let sample = Sample(try String(contentsOf: input, encoding: .utf8), path: "\(name).yaml")
    let report = RateCard.load(files: sample.files, proving: .all(at: Self.day)).report
    let own = DiagnosticCode.all.filter { name == $0.name || name.hasPrefix("\($0.name)-") }
    let seen = sample.describe(
      report.diagnostics.filter {
        own.isEmpty || own.contains($0.code) || $0.severity == .error
      })
    if name.hasSuffix("-good") {
      #expect(seen.isEmpty)
      return
    }
    #expect(!seen.isEmpty)
    let golden = Self.folder.appendingPathComponent("\(name).txt")
    let difference = try Goldens.difference(seen, from: golden)
    #expect(difference == nil, "\(difference ?? "")")
  }
}
