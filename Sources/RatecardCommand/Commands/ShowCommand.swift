internal import Ratecard
internal import RatecardValues

/// `ratecard show`: the card as a person wants to see it.
enum ShowCommand {
  static let syntax = CommandSyntax(
    name: "show", summary: "shows a card: prices, tiers, routes, plans", operands: "[DIR]",
    options: [
      CommandOption(
        "--format", .choice(["text", "markdown", "html", "csv", "json"]), "how it is written"),
      CommandOption("--at", .text("INSTANT"), "as it is then, such as 2027-01-01"),
    ],
    details: """
      Prices are a grid of request types and models, found by asking the card: an amount,
      or the rule whose price depends on more. All rules follow. Without --at the grid
      shows the prices of now, and the lists show rules of all times.
      """,
    run: run)

  private static func run(
    _ arguments: ParsedArguments, _ console: Console
  ) throws(CommandFailure) -> ExitCode {
    let at = try arguments.instant("--at")
    let card = try loadCard(try arguments.folder())
    let overview = OverviewMaker(card: card, at: at).overview()
    switch arguments["--format"] ?? "text" {
    case "markdown": console.output.write(OverviewMarkdown.text(overview))
    case "html": console.output.write(OverviewHTML.text(overview))
    case "csv": console.output.write(OverviewCSV.text(overview))
    case "json": console.output.write(OverviewJSON.text(overview))
    default:
      let isColored = console.isColored(console.output)
      console.output.write(OverviewText(isColored: isColored).text(overview))
    }
    return .fine
  }
}
