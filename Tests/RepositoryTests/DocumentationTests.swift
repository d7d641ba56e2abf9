import Foundation
import RatecardDiagnostics
import RatecardTestSupport
import Testing

/// What the documents show is what the program does.
struct DocumentationTests {
  @Test func blocksAreOfAKindThatIsChecked() {
    let known: Set<String> = ["yaml", "console", "sh", "swift", "json", "text"]
    for file in DocumentedBlock.documents {
      for block in DocumentedBlock.blocks(of: file) {
        #expect(known.contains(block.info.first ?? ""), "\(block.testDescription)")
      }
    }
  }

  /// A block may leave out the header; `yaml wrong CODE` shows a mistake.
  @Test(arguments: DocumentedBlock.all("yaml"))
  func cardsLintAndTheirTestsPass(_ block: DocumentedBlock) throws {
    let folder = try TemporaryFolder()
    let hasHeader = block.lines.contains { $0.hasPrefix("ratecard:") }
    let card = (hasHeader ? "" : "ratecard: 1\nname: example\n") + block.text
    try card.write(
      to: folder.url.appending(path: "card.yaml"), atomically: true, encoding: .utf8)
    // The reference shows a thing at a time; README's card is a whole one, with nothing to find.
    let choice = block.file == "README.md" ? "--strict" : "--no-proofs"
    let lint = try Shell.run("ratecard lint \(choice) '\(folder.url.path)'", merged: true)
    guard block.info.count == 1 else {
      #expect(block.info[1] == "wrong" && block.info.count == 3)
      #expect(lint.status == 1)
      #expect(lint.output.contains("[\(block.info[2]) "), "\(lint.output)")
      return
    }
    #expect(lint.status == 0, "\(lint.output)")
    if block.lines.contains("tests:") {
      let test = try Shell.run("ratecard test '\(folder.url.path)'", merged: true)
      #expect(test.status == 0, "\(test.output)")
    }
  }

  /// `$ command` and what it prints; `…` stands for anything within a line, alone for any lines.
  ///
  /// `console terminal` shows what a terminal shows, but for the colours; `console service` is run beside
  /// a service.
  @Test(arguments: DocumentedBlock.documents)
  func commandsPrintWhatIsShown(_ file: String) throws {
    for block in DocumentedBlock.blocks(of: file).reversed() where block.info.first == "console" {
      let steps = ConsoleStep.steps(of: block.lines)
      #expect(!steps.isEmpty, "\(block.testDescription) shows no command")
      let isServed = block.info.contains("service")
      let answers = isServed ? try ServiceSession.run(steps.map(\.command)) : []
      for (place, step) in steps.enumerated().reversed() {
        let line = step.command.replacing(/(^|\| )Scripts\/ratecard\b/) { "\($0.1)ratecard" }
        let printed =
          try isServed
          ? (answers.indices.contains(place) ? answers[place] : "")
          : block.info.contains("terminal")
            ? Shell.onTerminal(line) : Shell.run(line, merged: true).output
        let shown = printed.split(separator: "\n", omittingEmptySubsequences: false)
          .map(String.init)
        guard !step.matches(shown.last == "" ? shown.dropLast() : shown[...]) else { continue }
        if Goldens.isRecording {
          try ConsoleStep.record(printed, for: step, of: block)
        }
        Issue.record("\(block.testDescription): `\(step.command)` prints\n\(printed)")
      }
    }
  }

  /// Swift that the documents show is a part of the example that is built and run.
  @Test(arguments: DocumentedBlock.all("swift"))
  func swiftIsTakenFromTheExample(_ block: DocumentedBlock) throws {
    let sources = try Repository.files(below: "Examples/embed", extensions: ["swift"])
      .map(Repository.text).joined(separator: "\n")
    func unindented(_ text: String) -> String {
      text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
        .filter { !$0.isEmpty }.joined(separator: "\n")
    }
    #expect(
      unindented(sources).contains(unindented(block.text)),
      "the block is not in Examples/embed as it stands")
  }

  /// What is not run must be one of the few long commands, or an example that other tests run.
  @Test(arguments: DocumentedBlock.all("sh"))
  func onlyLongCommandsAreShownWithoutOutput(_ block: DocumentedBlock) {
    for line in block.lines where !line.isEmpty && !line.hasPrefix("#") {
      let isLong = ["Scripts/", "swift ", "RATECARD_RECORD=1 ", "sudo apt-get ", "Examples/"]
        .contains {
          line.hasPrefix($0)
        }
      #expect(isLong, "\(block.testDescription): \(line)")
    }
  }

  @Test func diagnosticsAreThoseOfTheCatalogue() throws {
    try expect(CatalogueDocument.text(), in: "Documentation/diagnostics.md")
  }

  @Test(arguments: DocumentedBlock.documents)
  func linksLeadSomewhere(_ file: String) throws {
    let folder = Repository.root.appending(path: file).deletingLastPathComponent()
    for match in try Repository.text(file).matches(of: /\]\(([^)#:]+)(#[^)]*)?\)/) {
      let target = folder.appending(path: String(match.1)).standardized
      #expect(FileManager.default.fileExists(atPath: target.path), "\(file): \(match.1)")
    }
  }
}
