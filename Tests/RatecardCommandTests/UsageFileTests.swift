import Foundation
import Testing

@testable import RatecardCommand

/// The files of `--usage`.
@Suite struct UsageFileTests {
  /// Rows that count twice would be an amount twice as large.
  @Test func oneFileIsReadOnce() throws {
    let folder = try TemporaryFolder()
    try folder.write("model\nswift\n", to: "a.csv")
    try folder.write("model\nswift\n", to: "b.csv")
    let (a, b, link) = ("\(folder.path)/a.csv", "\(folder.path)/b.csv", "\(folder.path)/link.csv")
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: a)
    func run(_ paths: [String]) -> CommandRun {
      CommandRun(
        ["backtest", CommandRun.cards + "/shop", "--at", "2026-11-02", "--format", "csv"]
          + paths.flatMap { ["--usage", $0] })
    }
    #expect(run([a, b]).output.contains("\n2,"))
    for paths in [[a, a], [a, b, link]] {
      let refused = run(paths)
      #expect(refused.code == 2 && refused.output.isEmpty)
      #expect(refused.errors.contains("`\(paths[0])` and `\(paths[paths.count - 1])`"))
    }
  }
}
