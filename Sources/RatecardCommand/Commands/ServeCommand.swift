internal import Glibc
internal import Ratecard
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
        "--log", .choice(ServiceLog.Level.allCases.map(\.rawValue)),
        "the least that is logged; debug: every request (info)"),
    ],
    details: """
      Loads the card of DIR, reloads it whenever the folder changes and its tests and
      guards pass, and logs to standard error, a JSON object a line. SIGHUP reloads at
      once, SIGTERM ends. Environment:

        RATECARD_API_TOKEN   what clients send as `Authorization: Bearer TOKEN`;
                             without it only this machine may ask
      """,
    run: run)

  private static func run(
    _ arguments: ParsedArguments, _ console: Console
  ) throws(CommandFailure) -> ExitCode {
    let options = try options(arguments, console)
    let level = arguments["--log"].flatMap(ServiceLog.Level.init) ?? .info
    let log = ServiceLog(level: level) { LogWriter.write($0) }
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
      default: return service.stop() ? .fine : .failed
      }
    }
  }

  private static func options(
    _ arguments: ParsedArguments, _ console: Console
  ) throws(CommandFailure) -> ServiceOptions {
    var options = ServiceOptions(folder: try arguments.folder())
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
      options.token = token
    }
    return options
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

/// Writes a log's lines whole, whichever threads they come from.
private enum LogWriter {
  private static let lock = Mutex(())

  static func write(_ line: [UInt8]) {
    lock.withLock { _ in
      var rest = line[...]
      while !rest.isEmpty {
        let written = rest.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
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
