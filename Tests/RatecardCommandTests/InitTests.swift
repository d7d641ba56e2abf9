import Foundation
import Testing

@testable import RatecardCommand

/// The starters are good cards, and nothing is ever overwritten.
@Suite struct InitTests {
  static let names = Starter.all.map(\.name)

  @Test(arguments: names)
  func passesLintAndTest(_ name: String) throws {
    let folder = try TemporaryFolder()
    let card = folder.path + "/a/new/card"
    let made = CommandRun(["init", card, "--from", name])
    #expect(made.code == 0, "\(made.errors)")
    let lint = CommandRun(["lint", card, "--strict"])
    #expect(lint.code == 0 && lint.output.isEmpty, "\(lint.output)")
    let test = CommandRun(["test", card, "--coverage", "--format", "json"])
    #expect(test.code == 0, "\(test.output)")
    #expect(test.output.contains("\"missed\": []"), "\(test.output)")
  }

  @Test func theFirstIsTheDefault() throws {
    let folder = try TemporaryFolder()
    #expect(CommandRun(["init", folder.path]).code == 0)
    #expect(CommandRun(["eval", folder.path]).output.contains("\"ratecard\":\"cursor\""))
  }

  @Test(arguments: ["costs.yaml", "other.yml", "deep/down/card.yaml"])
  func nothingIsOverwritten(_ name: String) throws {
    let folder = try TemporaryFolder()
    try folder.write("# mine\n", to: name)
    let run = CommandRun(["init", folder.path])
    #expect(run.code == 3)
    #expect(run.output.isEmpty)
    #expect(try folder.read(name) == Array("# mine\n".utf8))
    let others = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }
    #expect(others == [name])
  }

  /// A folder that holds other things is fine.
  @Test func aFolderWithOtherThingsIsFine() throws {
    let folder = try TemporaryFolder()
    try folder.write("hello\n", to: "README.md")
    #expect(CommandRun(["init", folder.path, "--from", "tokens"]).code == 0)
  }

  /// The starter `cursor` is the shipped card; `RATECARD_RECORD=1` writes it anew.
  @Test func cursorIsTheShippedCard() throws {
    let root = CommandRun.repository + "/pricing"
    let paths = try FileManager.default.subpathsOfDirectory(atPath: root)
      .filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }
      .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    let files = try paths.map { path in
      let text = try String(contentsOfFile: root + "/" + path, encoding: .utf8)
      return (
        path: path, text: text.replacingOccurrences(of: "Scripts/ratecard ", with: "ratecard ")
      )
    }
    if ProcessInfo.processInfo.environment["RATECARD_RECORD"] == "1" {
      let generated =
        CommandRun.repository + "/Sources/RatecardCommand/Starters/CursorStarter.swift"
      try Self.source(files).write(toFile: generated, atomically: true, encoding: .utf8)
    }
    #expect(Starter.cursor.files.map(\.path) == paths)
    for (starter, file) in zip(Starter.cursor.files, files) {
      #expect(starter.text == file.text, "record \(file.path) with RATECARD_RECORD=1")
    }
  }

  private static func source(_ files: [(path: String, text: String)]) -> String {
    let entries = files.map { file in
      let lines = file.text.components(separatedBy: "\n").map {
        $0.isEmpty ? "" : "          \($0)"
      }
      return """
              File(
                path: "\(file.path)",
                text: #\"""
        \(lines.joined(separator: "\n"))
                  \"""#),

        """
    }
    return """
      // Generated from pricing/ by the tests of RatecardCommand: run them with RATECARD_RECORD=1.
      // swift-format-ignore-file

      extension Starter {
        /// The shipped card: requests weighed by type and model, tiers and routes.
        static let cursor = Starter(
          name: "cursor", summary: "requests weighed by type and model, with tiers, routes and plans",
          files: [
      \(entries.joined())    ])
      }

      """
  }
}
