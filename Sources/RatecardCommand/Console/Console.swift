internal import Glibc

/// What a command has to do with the world: its words, its streams and the time.
public struct Console {
  /// Reads into a buffer: the number of bytes, 0 at the end, or the negative error number.
  public typealias Reader = (UnsafeMutableRawBufferPointer) -> Int

  /// The words after the program's name.
  public let arguments: [String]
  /// The environment's variables.
  public let environment: [String: String]
  /// Reads standard input.
  public let input: Reader
  /// Where data goes.
  public let output: Output
  /// Where everything else goes.
  public let errors: Output
  /// Whether `--color` asks for colour; nil: as the terminal says.
  var wantsColor: Bool?

  /// Makes a console of given parts.
  public init(
    arguments: [String], environment: [String: String] = [:],
    input: @escaping Reader = { _ in 0 }, output: Output, errors: Output
  ) {
    self.arguments = arguments
    self.environment = environment
    self.input = input
    self.output = output
    self.errors = errors
  }

  /// The console of this process.
  ///
  /// From here on a reader that goes away is an error of a write and ends nothing by itself.
  public static func ofProcess() -> Console {
    signal(SIGPIPE, SIG_IGN)
    var environment: [String: String] = [:]
    let names = [
      "NO_COLOR", "TERM", "RATECARD_API_TOKEN", "DODO_PAYMENTS_API_KEY",
      "DODO_PAYMENTS_WEBHOOK_KEY", "DODO_PAYMENTS_ENVIRONMENT", "DODO_PAYMENTS_BASE_URL",
      "DODO_PAYMENTS_CREDIT_ENTITLEMENT", "RATECARD_NOTIFY_KEY",
    ]
    for name in names {
      if let value = getenv(name) { environment[name] = String(cString: value) }
    }
    return Console(
      arguments: Array(CommandLine.arguments.dropFirst()), environment: environment,
      input: { buffer in
        while true {
          let count = read(STDIN_FILENO, buffer.baseAddress, buffer.count)
          if count >= 0 { return count }
          if errno != EINTR { return -Int(errno) }
        }
      }, output: Output(descriptor: STDOUT_FILENO), errors: Output(descriptor: STDERR_FILENO))
  }

  /// Whether an output may be coloured.
  func isColored(_ output: Output) -> Bool {
    if let wantsColor { return wantsColor }
    return output.isTerminal && (environment["NO_COLOR"] ?? "").isEmpty
      && environment["TERM"] != "dumb"
  }

  /// Writes a line of complaint: `ratecard: no such thing`.
  func complain(_ message: String, help: String? = nil) {
    errors.line("ratecard: \(message)")
    if let help { errors.line("  \(help)") }
  }
}
