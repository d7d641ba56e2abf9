package import RatecardBilling

/// How the service runs.
package struct ServiceOptions: Sendable {
  /// The card's folder.
  package var folder: String
  /// Where it listens.
  package var listen: ListenAddress
  /// The store's address.
  package var store: String
  /// How many threads answer requests; 0: as many as there are processors.
  package var threads: Int
  /// What clients show; nil: only this machine may ask.
  package var token: String?
  /// For how many days a card that answers no more can price usage.
  package var keptCardDays: Int
  /// Where usage is shipped.
  package var billing: BillingOptions
  /// The environment of the billing provider that the card's objects are looked for in.
  package var environment = ProviderLock.Environment.test
  /// Where it is written what was made there; nil: beside the card.
  package var lock: String?
  /// The secrets that webhooks are signed with, a comma between them; nil: webhooks are refused.
  package var webhookSecrets: String?
  /// Where notices are posted; nil: they are kept only.
  package var notices: NoticeOptions?
  /// What becomes of usage that is too old for the provider.
  package var late = LatePolicy.restamp
  /// How old a balance may be before the provider is asked again, in seconds; 0: it is never asked.
  package var balanceAgeSeconds = 300
  /// Whether credits are held while the customer's balance is not known.
  package var unknownBalance = UnknownBalance.hold
  /// How much of the machine clients may use, as far as the system lets the process have it.
  package var limits = HTTPLimits()

  /// The usual options.
  package init(folder: String, billing: BillingOptions) {
    self.folder = folder
    self.billing = billing
    listen = ListenAddress(host: "127.0.0.1", port: 8787)
    store = "sqlite:ratecard.db"
    threads = 0
    keptCardDays = 30
  }

  /// What was made at the billing provider for the card.
  func lockBook() throws(LockFailure) -> LockBook {
    let path = lock ?? ProviderLock.path(folder: folder, environment: environment)
    let book = try LockBook(LockFile(path))
    try book.current?.check(isOf: environment, path: path)
    return book
  }
}
