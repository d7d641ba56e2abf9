import Foundation
import RatecardDiagnostics
import RatecardModel
import RatecardTestSupport
import Testing

/// The cards of the repository check without a finding.
@Suite struct ShippedCardTests {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// Folders with a `card.yaml`, but for those that are wrong on purpose.
  static let folders: [String] = {
    let paths =
      (try? FileManager.default.subpathsOfDirectory(atPath: root.path + "/Examples")) ?? []
    return ["pricing"]
      + paths.filter { $0.hasSuffix("/card.yaml") && !$0.hasPrefix("refused/") }
      .map { "Examples/" + $0.dropLast("/card.yaml".count) }.sorted()
  }()

  @Test(arguments: folders)
  func checks(_ folder: String) throws {
    let url = Self.root.appendingPathComponent(folder)
    let names = try FileManager.default.contentsOfDirectory(atPath: url.path)
      .filter { $0.hasSuffix(".yaml") }.sorted()
    let sample = Sample(
      files: try names.map { name in
        SourceFile(
          path: "\(folder)/\(name)",
          bytes: Array(try Data(contentsOf: url.appendingPathComponent(name))))
      })
    let (card, diagnostics) = sample.check()
    #expect(diagnostics.isEmpty, "\(sample.describe(diagnostics))")
    #expect(card != nil)
  }
}
