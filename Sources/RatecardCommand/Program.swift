internal import Ratecard
internal import RatecardDiagnostics

/// The program `ratecard`.
public enum Program {
  /// The program's version.
  public static let version = "0.1.0"
  /// The version of the pricing language that it reads.
  public static let languageVersion = 1

  static let commands: [CommandSyntax] = [
    LintCommand.syntax, TestCommand.syntax, EvalCommand.syntax, ExplainCommand.syntax,
    ShowCommand.syntax, DiffCommand.syntax, BacktestCommand.syntax, InitCommand.syntax,
    SchemaCommand.syntax, RulesCommand.syntax, ServeCommand.syntax, OutboxCommand.syntax,
    CheckoutCommand.syntax, ProvisionCommand.syntax,
    ExportCommand.syntax,
  ]

  /// Runs the command that the console's words ask for, and flushes both outputs.
  public static func run(_ console: Console) -> Int32 {
    var code = dispatch(console)
    console.output.flush()
    if let number = console.output.failure {
      let failure = FileFailure(path: "standard output", reason: .system(number))
      console.complain(failure.description.replacingPrefix("cannot read", with: "cannot write"))
      code = .failed
    }
    console.errors.flush()
    return code.rawValue
  }

  private static func dispatch(_ console: Console) -> ExitCode {
    guard let word = console.arguments.first else {
      console.errors.write(HelpText.program(commands))
      return .usage
    }
    switch word {
    case "--help", "-h":
      console.output.write(HelpText.program(commands))
      return .fine
    case "--version":
      console.output.line("ratecard \(version) (language \(languageVersion))")
      return .fine
    default: break
    }
    guard let command = commands.first(where: { $0.name == word }) else {
      let what = word.hasPrefix("-") ? "option" : "command"
      let known = commands.map(\.name) + ["--help", "--version"]
      console.complain(
        "there is no \(what) `\(word)`",
        help: didYouMean(word, among: known) ?? "`ratecard --help` lists the commands")
      return .usage
    }
    let words = console.arguments.dropFirst()
    if words.prefix(while: { $0 != "--" }).contains(where: { $0 == "--help" || $0 == "-h" }) {
      console.output.write(HelpText.command(command))
      return .fine
    }
    return run(command, words, console)
  }

  private static func run(
    _ command: CommandSyntax, _ words: ArraySlice<String>, _ console: Console
  ) -> ExitCode {
    do throws(CommandFailure) {
      let arguments = try ArgumentParser(syntax: command).parse(words)
      var console = console
      switch arguments["--color"] {
      case "always": console.wantsColor = true
      case "never": console.wantsColor = false
      default: break
      }
      return try command.run(arguments, console)
    } catch {
      return explain(error, console)
    }
  }

  private static func explain(_ failure: CommandFailure, _ console: Console) -> ExitCode {
    switch failure {
    case .usage(let message, let help):
      console.complain(message, help: help)
      return .usage
    case .unreadable(let failure):
      console.complain(failure.description, help: hint(failure))
      return .failed
    case .file(let message):
      console.complain(message)
      return .failed
    case .refused(let report):
      DiagnosticText.write(report, to: console.errors, console)
      return .findings
    }
  }

  /// What to do about a default folder that is not there.
  private static func hint(_ failure: FileFailure) -> String? {
    guard failure.path == defaultFolder, case .system = failure.reason else { return nil }
    return "name the rate-card folder, or make one with `ratecard init`"
  }
}

extension String {
  /// The text with a prefix replaced, where it has it.
  func replacingPrefix(_ prefix: String, with replacement: String) -> String {
    hasPrefix(prefix) ? replacement + dropFirst(prefix.count) : self
  }
}
