internal import Ratecard
internal import RatecardJSON
internal import RatecardValues
internal import RatecardWire

/// `ratecard eval`: answers requests.
enum EvalCommand {
  static let syntax = CommandSyntax(
    name: "eval", summary: "answers a request", operands: "[DIR] key=value…",
    options: [
      CommandOption(
        "--format", .choice(["text", "json"]), "how the answer is written (text on a terminal)"),
      CommandOption("--json", .text("OBJECT"), "the request as a JSON object, in place of pairs"),
      CommandOption("--jsonl", "requests on standard input, a JSON object a line"),
      CommandOption("--price", "the cost alone: neither tiers nor routes run"),
    ],
    details: """
      Decides one request: its tier, where it goes and what it costs. Attributes are
      written as pairs, such as request_type=chat model=gpt-4o; `at` is now unless given.
      With --jsonl every line of standard input is answered with one line, in order.
      """,
    run: run)

  private static func run(
    _ arguments: ParsedArguments, _ console: Console
  ) throws(CommandFailure) -> ExitCode {
    let question = try RequestWords(arguments)
    if arguments.has("--jsonl") {
      guard question.request == nil else {
        throw .usage("with `--jsonl` the requests come on standard input alone")
      }
      guard arguments["--format"] != "text" else { throw .usage("`--jsonl` answers in JSON") }
      let card = try loadCard(question.folder)
      return try JSONLines(card: card, priceOnly: arguments.has("--price")).answer(console)
    }
    let card = try loadCard(question.folder)
    let answer = Answer(card, question.request ?? .success([:]), arguments.has("--price"))
    let format = arguments["--format"] ?? (console.output.isTerminal ? "text" : "json")
    if format == "text" {
      console.output.write(AnswerText(card: card).text(answer))
    } else {
      let writer = AnswerWriter(cardName: card.name, version: card.version)
      var json = JSONWriter()
      switch answer {
      case .decision(let decision): writer.write(decision, to: &json)
      case .quote(let quote): writer.write(quote, to: &json)
      case .failure(let error): AnswerWriter.write(error, to: &json)
      }
      console.output.write(json.bytes)
      console.output.line()
    }
    return answer.isPriced ? .fine : .findings
  }
}

/// The folder and the request of a command line.
struct RequestWords {
  let folder: String
  /// The request; nil: the words name none.
  let request: Result<[String: RequestValue], RequestError>?

  init(_ arguments: ParsedArguments) throws(CommandFailure) {
    let pairs = arguments.operands.filter { RequestPairs.isPair($0) }
    let folders = arguments.operands.filter { !RequestPairs.isPair($0) }
    if folders.count > 1 {
      throw .usage(
        "`\(folders[1])` is neither the folder nor an attribute: write name=value")
    }
    folder = folders.first ?? defaultFolder
    if let json = arguments["--json"] {
      guard pairs.isEmpty else { throw .usage("a request is either pairs or `--json`, not both") }
      request = Array(json.utf8).withUnsafeBufferPointer { bytes in
        Result { () throws(RequestError) in try RequestReader.request(json: bytes) }
      }
    } else if pairs.isEmpty {
      request = nil
    } else {
      request = .success(try RequestPairs.request(pairs: pairs))
    }
  }
}

/// A card's answer to one request.
enum Answer {
  case decision(Decision)
  case quote(Quote)
  case failure(RequestError)

  init(
    _ card: RateCard, _ request: Result<[String: RequestValue], RequestError>, _ priceOnly: Bool,
    at now: Instant? = nil
  ) {
    do throws(RequestError) {
      let request = try request.get()
      self =
        priceOnly
        ? .quote(try card.price(request, at: now)) : .decision(try card.decide(request, at: now))
    } catch {
      self = .failure(error)
    }
  }

  /// Whether there is a price: no refusal, no error.
  var isPriced: Bool {
    switch self {
    case .failure: false
    case .quote(let quote): Self.isPriced(quote.outcome)
    case .decision(let decision): Self.isPriced(decision.outcome)
    }
  }

  private static func isPriced(_ outcome: Quote.Outcome) -> Bool {
    if case .priced = outcome { true } else { false }
  }
}
