internal import RatecardValues

/// An option of a command.
struct CommandOption: Sendable {
  /// What comes after the option's name.
  enum Argument: Sendable {
    /// Nothing: it is there or not.
    case none
    /// Any text, with the word that stands for it in help.
    case text(String)
    /// The same, given as often as wanted.
    case texts(String)
    /// One of these.
    case choice([String])
    /// Some of these, with commas between them or the option given again.
    case choices([String])
  }

  /// The name, dashes included: `--format`.
  let name: String
  let argument: Argument
  /// What it does, for help.
  let summary: String

  init(_ name: String, _ argument: Argument, _ summary: String) {
    self.name = name
    self.argument = argument
    self.summary = summary
  }

  init(_ name: String, _ summary: String) { self.init(name, .none, summary) }

  static let help = CommandOption("--help", "show this help")
  static let color = CommandOption(
    "--color", .choice(["auto", "always", "never"]), "colour; auto: on a terminal")
}

/// A command: what it is called, what it takes and what it does.
struct CommandSyntax: Sendable {
  /// The word after `ratecard`.
  let name: String
  /// What it does, in a line of the list of commands.
  let summary: String
  /// What follows the name: `[DIR] key=value…`.
  let operands: String
  /// Its own options; every command has `--help` and `--color` besides.
  let options: [CommandOption]
  /// More help, in paragraphs of lines no longer than 80 characters.
  let details: String
  /// Does it.
  let run: @Sendable (ParsedArguments, Console) throws(CommandFailure) -> ExitCode

  var allOptions: [CommandOption] { options + [.color, .help] }
}

/// The words of a command line, sorted out.
struct ParsedArguments {
  /// What is no option.
  var operands: [String] = []
  private var values: [String: String] = [:]
  private var texts: [String: [String]] = [:]

  /// Whether an option was given.
  func has(_ name: String) -> Bool { values[name] != nil }

  /// The value of an option.
  subscript(name: String) -> String? { values[name] }

  /// The values of an option that takes several.
  func list(_ name: String) -> [String] {
    (values[name] ?? "").split(separator: ",").map(String.init)
  }

  /// The texts of an option that is given as often as wanted.
  func all(_ name: String) -> [String] { texts[name] ?? [] }

  /// Adds the text of an option that is given as often as wanted.
  mutating func append(_ name: String, _ text: String) {
    values[name] = text
    texts[name, default: []].append(text)
  }

  /// Adds to the values of an option that takes several.
  mutating func add(_ name: String, _ more: String) {
    values[name] = values[name].map { "\($0),\(more)" } ?? more
  }

  /// Sets an option; false: it was set before.
  mutating func set(_ name: String, to value: String) -> Bool {
    guard values[name] == nil else { return false }
    values[name] = value
    return true
  }

  /// The one folder that a command takes, `pricing` unless given.
  func folder() throws(CommandFailure) -> String {
    if operands.count > 1 {
      throw .usage("one folder is enough, but here are `\(operands[0])` and `\(operands[1])`")
    }
    return operands.first ?? defaultFolder
  }

  /// The instant that an option names; nil without the option.
  func instant(_ option: String) throws(CommandFailure) -> Instant? {
    guard let text = self[option] else { return nil }
    do { return try Instant(parsing: text) } catch {
      throw .usage(
        "`\(text)` is no instant",
        help: "write a date, 2027-01-01, or a time with its zone, 2027-01-01T09:00:00Z")
    }
  }
}

/// The rate-card folder of a command that names none.
let defaultFolder = "pricing"
