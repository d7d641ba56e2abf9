internal import Ratecard
internal import RatecardDiagnostics

/// `ratecard lint`: reads and checks folders.
enum LintCommand {
  static let syntax = CommandSyntax(
    name: "lint", summary: "reads and checks rate cards", operands: "[DIR…]",
    options: [
      CommandOption(
        "--format", .choice(["text", "json", "sarif", "github"]), "how findings are written"),
      CommandOption("--strict", "warnings fail too"),
      CommandOption("--fix", "applies the fixes that are safe; comments stay"),
      CommandOption("--no-proofs", "the checks of loading alone"),
      CommandOption("--at", .text("INSTANT"), "rules that ended by then have expired; now"),
    ],
    details: """
      Finds mistakes: misspelt keys and names, amounts that are none, rules of which
      several could win. A rate card with errors does not load, anywhere.
      `ratecard rules CODE` explains a finding.
      """,
    run: run)

  private static func run(
    _ arguments: ParsedArguments, _ console: Console
  ) throws(CommandFailure) -> ExitCode {
    let folders = arguments.operands.isEmpty ? [defaultFolder] : arguments.operands
    var reports: [Report] = []
    let at = try arguments.instant("--at")
    let proofs: RateCard.Proofs = arguments.has("--no-proofs") ? .none : .all(at: at)
    for (place, folder) in folders.enumerated() {
      if arguments.has("--fix") { try fix(folder, console) }
      let isLast = place == folders.count - 1
      reports.append(try inspect(folder, proving: proofs, tidiesUp: !isLast))
    }
    let report = Report.merged(reports)
    switch arguments["--format"] ?? "text" {
    case "json":
      console.output.write(JSONRenderer.render(report.diagnostics, files: report.files))
    case "sarif":
      console.output.write(
        SARIFRenderer.render(
          report.diagnostics, files: report.files, toolVersion: Program.version))
    case "github":
      console.output.write(GitHubRenderer.render(report.diagnostics, files: report.files))
    default:
      DiagnosticText.write(report, to: console.output, console)
      console.errors.line(DiagnosticText.summary(report))
    }
    let fails = report.diagnostics.contains { diagnostic in
      switch diagnostic.severity {
      case .error: true
      case .warning: arguments.has("--strict")
      case .note: false
      }
    }
    return fails ? .findings : .fine
  }

  /// The most rounds of fixing: a fix may uncover the next finding behind it.
  private static let rounds = 10

  /// Applies the fixes that a folder's findings carry, until there are none left.
  private static func fix(_ folder: String, _ console: Console) throws(CommandFailure) {
    var applied = 0
    for _ in 0..<rounds {
      let report = try inspect(folder)
      guard report.diagnostics.contains(where: { $0.fix != nil }) else { break }
      var changed = 0
      for (index, file) in report.files.enumerated() {
        let result = FixApplier.apply(report.diagnostics, to: file, as: FileID(index))
        guard result.bytes != file.bytes else { continue }
        do { try FileWriter.replace(file.path, with: result.bytes) } catch {
          throw .file(error.message)
        }
        changed += result.applied
      }
      guard changed > 0 else { break }
      applied += changed
    }
    if applied > 0 {
      console.errors.line("\(folder): applied \(applied == 1 ? "1 fix" : "\(applied) fixes")")
    }
  }
}
