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
  /// How much of the machine clients may use, as far as the system lets the process have it.
  package var limits = HTTPLimits()

  /// The usual options.
  package init(folder: String) {
    self.folder = folder
    listen = ListenAddress(host: "127.0.0.1", port: 8787)
    store = "sqlite:ratecard.db"
    threads = 0
    keptCardDays = 30
  }
}
