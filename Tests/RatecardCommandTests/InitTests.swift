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

  /// A starter that is a card of the repository holds what the card holds; `RATECARD_RECORD=1`
  /// writes it anew.
  @Test(arguments: Generated.all)
  func isTheCardOfTheRepository(_ generated: Generated) throws {
    let root = CommandRun.repository + "/" + generated.folder
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
      let file =
        CommandRun.repository + "/Sources/RatecardCommand/Starters/\(generated.typeName).swift"
      try generated.source(files).write(toFile: file, atomically: true, encoding: .utf8)
    }
    let starter = try #require(Starter.all.first { $0.name == generated.name })
    #expect(starter.files.map(\.path) == paths)
    for (file, expected) in zip(starter.files, files) {
      #expect(file.text == expected.text, "record \(expected.path) with RATECARD_RECORD=1")
    }
  }
}

/// A starter whose source is made from a card of the repository.
struct Generated: CustomTestStringConvertible, Sendable {
  let name: String
  let typeName: String
  let folder: String
  /// The documentation of the generated declaration.
  let meaning: String
  let summary: String

  var testDescription: String { name }

  static let all = [
    Generated(
      name: "cursor", typeName: "CursorStarter", folder: "pricing",
      meaning: "The shipped card: requests weighed by type and model, tiers and routes.",
      summary: "requests weighed by type and model, with tiers, routes and plans"),
    Generated(
      name: "openai", typeName: "OpenAIStarter", folder: "Examples/companies/openai",
      meaning: "Prepaid money, prices by tokens, and tiers by what was ever paid.",
      summary: "prepaid money, prices by tokens, refused at nothing left"),
    Generated(
      name: "elevenlabs", typeName: "ElevenLabsStarter", folder: "Examples/companies/elevenlabs",
      meaning: "Characters a month, with rollover and an overage of each plan's own.",
      summary: "characters a month, with rollover and overage by plan"),
  ]

  func source(_ files: [(path: String, text: String)]) -> String {
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
      // Generated from \(folder)/ by the tests of RatecardCommand: run them with RATECARD_RECORD=1.
      // swift-format-ignore-file

      extension Starter {
        /// \(meaning)
        static let \(name) = Starter(
          name: "\(name)", summary: "\(summary)",
          files: [
      \(entries.joined())    ])
      }

      """
  }
}
