/// Writes help for a person.
enum HelpText {
  /// The help of the program: its commands.
  static func program(_ commands: [CommandSyntax]) -> String {
    let width = commands.map(\.name.count).max() ?? 0
    let list = commands.map { command in
      "  \(padded(command.name, width))  \(command.summary)\n"
    }
    return """
      Prices AI requests by rate cards: folders of YAML that people write.

      Usage: ratecard COMMAND [DIR] [OPTION…]

      Commands:
      \(list.joined())
      DIR is the rate-card folder, `\(defaultFolder)` unless given.
      `ratecard COMMAND --help` says more, `ratecard --version` which version this is.

      Exit codes: 0 fine, 1 findings, failed tests or a refused request, 2 wrong command
      line, 3 could not run.

      """
  }

  /// The help of a command.
  static func command(_ command: CommandSyntax) -> String {
    let usage = ["ratecard \(command.name)", command.operands, "[OPTION…]"]
      .filter { !$0.isEmpty }.joined(separator: " ")
    let options = command.allOptions.map { (spelling($0), $0.summary) }
    let width = options.map(\.0.count).max() ?? 0
    let list = options.map { "  \(padded($0.0, width))  \($0.1)\n" }
    return """
      \(command.summary.prefix(1).uppercased() + command.summary.dropFirst()).

      Usage: \(usage)

      \(command.details)

      Options:
      \(list.joined())
      """
  }

  private static func spelling(_ option: CommandOption) -> String {
    switch option.argument {
    case .none: option.name
    case .text(let placeholder), .texts(let placeholder): "\(option.name) \(placeholder)"
    case .choice(let choices), .choices(let choices):
      "\(option.name) \(choices.joined(separator: "|"))"
    }
  }
}

/// A text with spaces after it, up to a width in characters.
func padded(_ text: String, _ width: Int) -> String {
  text + String(repeating: " ", count: max(0, width - text.count))
}
