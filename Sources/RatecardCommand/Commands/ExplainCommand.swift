internal import Ratecard
internal import RatecardValues

/// `ratecard explain`: answers a request, and says why.
enum ExplainCommand {
  static let syntax = CommandSyntax(
    name: "explain", summary: "answers a request, and says why", operands: "[DIR] key=value…",
    options: [
      CommandOption("--format", .choice(["text", "json"]), "how the explanation is written"),
      CommandOption("--json", .text("OBJECT"), "the request as a JSON object, in place of pairs"),
      CommandOption("--price", "the cost alone: neither tiers nor routes run"),
    ],
    details: """
      Shows the attributes as the rules saw them, every rule whose conditions hold and
      what beat it, and every amount on the way to the price.
      """,
    run: run)

  private static func run(
    _ arguments: ParsedArguments, _ console: Console
  ) throws(CommandFailure) -> ExitCode {
    let question = try RequestWords(arguments)
    let card = try loadCard(question.folder)
    let explanation: Explanation
    switch question.request ?? .success([:]) {
    case .success(let request):
      explanation = card.explain(request, costAlone: arguments.has("--price"))
    case .failure(let error):
      explanation = card.explanation(of: error)
    }
    if arguments["--format"] == "json" {
      console.output.write(ExplanationWriter(card: card).json(explanation))
    } else {
      let isColored = console.isColored(console.output)
      console.output.write(ExplanationText(card: card, isColored: isColored).text(explanation))
    }
    return Answer(explanation.answer).isPriced ? .fine : .findings
  }
}

extension Answer {
  init(_ answer: Explanation.Answer) {
    switch answer {
    case .decision(let decision): self = .decision(decision)
    case .quote(let quote): self = .quote(quote)
    case .failure(let error): self = .failure(error)
    }
  }
}
