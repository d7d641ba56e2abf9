import Foundation
import Testing

/// What is printed is the same in every process, though each orders its sets and dictionaries
/// differently.
struct StableOutputTests {
  private static let findings = "Tests/RatecardAnalysisTests/Findings"

  @Test(arguments: [
    "price-cliff-ties", "price-cliff", "guard-fails", "cheap-fallback-rates", "mergeable-rules",
    "timeline-hole", "unpriced-requests", "unused-model", "flapping-tier",
  ])
  func lint(_ name: String) throws {
    let folder = try TemporaryFolder()
    try FileManager.default.copyItem(
      at: Repository.root.appending(path: "\(Self.findings)/\(name).yaml"),
      to: folder.url.appending(path: "card.yaml"))
    let outputs = try Set(
      (0..<4).map { _ in
        try Shell.run("ratecard lint '\(folder.url.path)'", merged: true).output
      })
    #expect(outputs.count == 1)
  }
}
