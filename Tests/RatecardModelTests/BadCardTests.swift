import Foundation
import RatecardDiagnostics
import RatecardTestSupport
import Testing

/// Every card in `Cards` that is wrong, with all that is said about it.
@Suite struct BadCardTests {
  static let folder = Goldens.folder("Cards")

  @Test(arguments: Goldens.names(in: folder, ending: "yaml"))
  func findings(_ name: String) throws {
    let input = Self.folder.appendingPathComponent("\(name).yaml")
    let text = try String(contentsOf: input, encoding: .utf8)
    let sample = Sample(text, path: "\(name).yaml", addsHeader: !name.hasPrefix("header"))
    let (card, diagnostics) = sample.check()
    let seen = sample.describe(diagnostics)
    let golden = Self.folder.appendingPathComponent("\(name).txt")
    let difference = try Goldens.difference(seen, from: golden)
    #expect(difference == nil, "\(difference ?? "")")
    #expect(card == nil)
  }

  @Test func tenMistakesAreTenFindings() throws {
    let input = Self.folder.appendingPathComponent("ten-mistakes.yaml")
    let sample = Sample(try String(contentsOf: input, encoding: .utf8))
    let (_, diagnostics) = sample.check()
    #expect(diagnostics.count == 10, "\(sample.describe(diagnostics))")
  }
}
