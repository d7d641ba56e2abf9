internal import Ratecard
internal import RatecardDiagnostics
internal import RatecardExport
internal import RatecardModel

/// `ratecard export`: the card in another language.
enum ExportCommand {
  static let syntax = CommandSyntax(
    name: "export", summary: "writes a card as an SQL query", operands: "sql [DIR]",
    options: [
      CommandOption(
        "--dialect", .choice(SQLDialect.allCases.map(\.rawValue)), "of which database; required"),
      CommandOption("--table", .text("NAME"), "the table of requests; usage unless given"),
      CommandOption(
        "--map", .texts("COLUMN=ATTRIBUTE"), "a column that is called otherwise; again for more"),
    ],
    details: """
      The query keeps the columns of every row and adds credits, rule, denied and error: what
      `ratecard eval --price` answers, exactly. What SQL cannot say is refused by name.
      """,
    run: run)

  private static func run(
    _ arguments: ParsedArguments, _ console: Console
  ) throws(CommandFailure) -> ExitCode {
    guard arguments.operands.first == "sql" else {
      throw .usage(
        "`ratecard export` writes `sql`", help: "ratecard export sql --dialect duckdb")
    }
    guard let dialect = arguments["--dialect"].flatMap(SQLDialect.init) else {
      throw .usage(
        "`--dialect` is missing",
        help: "write one of " + SQLDialect.allCases.map(\.rawValue).joined(separator: ", "))
    }
    var rest = arguments
    rest.operands.removeFirst()
    let card = try loadCard(try rest.folder())
    let table = arguments["--table"] ?? "usage"
    guard table.split(separator: ".", omittingEmptySubsequences: false).allSatisfy({ !$0.isEmpty })
    else {
      throw .usage("`\(table)` is no name of a table", help: "such as usage or log.requests")
    }
    let query: SQLQuery
    do {
      query = try SQLQuery(
        card, dialect: dialect, table: table,
        columns: try columns(arguments, card))
    } catch let refusal as SQLRefusal {
      let place = refusal.span.map { span in
        let file = card.files[Int(span.file.index)]
        let (line, column) = file.position(at: Int(span.start))
        return "\(file.path):\(line):\(column): "
      }
      console.complain(
        "\(place ?? "")\(refusal.subject ?? "this card") cannot be written in SQL: \(refusal.reason)"
      )
      return .findings
    } catch let failure as CommandFailure {
      throw failure
    } catch {
      preconditionFailure("writing a query fails with a refusal")
    }
    console.output.write(query.text)
    return .fine
  }

  /// The columns of attributes, by the attribute's name.
  private static func columns(
    _ arguments: ParsedArguments, _ card: RateCard
  ) throws(CommandFailure) -> [String: String] {
    var columns: [String: String] = [:]
    for pair in arguments.all("--map") {
      guard let equals = pair.lastIndex(of: "="), equals > pair.startIndex else {
        throw .usage(
          "`\(pair)` maps nothing", help: "write column=attribute, such as prompt=input_tokens")
      }
      let name = String(pair[pair.index(after: equals)...])
      guard let attribute = card.model.attribute(named: name) else {
        throw .usage(
          "`\(name)` is no attribute of the card",
          help: didYouMean(name, among: card.model.attributes.map(\.name)))
      }
      guard attribute.origin != .derived else {
        throw .usage("`\(name)` is worked out from other attributes, and comes in no column")
      }
      if let other = columns[name] {
        throw .usage("`\(other)` and `\(pair[..<equals])` are both mapped to `\(name)`")
      }
      columns[name] = String(pair[..<equals])
    }
    return columns
  }
}
