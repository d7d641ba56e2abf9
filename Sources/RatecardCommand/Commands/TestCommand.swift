internal import Ratecard
internal import RatecardModel
internal import RatecardReplay

/// `ratecard test`: runs a card's own tests.
enum TestCommand {
  static let syntax = CommandSyntax(
    name: "test", summary: "runs a card's own tests", operands: "[DIR]",
    options: [
      CommandOption("--filter", .text("TEXT"), "only tests whose names contain TEXT"),
      CommandOption("--format", .choice(["text", "json", "junit"]), "how results are written"),
      CommandOption("--coverage", "also says what no test reaches"),
      CommandOption("--generate", "proposes tests that the card lacks, as YAML"),
    ],
    details: """
      Asks the card what its `tests:` ask, and says where the answer differs from what
      they expect. Coverage counts the rules and cells that the answers name, and the
      bounds of conditions, dates and bands that tests ask about on both sides.

      With --generate no test runs. The command writes tests of every rule and cell, and
      of the values around every bound, with what the card answers today. Read them, and
      keep those that say what you mean in a file of the card.
      """,
    run: run)

  private static func run(
    _ arguments: ParsedArguments, _ console: Console
  ) throws(CommandFailure) -> ExitCode {
    let folder = try arguments.folder()
    if arguments.has("--generate") {
      for option in ["--format", "--coverage"] where arguments.has(option) {
        throw .usage("`--generate` writes YAML and runs no test, so `\(option)` means nothing")
      }
      return try generate(folder, arguments["--filter"], console)
    }
    let card = try loadCard(folder)
    let filter = arguments["--filter"]
    let run = CardTestRun(card) { name in filter.map { contains(name, $0) } ?? true }
    if let filter, run.results.isEmpty {
      throw .usage(
        "no test of `\(folder)` has `\(filter)` in its name",
        help: didYouMean(filter, among: card.model.tests.map(\.name)))
    }
    let coverage =
      arguments.has("--coverage") ? CoverageText(card: card, coverage: run.coverage()) : nil
    let results = TestReport(card: card, run: run, folder: folder, coverage: coverage)
    switch arguments["--format"] ?? "text" {
    case "json": console.output.write(results.json())
    case "junit": console.output.write(results.junit())
    default: console.output.write(results.text(isColored: console.isColored(console.output)))
    }
    return run.failures == 0 ? .fine : .findings
  }

  /// Writes the tests that a card lacks.
  private static func generate(
    _ folder: String, _ filter: String?, _ console: Console
  ) throws(CommandFailure) -> ExitCode {
    let proposals = TestProposals(try loadCard(folder))
    let tests = proposals.tests.filter { test in filter.map { contains(test.name, $0) } ?? true }
    if let filter, tests.isEmpty, !proposals.tests.isEmpty {
      throw .usage(
        "no test to propose for `\(folder)` has `\(filter)` in its name",
        help: didYouMean(filter, among: proposals.tests.map(\.name)))
    }
    for rule in proposals.givenUp {
      console.complain(
        "not every test of `\(rule)` is proposed: rules overlap in too many ways to find requests")
    }
    if tests.isEmpty {
      console.complain("there is nothing to propose that the card's tests do not ask")
    } else {
      console.output.write(ProposalText(tests: tests).text())
    }
    return .fine
  }

  /// Whether a text contains another, whatever the case.
  private static func contains(_ text: String, _ part: String) -> Bool {
    guard !part.isEmpty else { return true }
    let text = Array(text.lowercased().utf8)
    let part = Array(part.lowercased().utf8)
    guard text.count >= part.count else { return false }
    return (0...(text.count - part.count)).contains { text[$0...].starts(with: part) }
  }
}
