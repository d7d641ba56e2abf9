public import RatecardStore
public import RatecardValues

/// A provider asked by our ids of customers, before one that may know them by others.
public struct IdentifiedProvider: BillingProvider {
  private let provider: any BillingProvider
  private let store: Store

  /// Puts itself before a provider, with the ids that `store` has noted.
  public init(_ provider: any BillingProvider, store: Store) {
    self.provider = provider
    self.store = store
  }

  /// When the next call may be made.
  public func readyAt(_ now: Instant) -> Instant { provider.readyAt(now) }

  /// Hands over events, each under the provider's id of its customer.
  public func send(_ events: [MeterEvent]) throws(ProviderFailure) {
    let ids = try ids(of: events.map(\.customer))
    if ids.isEmpty { return try provider.send(events) }
    try provider.send(
      events.map { event in
        var event = event
        event.customer = ids[ExactText(event.customer)] ?? event.customer
        return event
      })
  }

  /// Whether the provider has an event.
  public func has(event id: String) throws(ProviderFailure) -> Bool { try provider.has(event: id) }

  /// Takes credits from a customer's ledger.
  public func debit(_ event: MeterEvent, credits: Number) throws(ProviderFailure) {
    var event = event
    event.customer = try self.id(of: event.customer)
    try provider.debit(event, credits: credits)
  }

  /// The credits that a customer has.
  public func balance(of customer: String) throws(ProviderFailure) -> Number? {
    try provider.balance(of: try id(of: customer))
  }

  /// The provider's id of a customer, which is noted where it is another.
  public func register(_ customer: CustomerRegistration) throws(ProviderFailure) -> String {
    if let known = try ids(of: [customer.id]).values.first { return known }
    let id = try provider.register(customer)
    if ExactText(id) == ExactText(customer.id) { return id }
    let change = Change.identify(customer: customer.id, providerID: id)
    let outcome = try noting { () throws(StoreFailure) in try store.commit([change]).first }
    // Another call for the same customer may have come first.
    guard outcome == .done else { return try self.id(of: customer.id) }
    return id
  }

  /// Makes a session in which someone buys a plan.
  public func checkout(_ order: CheckoutOrder) throws(ProviderFailure) -> CheckoutSession {
    try provider.checkout(order)
  }

  /// What reads the provider's webhooks.
  public var webhooks: any WebhookReader { provider.webhooks }

  private func id(of customer: String) throws(ProviderFailure) -> String {
    try ids(of: [customer]).values.first ?? customer
  }

  private func ids(of customers: [String]) throws(ProviderFailure) -> [ExactText: String] {
    let names = Set(customers.map(ExactText.init)).map(\.string)
    return try noting { () throws(StoreFailure) in try store.providerIDs(of: names) }
  }

  /// A store that cannot be used is a call that was not made; why is for its watch to tell, since it may
  /// name hosts and files.
  private func noting<Answer>(
    _ body: () throws(StoreFailure) -> Answer
  ) throws(ProviderFailure) -> Answer {
    do throws(StoreFailure) { return try body() } catch {
      throw ProviderFailure(
        .notTaken, "the store, which knows the customer's id there, cannot be used",
        isPassing: true)
    }
  }
}
