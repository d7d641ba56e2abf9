internal import RatecardDiagnostics

/// Sorts the words of a command line by what a command takes.
struct ArgumentParser {
  let syntax: CommandSyntax

  /// Sorts words: `--name value`, `--name=value`, and after `--` operands only.
  func parse(_ words: ArraySlice<String>) throws(CommandFailure) -> ParsedArguments {
    var parsed = ParsedArguments()
    var rest = words
    var onlyOperands = false
    while let word = rest.popFirst() {
      if onlyOperands || word == "-" || !word.hasPrefix("-") {
        parsed.operands.append(word)
        continue
      }
      if word == "--" {
        onlyOperands = true
        continue
      }
      let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = parts[0] == "-h" ? "--help" : String(parts[0])
      guard let option = syntax.allOptions.first(where: { $0.name == name }) else {
        throw unknown(name)
      }
      let attached = parts.count == 2 ? String(parts[1]) : nil
      let value = try value(of: option, attached: attached, rest: &rest)
      if case .choices = option.argument {
        parsed.add(option.name, value)
        continue
      }
      if case .texts = option.argument {
        parsed.append(option.name, value)
        continue
      }
      guard parsed.set(option.name, to: value) else {
        throw .usage("`\(option.name)` is given twice")
      }
    }
    return parsed
  }

  private func value(
    of option: CommandOption, attached: String?, rest: inout ArraySlice<String>
  ) throws(CommandFailure) -> String {
    switch option.argument {
    case .none:
      guard attached == nil else { throw .usage("`\(option.name)` takes no value") }
      return ""
    case .text(let placeholder), .texts(let placeholder):
      guard let value = attached ?? rest.popFirst() else {
        throw .usage("`\(option.name)` wants a value: \(option.name) \(placeholder)")
      }
      return value
    case .choice(let choices), .choices(let choices):
      guard let value = attached ?? rest.popFirst() else {
        throw .usage("`\(option.name)` wants one of: \(choices.joined(separator: ", "))")
      }
      guard case .choices = option.argument else {
        try check(value, of: option, among: choices)
        return value
      }
      for part in value.split(separator: ",", omittingEmptySubsequences: false) {
        try check(String(part), of: option, among: choices)
      }
      return value
    }
  }

  private func check(
    _ value: String, of option: CommandOption, among choices: [String]
  ) throws(CommandFailure) {
    guard choices.contains(value) else {
      throw .usage(
        "`\(value)` is no value of `\(option.name)`, which takes "
          + choices.joined(separator: ", "),
        help: didYouMean(value, among: choices))
    }
  }

  private func unknown(_ name: String) -> CommandFailure {
    .usage(
      "`\(syntax.name)` has no option `\(name)`",
      help: didYouMean(name, among: syntax.allOptions.map(\.name))
        ?? "`ratecard \(syntax.name) --help` lists its options")
  }
}

/// "did you mean `x`?", when one of some words is close.
func didYouMean(_ word: String, among words: some Sequence<String>) -> String? {
  Suggestion.closest(to: word, among: words).map { "did you mean `\($0)`?" }
}
