internal import Glibc
internal import Ratecard
internal import RatecardDiagnostics
internal import RatecardImport
internal import RatecardJSON

/// `ratecard import`: a public price list as a rate card.
enum ImportCommand {
  static let syntax = CommandSyntax(
    name: "import", summary: "writes a card from a public price list", operands: "LIST FILE",
    options: [
      CommandOption(
        "--output", .text("DIR"), "the folder to write, `\(defaultFolder)` unless given"),
      CommandOption("--format", .choice(["text", "json"]), "the report's form"),
    ],
    details: """
      LIST is one of
        litellm       model_prices_and_context_window.json of LiteLLM
        genai-prices  the data of genai-prices as JSON

      Writes a header and a file for each provider, and never overwrites: import into
      another folder and compare the two with `ratecard diff`.

      The report counts the prices that are in the card, and those that are not by reason;
      comments in the card say what each is. Where more than 5 % are not, the exit code is 1.
      """,
    run: run)

  /// The most bytes of a list.
  private static let mostBytes = 256 << 20

  private static func run(
    _ arguments: ParsedArguments, _ console: Console
  ) throws(CommandFailure) -> ExitCode {
    let (kind, path) = try operands(arguments)
    let folder = arguments["--output"] ?? defaultFolder
    try requireNoCard(in: folder)
    let imported = try read(path, as: kind)
    let files = imported.files(accepting: findings(in: imported.files()))
    let paths = try write(files, to: folder)
    let text = ImportText(report: imported.report, folder: folder)
    if arguments["--format"] == "json" {
      console.output.line(text.json(paths))
    } else {
      for path in paths { console.output.line(path) }
      console.errors.write(text.text)
    }
    return imported.report.isComplete ? .fine : .findings
  }

  private static func operands(
    _ arguments: ParsedArguments
  ) throws(CommandFailure) -> (PriceListKind, String) {
    let known = PriceListKind.allCases.map(\.rawValue)
    guard let word = arguments.operands.first else {
      throw .usage(
        "`import` wants a list and its file", help: "lists: " + known.joined(separator: ", "))
    }
    guard let kind = PriceListKind(rawValue: word) else {
      throw .usage(
        "there is no price list `\(word)`",
        help: didYouMean(word, among: known) ?? "lists: " + known.joined(separator: ", "))
    }
    guard arguments.operands.count == 2 else {
      throw arguments.operands.count < 2
        ? .usage("`import \(word)` wants a file")
        : .usage("one file is enough, but here is `\(arguments.operands[2])`")
    }
    return (kind, arguments.operands[1])
  }

  private static func read(
    _ path: String, as kind: PriceListKind
  ) throws(CommandFailure) -> PriceImport {
    let bytes = try FileReader.bytes(of: path, atMost: mostBytes)
    do throws(PriceListFailure) { return try PriceImport(bytes, as: kind) } catch {
      throw .file("`\(path)` is no price list of \(kind.rawValue): \(error)")
    }
  }

  /// The names of what lint finds in a card.
  private static func findings(in files: [CardFile]) -> Set<String> {
    let sources = files.map { SourceFile(path: $0.name, bytes: Array($0.text.utf8)) }
    return Set(
      RateCard.inspect(files: sources, proving: .all(at: nil)).diagnostics.map(\.code.name))
  }

  private static func write(
    _ files: [CardFile], to folder: String
  ) throws(CommandFailure) -> [String] {
    do throws(FileWriter.Failure) {
      try FileWriter.createFolder(folder)
      var paths: [String] = []
      for file in files {
        let path = folder.hasSuffix("/") ? folder + file.name : folder + "/" + file.name
        try FileWriter.create(path, with: Array(file.text.utf8))
        paths.append(path)
      }
      return paths
    } catch {
      throw .file(error.message)
    }
  }
}
