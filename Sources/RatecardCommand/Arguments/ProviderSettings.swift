internal import Glibc
internal import Ratecard
internal import RatecardBilling
internal import RatecardService
internal import RatecardValues

/// The billing provider that the environment and a command line name.
struct ProviderSettings {
  static let provider = CommandOption(
    "--provider", .choice(["dodo", "log"]),
    "who is called (dodo when its key is set); log: standard output")
  static let lock = CommandOption(
    "--lock", .text("FILE"), "what was provisioned (DIR/.provider/test.lock.yaml or live)")
  /// The environment of commands that call the provider, for their help.
  static let help = """
    Environment:

      DODO_PAYMENTS_API_KEY
                           the provider's key
      DODO_PAYMENTS_ENVIRONMENT
                           test_mode (default) or live_mode
      DODO_PAYMENTS_BASE_URL
                           the provider's address, in place of its environment's
    """

  /// The provider.
  let billing: BillingOptions
  /// Which of its environments is meant.
  let environment: ProviderLock.Environment

  init(
    _ arguments: ParsedArguments, _ environment: [String: String]
  ) throws(CommandFailure) {
    switch environment["DODO_PAYMENTS_ENVIRONMENT"] {
    case nil, "test_mode"?: self.environment = .test
    case "live_mode"?: self.environment = .live
    case let other?:
      throw .usage(
        "`\(other)` is no value of DODO_PAYMENTS_ENVIRONMENT, which is test_mode or live_mode")
    }
    let key = environment["DODO_PAYMENTS_API_KEY"] ?? ""
    guard (arguments["--provider"] ?? (key.isEmpty ? "log" : "dodo")) == "dodo" else {
      billing = .log { LineWriter.write($0, to: STDOUT_FILENO) }
      return
    }
    guard !key.isEmpty else {
      throw .usage("the provider `dodo` wants DODO_PAYMENTS_API_KEY in the environment")
    }
    let url =
      environment["DODO_PAYMENTS_BASE_URL"] ?? "https://\(self.environment).dodopayments.com"
    billing = .dodo(
      DodoProvider.Account(
        url: url, key: key, entitlement: environment["DODO_PAYMENTS_CREDIT_ENTITLEMENT"]))
  }

  /// Where it is written what was made for a card.
  func lockFile(_ arguments: ParsedArguments, folder: String) -> LockFile {
    LockFile(arguments["--lock"] ?? ProviderLock.path(folder: folder, environment: environment))
  }

  /// The lock of a card; nil: there is none.
  func readLock(_ file: LockFile) throws(CommandFailure) -> ProviderLock? {
    do throws(LockFailure) {
      let lock = try file.read()
      try lock?.check(isOf: environment, path: file.path)
      return lock
    } catch {
      throw .file(error.message)
    }
  }

  /// What is set up at the provider; `write` takes what the log provider writes.
  func makeObjects(writing write: @escaping ([UInt8]) -> Void) -> any ProviderObjects {
    switch billing {
    case .log: LogObjects(write: write)
    case .dodo(let account): dodo(account)
    }
  }

  private func dodo(_ account: DodoProvider.Account) -> DodoProvider {
    DodoProvider(
      account, webhooks: NoWebhooks(), clock: { .now() }, transport: HTTPClient.transport())
  }

  /// The provider for a command, which calls it once; `write` takes what the log provider writes.
  func makeProvider(writing write: @escaping ([UInt8]) -> Void) -> any BillingProvider {
    switch billing {
    case .log: LogProvider(webhooks: NoWebhooks(), write: write)
    case .dodo(let account): dodo(account)
    }
  }
}
