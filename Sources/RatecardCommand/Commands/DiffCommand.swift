internal import Ratecard
internal import RatecardAnalysis

/// `ratecard diff`: what changes in meaning from one card to another.
enum DiffCommand {
  static let syntax = CommandSyntax(
    name: "diff", summary: "shows what changes in meaning between two cards",
    operands: "OLD NEW",
    options: [
      CommandOption("--format", .choice(["text", "markdown", "json"]), "how changes are written"),
      CommandOption(
        "--fail-on", .choices(["increase", "decrease", "any"]),
        "exit 1 on such changes; several with commas"),
      CommandOption("--guards", "exit 1 where NEW breaks its guards of `changes`"),
    ],
    details: """
      Compares what two cards answer to every request, not their texts: renaming a rule,
      moving it or splitting a table is no change. OLD and NEW are folders, or git:REV for
      the other side's folder as a revision of git has it, or git:REV:DIR for a folder from
      the root of the repository.
      An increase is an amount that may be higher for some request, or a plan's price; what
      cannot be told, such as a price with other bands, counts both ways. A request that
      goes to another model is neither, whatever the model costs.
      """,
    run: run)

  private static func run(
    _ arguments: ParsedArguments, _ console: Console
  ) throws(CommandFailure) -> ExitCode {
    guard arguments.operands.count == 2 else {
      throw .usage("`diff` compares two cards: ratecard diff OLD NEW")
    }
    let sources = (
      old: try CardSource(arguments.operands[0]), new: try CardSource(arguments.operands[1])
    )
    let old = try sources.old.load(beside: sources.new)
    let new = try sources.new.load(beside: sources.old)
    let difference: CardDifference
    do throws(DifferenceFailure) { difference = try new.difference(from: old) } catch {
      throw .file("cannot compare these cards: \(error)")
    }
    let guards = arguments.has("--guards") ? ChangeGuards(of: new, since: old) : nil
    let view = DiffView(difference)
    switch arguments["--format"] ?? "text" {
    case "markdown":
      console.output.write(DiffMarkdown.text(view))
      if let guards { console.output.write(DiffMarkdown.text(guards)) }
    case "json":
      console.output.write(DiffJSON.text(view, old: old, new: new, guards: guards))
    default:
      console.output.write(DiffText(isColored: console.isColored(console.output)).text(view))
      if let guards, !guards.hold {
        console.output.write("\n")
        DiagnosticText.write(guards.report, to: console.output, console)
      }
    }
    if let guards { console.errors.line(guards.summary) }
    let fails = fails(difference, arguments.list("--fail-on"), console)
    return fails || !(guards?.hold ?? true) ? .findings : .fine
  }

  /// Whether a change is of a kind that fails, which is then said.
  private static func fails(
    _ difference: CardDifference, _ kinds: [String], _ console: Console
  ) -> Bool {
    let complaints = [
      ("increase", difference.trend.contains(.rises), "something may cost more"),
      ("decrease", difference.trend.contains(.falls), "something may cost less"),
      ("any", !difference.isEmpty, "the cards do not mean the same"),
    ].filter { kinds.contains($0.0) && $0.1 }
    for (kind, _, complaint) in complaints {
      console.complain("\(complaint), which fails by `--fail-on \(kind)`")
    }
    return !complaints.isEmpty
  }
}
