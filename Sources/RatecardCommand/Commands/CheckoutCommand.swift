internal import Ratecard
internal import RatecardBilling

/// `ratecard checkout`: a session at the billing provider in which someone buys a plan.
enum CheckoutCommand {
  static let syntax = CommandSyntax(
    name: "checkout", summary: "makes a page on which someone buys a plan",
    operands: "PLAN [DIR]",
    options: [
      CommandOption("--email", .text("ADDRESS"), "who buys"),
      CommandOption("--name", .text("NAME"), "the buyer's name"),
      CommandOption(
        "--customer", .text("ID"), "the id by which usage names the buyer, or the provider's"),
      CommandOption("--return-url", .text("URL"), "where the buyer's browser goes afterwards"),
      CommandOption("--seats", .text("N"), "how many, where the price is for each"),
      ProviderSettings.provider, ProviderSettings.lock,
      CommandOption(
        "--format", .choice(["text", "json"]), "how the session is written (text on a terminal)"),
    ],
    details: """
      Asks the billing provider for a checkout session, and writes its page. The plan's
      product is the one that `ratecard provision` made, else the card's `product`. A
      customer is registered at the provider, so that its webhooks find it.
      What surely was not taken is tried again for some seconds. A call of which nothing
      is known is not: the session that it may have made has a page that nobody knows,
      and ends by itself; run the command again for another.

      \(ProviderSettings.help)
      """,
    run: run)

  private static func run(
    _ arguments: ParsedArguments, _ console: Console
  ) throws(CommandFailure) -> ExitCode {
    guard (1...2).contains(arguments.operands.count) else {
      throw .usage("`checkout` is for one plan: ratecard checkout PLAN --email ADDRESS [DIR]")
    }
    var request = CheckoutRequest(
      plan: arguments.operands[0], email: arguments["--email"], name: arguments["--name"],
      customer: arguments["--customer"], returnURL: arguments["--return-url"])
    if let text = arguments["--seats"] { request.seats = Int(text) ?? 0 }
    let settings = try ProviderSettings(arguments, console.environment)
    let folder = arguments.operands.count > 1 ? arguments.operands[1] : defaultFolder
    let card = try loadCard(folder)
    let lock = try settings.readLock(settings.lockFile(arguments, folder: folder))
    let calls = CheckoutCalls(
      settings.makeProvider { console.output.write($0) }, world: .real)
    do throws(CheckoutFailure) {
      write(try calls.session(for: request, of: card, lock: lock), arguments, console)
      return .fine
    } catch {
      switch error {
      case .request(let error): throw .usage(error.message, help: error.help)
      case .noProduct(let message):
        console.complain(message)
        return .findings
      case .provider(let failure):
        console.complain(failure.advice)
        return failure.kind == .refused ? .findings : .failed
      }
    }
  }

  private static func write(
    _ session: CheckoutSession, _ arguments: ParsedArguments, _ console: Console
  ) {
    let format = arguments["--format"] ?? (console.output.isTerminal ? "text" : "json")
    if format == "text" {
      console.output.line("session  \(session.id)")
      console.output.line("page     \(session.url ?? "none")")
      return
    }
    console.output.write(session.json)
    console.output.line()
  }
}
