internal import Glibc
internal import Ratecard
internal import RatecardBilling
internal import RatecardService
internal import Synchronization

/// `ratecard serve`: the service.
enum ServeCommand {
  static let syntax = CommandSyntax(
    name: "serve", summary: "answers requests over HTTP, and records what was used",
    operands: "[DIR]",
    options: [
      CommandOption("--listen", .text("HOST:PORT"), "where to listen (127.0.0.1:8787)"),
      CommandOption(
        "--store", .text("ADDRESS"),
        "sqlite:FILE or postgres://HOST/DATABASE (sqlite:ratecard.db)"),
      CommandOption("--threads", .text("N"), "threads that answer (one for each processor)"),
      CommandOption(
        "--keep-cards", .text("DAYS"), "how long earlier cards can price usage (30)"),
      CommandOption(
        "--provider", .choice(["dodo", "log"]),
        "where usage is shipped (dodo when its key is set); log: written to standard output"),
      ProviderSettings.lock,
      CommandOption(
        "--late", .choice(LatePolicy.allCases.map(\.rawValue)),
        "what becomes of usage too old for the provider (restamp)"),
      CommandOption(
        "--balance-age", .text("SECONDS"),
        "how old a balance may be before the provider is asked (300); 0: it is not"),
      CommandOption(
        "--unknown-balance", .choice(UnknownBalance.allCases.map(\.rawValue)),
        "what becomes of a reservation while the balance is not known (hold)"),
      CommandOption(
        "--notify-url", .text("URL"),
        "where notices are posted, signed with RATECARD_NOTIFY_KEY (kept only)"),
      CommandOption(
        "--log", .choice(ServiceLog.Level.allCases.map(\.rawValue)),
        "the least that is logged; debug: every request (info)"),
    ],
    details: """
      Loads the card of DIR, reloads it whenever the folder changes and its tests and
      guards pass, and logs to standard error, a JSON object a line. SIGHUP reloads at
      once, SIGTERM ends. Environment:

        RATECARD_API_TOKEN   what clients send as `Authorization: Bearer TOKEN`;
                             without it only this machine may ask
        RATECARD_NOTIFY_KEY  what notices are signed with: base64 behind `whsec_`; two
                             with a comma between them while they are exchanged
        DODO_PAYMENTS_API_KEY, DODO_PAYMENTS_WEBHOOK_KEY
                             the provider's keys; of the latter two with a comma
                             between them while they are exchanged
        DODO_PAYMENTS_ENVIRONMENT
                             test_mode (default) or live_mode
        DODO_PAYMENTS_BASE_URL
                             the provider's address, in place of its environment's
        DODO_PAYMENTS_CREDIT_ENTITLEMENT
                             the id of the credits that the card is about; `--late
                             ledger` debits them
      """,
    run: run)

  private static func run(
    _ arguments: ParsedArguments, _ console: Console
  ) throws(CommandFailure) -> ExitCode {
    let options = try options(arguments, console)
    let level = arguments["--log"].flatMap(ServiceLog.Level.init) ?? .info
    let log = ServiceLog(level: level) { LineWriter.write($0, to: STDERR_FILENO) }
    let signals = Signals()
    let service: Service
    do {
      service = try Service(options, log: log)
    } catch {
      switch error {
      case .card(.refused(let report)): throw .refused(report)
      case .card(.unreadable(let failure)): throw .unreadable(failure)
      case .world(let message): throw .file(message)
      }
    }
    console.errors.flush()
    while true {
      switch signals.next() {
      case SIGHUP: service.reload()
      default: return end(service)
      }
    }
  }

  private static func end(_ service: Service) -> ExitCode {
    let ending = service.stop()
    let code = ending.isClean ? ExitCode.fine : .failed
    // Libraries tidy up in `exit`, under the feet of whatever still runs.
    if !ending.isWhole { _exit(code.rawValue) }
    return code
  }

  private static func options(
    _ arguments: ParsedArguments, _ console: Console
  ) throws(CommandFailure) -> ServiceOptions {
    let provider = try ProviderSettings(arguments, console.environment)
    var options = ServiceOptions(folder: try arguments.folder(), billing: provider.billing)
    options.environment = provider.environment
    options.lock = arguments["--lock"]
    options.webhookSecrets = console.environment["DODO_PAYMENTS_WEBHOOK_KEY"]
    options.notices = try notices(arguments, console.environment)
    options.late = arguments["--late"].flatMap(LatePolicy.init) ?? .restamp
    options.balanceAgeSeconds = try number("--balance-age", in: 0...86_400, arguments) ?? 300
    options.unknownBalance =
      arguments["--unknown-balance"].flatMap(UnknownBalance.init) ?? .hold
    if let text = arguments["--listen"] {
      guard let address = ListenAddress(text) else {
        throw .usage("`\(text)` is no address", help: "write HOST:PORT, such as 127.0.0.1:8787")
      }
      options.listen = address
    }
    if let store = arguments["--store"] { options.store = store }
    options.threads = try number("--threads", in: 1...256, arguments) ?? 0
    options.keptCardDays = try number("--keep-cards", in: 1...3_650, arguments) ?? 30
    if let token = console.environment["RATECARD_API_TOKEN"] {
      guard !token.isEmpty else {
        throw .usage("RATECARD_API_TOKEN is set and empty", help: "unset it, or give it a token")
      }
      // A header cannot bear anything else, so that nobody would ever show it.
      guard token.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
        throw .usage(
          "RATECARD_API_TOKEN holds a space, a line's end or something else that no header bears",
          help: "give it a token of visible ASCII characters")
      }
      options.token = token
    }
    return options
  }

  private static func notices(
    _ arguments: ParsedArguments, _ environment: [String: String]
  ) throws(CommandFailure) -> NoticeOptions? {
    guard let url = arguments["--notify-url"] else { return nil }
    let isUsable = url.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    guard isUsable, url.hasPrefix("https://") || url.hasPrefix("http://") else {
      throw .usage(
        "`\(url)` is no value of `--notify-url`", help: "write https://HOST/PATH")
    }
    guard let secrets = environment["RATECARD_NOTIFY_KEY"], !secrets.isEmpty else {
      throw .usage("`--notify-url` wants RATECARD_NOTIFY_KEY in the environment")
    }
    return NoticeOptions(url: url, secrets: secrets)
  }

  private static func number(
    _ option: String, in range: ClosedRange<Int>, _ arguments: ParsedArguments
  ) throws(CommandFailure) -> Int? {
    guard let text = arguments[option] else { return nil }
    guard let number = Int(text), range.contains(number) else {
      throw .usage(
        "`\(text)` is no value of `\(option)`",
        help: "write a number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }
}

/// Writes lines whole, whichever threads they come from.
enum LineWriter {
  private static let lock = Mutex(())

  static func write(_ line: [UInt8], to descriptor: Int32) {
    lock.withLock { _ in
      var rest = line[...]
      while !rest.isEmpty {
        let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        if written > 0 {
          rest = rest.dropFirst(written)
        } else if written < 0, errno != EINTR {
          return
        }
      }
    }
  }
}

/// The signals that a service obeys, taken one by one.
private struct Signals {
  private var set = sigset_t()

  /// Keeps the signals from ending the process, in this thread and those it starts.
  init() {
    sigemptyset(&set)
    for signal in [SIGTERM, SIGINT, SIGHUP] { sigaddset(&set, signal) }
    pthread_sigmask(SIG_BLOCK, &set, nil)
  }

  /// Waits for one.
  func next() -> Int32 {
    var set = set
    var signal: Int32 = 0
    while sigwait(&set, &signal) != 0 {}
    return signal
  }
}
