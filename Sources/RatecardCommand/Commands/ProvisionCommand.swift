internal import Ratecard
internal import RatecardBilling
internal import RatecardModel
internal import RatecardService

/// `ratecard provision`: what the billing provider must have for a card.
enum ProvisionCommand {
  static let syntax = CommandSyntax(
    name: "provision", summary: "sets up at the billing provider what a card needs",
    operands: "[DIR]",
    options: [
      CommandOption("--apply", "makes it so; without it nothing is sent"),
      CommandOption("--live", "says that live mode is meant; `--apply` wants it there"),
      CommandOption(
        "--overage-price", .choice(OverageUnit.allCases.map(\.rawValue)),
        "how the provider reads 0.04 USD of overage: main: 0.04, smallest: 4"),
      CommandOption(
        "--tax-category", .choice(["digital_products", "saas", "e_book", "edtech"]),
        "of products that are made (saas)"),
      ProviderSettings.provider, ProviderSettings.lock,
      CommandOption("--format", .choice(["text", "json"]), "how the plan is written (text)"),
    ],
    details: """
      Shows what the provider must have for the card, and how that differs from what is
      there: the meter, the credits, and a product for each plan with its price, credits
      and meter. With --apply it is made so. Running it twice changes nothing the second
      time. Nothing is ever deleted; names, texts and whatever the card says nothing of
      are left as they are.
      The ids of what was made go to a lock file beside the card, which is no part of the
      card: keep it with the card. Exit code 1: something is in the way.

      \(ProviderSettings.help)
      """,
    run: run)

  private static func run(
    _ arguments: ParsedArguments, _ console: Console
  ) throws(CommandFailure) -> ExitCode {
    let folder = try arguments.folder()
    let settings = try ProviderSettings(arguments, console.environment)
    try checkMode(settings, arguments)
    let card = try loadCard(folder).model
    let file = settings.lockFile(arguments, folder: folder)
    let options = Provisioner.Options(
      overageUnit: arguments["--overage-price"].flatMap(OverageUnit.init),
      taxCategory: arguments["--tax-category"] ?? "saas")
    // What is only written is written after the plan.
    var written: [UInt8] = []
    let objects = settings.makeObjects { written += $0 }
    let provisioner = Provisioner(objects, world: .real, card: card, options: options)
    let known = objects.areAsked ? try settings.readLock(file) : nil
    let lock = known ?? ProviderLock(environment: settings.environment)
    do throws(ProvisionFailure) {
      var plan = try provisioner.plan(lock)
      let mayApply = !plan.isBlocked && !plan.needsOverageUnit
      if arguments.has("--apply"), mayApply {
        plan = try provisioner.apply(lock) { lock throws(LockFailure) in
          if objects.areAsked { try file.write(lock) }
        }
      }
      let report = ProvisionReport(
        plan: plan, environment: settings.environment, lock: file.path,
        isApplied: arguments.has("--apply") && mayApply,
        isAsked: objects.areAsked)
      if arguments["--format"] == "json" {
        console.output.write(report.json)
      } else {
        console.output.write(report.text)
      }
      console.output.write(written)
      if arguments.has("--apply") || plan.isBlocked {
        if let complaint = report.complaint {
          console.complain(complaint)
          return .findings
        }
      } else if let question = report.complaint {
        console.errors.line(question)
      }
      return .fine
    } catch {
      throw .file(error.message)
    }
  }

  /// Nobody is to change what people pay by accident.
  private static func checkMode(
    _ settings: ProviderSettings, _ arguments: ParsedArguments
  ) throws(CommandFailure) {
    if settings.environment == .live, arguments.has("--apply"), !arguments.has("--live") {
      throw .usage(
        "this would change what people pay: DODO_PAYMENTS_ENVIRONMENT is live_mode",
        help: "say `--live` as well, if that is meant")
    }
    if settings.environment == .test, arguments.has("--live") {
      throw .usage(
        "`--live` is said, and DODO_PAYMENTS_ENVIRONMENT is not live_mode",
        help: "set it, or leave `--live` out")
    }
    guard case .dodo(let account) = settings.billing else { return }
    for other in ProviderLock.Environment.allCases where other != settings.environment {
      if account.key.hasPrefix("dodo_\(other.rawValue)_") {
        throw .usage(
          "the key is of the \(other.rawValue) environment, and DODO_PAYMENTS_ENVIRONMENT is "
            + "\(settings.environment.rawValue)_mode")
      }
    }
  }
}
