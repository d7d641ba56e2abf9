internal import RatecardDiagnostics

/// `ratecard rules`: what every finding means.
enum RulesCommand {
  static let syntax = CommandSyntax(
    name: "rules", summary: "explains findings", operands: "[CODE]", options: [],
    details: """
      Without CODE: every kind of finding, a line each. With a code or a name, such as
      RC0402 or ambiguous-rules: what it is, why it matters, a wrong and a right example.
      """,
    run: run)

  private static func run(
    _ arguments: ParsedArguments, _ console: Console
  ) throws(CommandFailure) -> ExitCode {
    if arguments.operands.count > 1 { throw .usage("`rules` explains one code at a time") }
    let codes = DiagnosticCode.all.sorted { $0.id < $1.id }
    guard let wanted = arguments.operands.first else {
      let width = codes.map(\.name.count).max() ?? 0
      for code in codes {
        let severity = padded(code.severity.rawValue, 7)
        console.output.line("\(code.id)  \(severity)  \(padded(code.name, width))  \(code.summary)")
      }
      return .fine
    }
    guard let code = DiagnosticCode.named(wanted) else {
      // Codes are all near each other; only a name can be misspelt in one way.
      let help = didYouMean(wanted, among: codes.map(\.name))
      throw .usage(
        "there is no finding `\(wanted)`", help: help ?? "`ratecard rules` lists them all")
    }
    console.output.write(
      """
      \(code.id) \(code.name) (\(code.severity.rawValue))

      \(code.summary)

      \(code.reason)

      Wrong:

      \(indented(code.wrong))

      Right:

      \(indented(code.right))

      """)
    return .fine
  }

  private static func indented(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.isEmpty ? "" : "    \($0)" }.joined(separator: "\n")
  }
}
