import Foundation
import RatecardDiagnostics
import RatecardModel
import RatecardTestSupport
import Testing

/// Every card in `Good`, with the rules that it comes to.
@Suite struct GoodCardTests {
  static let folder = Goldens.folder("Good")

  @Test(arguments: Goldens.names(in: folder, ending: "yaml"))
  func rules(_ name: String) throws {
    let input = Self.folder.appendingPathComponent("\(name).yaml")
    let sample = Sample(try String(contentsOf: input, encoding: .utf8), path: "\(name).yaml")
    let (card, diagnostics) = sample.check()
    #expect(diagnostics.isEmpty, "\(sample.describe(diagnostics))")
    let seen = RuleText(card: try #require(card)).text
    let golden = Self.folder.appendingPathComponent("\(name).txt")
    let difference = try Goldens.difference(seen, from: golden)
    #expect(difference == nil, "\(difference ?? "")")
  }
}
