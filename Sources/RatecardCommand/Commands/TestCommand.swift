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
    ],
    details: """
      Asks the card what its `tests:` ask, and says where the answer differs from what
      they expect. Coverage counts the rules and cells that the answers name, and the
      bounds of conditions, dates and bands that tests ask about on both sides.
      """,
    run: run)

  private static func run(
    _ arguments: ParsedArguments, _ console: Console
  ) throws(CommandFailure) -> ExitCode {
    let folder = try arguments.folder()
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

  /// Whether a text contains another, whatever the case.
  private static func contains(_ text: String, _ part: String) -> Bool {
    guard !part.isEmpty else { return true }
    let text = Array(text.lowercased().utf8)
    let part = Array(part.lowercased().utf8)
    guard text.count >= part.count else { return false }
    return (0...(text.count - part.count)).contains { text[$0...].starts(with: part) }
  }
}
