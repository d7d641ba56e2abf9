internal import Ratecard
internal import RatecardReplay
internal import RatecardValues

/// `ratecard backtest`: prices a usage log.
enum BacktestCommand {
  static let syntax = CommandSyntax(
    name: "backtest", summary: "prices a usage log, and compares with another card",
    operands: "[DIR]",
    options: [
      CommandOption("--usage", .texts("FILE"), "CSV or JSON Lines, also .gz; -: standard input"),
      CommandOption(
        "--against", .text("OLD"), "a card to compare with: a folder, or git:REV[:DIR]"),
      CommandOption("--by", .texts("NAMES"), "group by attributes or columns, commas between them"),
      CommandOption(
        "--map", .texts("COLUMN=ATTRIBUTE"), "the attribute of a column; COLUMN=: none"),
      CommandOption("--set", .texts("ATTRIBUTE=VALUE"), "what rows have that do not say it"),
      CommandOption("--zone", .text("ZONE"), "the zone of times that say none, such as UTC"),
      CommandOption("--at", .text("INSTANT"), "price all rows as if they were of that time"),
      CommandOption(
        "--format", .choice(["text", "json", "csv", "html"]), "how the report is written"),
      CommandOption("--output", .text("FILE"), "what each row comes to, as FILE.csv or FILE.jsonl"),
      CommandOption("--fail-if", .texts("CONDITION"), "exit 1 when it holds: 'total > +5%'"),
    ],
    details: """
      Prices each row of a log of requests, the cost alone, by the model that served it. A
      row has attributes by name: columns of CSV, whose first row names them, or an object
      a line in JSON Lines; other columns mean nothing. An empty cell is absent.
      Rows that cannot be priced are counted, the first shown, and make the exit code 1
      unless --fail-if says how many may be: --fail-if 'unpriced > 1%'.
      A condition compares total, customer (any of them), rows, priced, denied, unpriced,
      paying_more or paying_less with a bound, by >, >=, < or <=; `and` and `or` join them.
      1000 is an amount or a count, +5% or -20 a change, 1% a part of all rows.
      """,
    run: run)

  private static func run(
    _ arguments: ParsedArguments, _ console: Console
  ) throws(CommandFailure) -> ExitCode {
    let folder = try arguments.folder()
    let files = arguments.all("--usage")
    if files.isEmpty {
      throw .usage(
        "`backtest` wants a usage log: ratecard backtest \(folder) --usage FILE")
    }
    let card = try loadCard(folder)
    let old: RateCard?
    if let word = arguments["--against"] {
      old = try CardSource(word).load(beside: .folder(folder))
    } else {
      old = nil
    }
    let conditions = try BacktestWords.conditions(arguments.all("--fail-if"), compares: old != nil)
    var backtest = Backtest(
      card, against: old, map: try BacktestWords.map(arguments.all("--map"), card, old),
      constants: try BacktestWords.constants(arguments.all("--set"), card, old),
      groups: try BacktestWords.groups(arguments.all("--by")), at: try arguments.instant("--at"))
    backtest.zone = try BacktestWords.zone(arguments["--zone"])
    backtest.countsCustomers = conditions.contains { $0.takesCustomers }
    let usage = try UsageFiles(files, console)
    let rows = try arguments["--output"].map { path throws(CommandFailure) in try RowFile(path) }
    let report: BacktestReport
    do throws(UsageFailure) {
      report = try backtest.run(usage.sources, lines: rows?.lines, progress: usage.progress.show)
      usage.progress.end()
    } catch {
      usage.progress.end()
      throw BacktestWords.failure(error)
    }
    try rows?.keep()
    let view = BacktestView(report, folder: folder)
    switch arguments["--format"] ?? "text" {
    case "json": console.output.write(BacktestJSON.text(view))
    case "csv": console.output.write(BacktestCSV.text(view))
    case "html": console.output.write(BacktestHTML(view).text)
    default: console.output.write(BacktestText(view).text)
    }
    let complaints = conditions.compactMap { $0.complaint(report) }
    for complaint in complaints { console.complain(complaint) }
    let mayBeUnpriced = conditions.contains { $0.looks(at: .unpriced) }
    return !complaints.isEmpty || report.unpriced > 0 && !mayBeUnpriced ? .findings : .fine
  }
}
