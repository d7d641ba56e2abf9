import Foundation
import Testing

/// The programs under Examples are built and run as their readers would.
struct ExampleTests {
  static let log = Repository.shared("usage/azure-llm-conversations-2023.csv")

  /// Prices a real log, and every price once more with Python's fractions.
  @Test(
    .enabled(
      if: log != nil, "../shared/usage/azure-llm-conversations-2023.csv is not there"),
    .timeLimit(.minutes(30)))
  func aRealLogIsPricedExactly() throws {
    let path = try #require(Self.log).path
    let run = try Shell.run(
      """
      set -o pipefail
      export PYTHONDONTWRITEBYTECODE=1
      python3 Examples/azure-log/make_requests.py '\(path)' |
        ratecard eval Examples/azure-log/card --jsonl |
        python3 Examples/azure-log/check_total.py '\(path)'
      """)
    #expect(run.status == 0, "\(run.errors)\(run.output)")
    #expect(run.output.hasPrefix("19366 requests, "), "\(run.output)")
  }

  /// Builds the package that embeds the library, in a folder of its own below .build, and compares
  /// what it prints.
  @Test(.timeLimit(.minutes(30)))
  func aProgramEmbedsTheLibrary() throws {
    let scratch = Repository.root.appending(path: ".build/examples").path
    let package = Repository.root.appending(path: "Examples/embed").path
    // Where the folder is left from before, SwiftPM notices new sources only in a second build.
    let line = "swift build --package-path '\(package)' --scratch-path '\(scratch)'"
    let build = try Shell.run("\(line) >/dev/null || \(line)", merged: true)
    try #require(build.status == 0, "\(build.output)")
    let run = try Shell.run("'\(scratch)/debug/embed' pricing", merged: true)
    #expect(run.status == 0)
    try expect(run.output, in: "Examples/embed/output.txt")
  }
}
