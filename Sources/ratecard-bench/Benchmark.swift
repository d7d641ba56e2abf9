internal import Foundation
internal import RatecardJSON

/// Something that is measured; each has a file of its own in `Benchmarks`.
struct Benchmark: Sendable {
  let name: String
  /// What it measures, in a line.
  let summary: String
  /// Measures, prints a table, and answers what the table says.
  let run: @Sendable (Bench) throws -> JSONValue

  /// All benchmarks, in the order in which they run.
  static let all = [
    lint, loading, decisions, growth, answers, current, lines, store, peers,
  ]
}

/// What benchmarks share: where they find programs, and where they leave files.
struct Bench: Sendable {
  private let folder: String
  private let programs: String

  /// A bench that leaves its files in a folder, which it makes where there is none.
  init(folder: String) throws {
    self.folder = folder
    programs = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().path()
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  /// The path of a file of the bench.
  func path(_ name: String) -> String { folder + "/" + name }

  /// The path of a program that was built beside this one.
  func program(_ name: String) -> String { programs + name }

  /// The command of a script in `Scripts/peers`.
  func peer(_ script: String) -> [String] {
    [path(script.hasSuffix(".js") ? "node" : "venv/bin/python"), "Scripts/peers/" + script]
  }

  /// A folder with a card and nothing else.
  func folder(with workload: Workload) throws -> String {
    let folder = path(workload.name)
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data(workload.text.utf8).write(to: URL(filePath: folder + "/card.yaml"))
    return folder
  }
}
