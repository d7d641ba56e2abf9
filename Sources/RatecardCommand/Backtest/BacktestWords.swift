internal import Ratecard
internal import RatecardReplay
internal import RatecardValues

/// Reads the words of `backtest`, and says what goes wrong.
enum BacktestWords {
  /// The columns of `--map`, and which attributes they are.
  static func map(
    _ words: [String], _ card: RateCard, _ old: RateCard?
  ) throws(CommandFailure) -> [(column: String, attribute: String)] {
    let known = Backtest.attributes(of: [card] + (old.map { [$0] } ?? []))
    var map: [(column: String, attribute: String)] = []
    for word in words {
      guard let sign = word.lastIndex(of: "="), sign > word.startIndex else {
        throw .usage(
          "`\(word)` maps nothing", help: "write column=attribute, such as prompt=input_tokens")
      }
      let (column, attribute) = (String(word[..<sign]), String(word[word.index(after: sign)...]))
      guard attribute.isEmpty || known.contains(attribute) else { throw unknown(attribute, known) }
      if let other = map.first(where: { $0.column == column }) {
        throw .usage("`\(other.column)` is mapped twice")
      }
      map.append((column, attribute))
    }
    return map
  }

  /// The attributes of `--set`, and their values.
  static func constants(
    _ words: [String], _ card: RateCard, _ old: RateCard?
  ) throws(CommandFailure) -> [(attribute: String, text: String)] {
    let known = Backtest.attributes(of: [card] + (old.map { [$0] } ?? []))
    var constants: [(attribute: String, text: String)] = []
    for word in words {
      guard let sign = word.firstIndex(of: "="), word.index(after: sign) < word.endIndex else {
        throw .usage(
          "`\(word)` sets nothing", help: "write attribute=value, such as model=gpt-4o")
      }
      let attribute = String(word[..<sign])
      guard known.contains(attribute) else { throw unknown(attribute, known) }
      guard !constants.contains(where: { $0.attribute == attribute }) else {
        throw .usage("`\(attribute)` is set twice")
      }
      constants.append((attribute, String(word[word.index(after: sign)...])))
    }
    return constants
  }

  /// The zone of `--zone`.
  static func zone(_ name: String?) throws(CommandFailure) -> Zone? {
    guard let name else { return nil }
    guard let zone = ZoneDatabase.system.zone(name) else {
      throw .usage("there is no time zone `\(name)`", help: "such as UTC or Europe/Berlin")
    }
    return zone
  }

  private static func unknown(_ attribute: String, _ known: [String]) -> CommandFailure {
    .usage(
      "`\(attribute)` is not an attribute of this card",
      help: didYouMean(attribute, among: known)
        ?? "its attributes are \(known.joined(separator: ", "))")
  }

  /// The names of `--by`.
  static func groups(_ words: [String]) throws(CommandFailure) -> [String] {
    var names: [String] = []
    for name in words.joined(separator: ",").split(separator: ",") {
      let name = String(name)
      if names.contains(name) { throw .usage("`\(name)` stands twice in `--by`") }
      names.append(name)
    }
    return names
  }

  /// The conditions of `--fail-if`.
  static func conditions(
    _ words: [String], compares: Bool
  ) throws(CommandFailure) -> [FailCondition] {
    var conditions: [FailCondition] = []
    for word in words {
      let condition: FailCondition
      do throws(FailCondition.Failure) { condition = try FailCondition(parsing: word) } catch {
        let mark =
          String(repeating: " ", count: error.range.lowerBound)
          + String(repeating: "^", count: max(1, error.range.count))
        throw .usage(
          error.message + " in `--fail-if`",
          help: "\(word)\n  \(mark)" + (error.help.map { "\n  \($0)" } ?? ""))
      }
      if let test = condition.comparing, !compares {
        throw .usage(
          "`\(test)` compares with another card", help: "name it with `--against`")
      }
      conditions.append(condition)
    }
    return conditions
  }

  /// Why usage could not be priced, as the command's end.
  static func failure(_ failure: UsageFailure) -> CommandFailure {
    switch failure {
    case .system(let source, let number):
      .unreadable(FileFailure(path: source, reason: .system(number)))
    case .compressed(let source, let reason):
      .file("cannot read `\(source)`: what it compresses is damaged: \(reason)")
    case .longRow(let source, let line, let limit):
      .file(
        "cannot read `\(source)`: the row that begins at line \(line) has more than "
          + "\(limit) bytes; is a quote not closed?")
    case .noHeader(let source): .file("`\(source)` has no row that names its columns")
    case .openHeader(let source, let line):
      .file("cannot read `\(source)`: a quote at line \(line) has no end")
    case .doubledColumn(let source, let name):
      .file("the column `\(name)` stands twice in `\(source)`")
    case .rivalColumns(let source, let first, let second, let attribute):
      .usage(
        "`\(first)` and `\(second)` of `\(source)` are both mapped to `\(attribute)`",
        help: "leave one of them out")
    case .missingColumn(let source, let name, let near):
      .usage("`\(source)` has no column `\(name)`", help: near.map { "did you mean `\($0)`?" })
    case .noAttributes(let source, let names):
      .usage(
        "no column of `\(source)` is an attribute of this card",
        help: names.first?.hasPrefix("[") ?? false
          ? "JSON Lines has an object a line: `jq -c '.[]'` makes them of an array"
          : "its columns are \(names.prefix(20).joined(separator: ", "))"
            + "\(names.count > 20 ? ", …" : ""): say which is which with `--map column=attribute`")
    case .groups(let by, let limit):
      .file(
        "there are more than \(limit) groups by \(by.joined(separator: ",")): "
          + "group by something that repeats")
    case .groupNames(let by, let limit):
      .file(
        "the groups by \(by.joined(separator: ",")) have names of more than \(limit >> 20) MiB "
          + "in all: group by something shorter")
    case .nearColumn(let source, let name, let attribute):
      .usage(
        "the column `\(name)` of `\(source)` is no attribute, and `\(attribute)` is no column",
        help: "say `--map '\(name)=\(attribute)'` if it is meant, else `--map '\(name)='`")
    case .overflow: .file("the sum of all amounts is too large to be held")
    case .output(let number): .file("cannot write what each row comes to: \(Errors.text(number))")
    }
  }
}
