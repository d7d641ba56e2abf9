internal import Ratecard
internal import RatecardModel
internal import RatecardStore
internal import RatecardValues
internal import Synchronization

/// What the store knows of customers, as requests need it.
///
/// Where this process alone writes to the store, customers asked for lately are kept in memory; where others
/// write as well, each is read again.
final class CustomerBook: Sendable {
  private struct Page: Sendable {
    var customers: [ExactText: KnownCustomer?] = [:]
    /// Changes whenever a customer of the page does, so that what was read before is not kept after.
    var epoch = 0
  }

  private final class Slot: Sendable {
    let page = Mutex(Page())
  }

  private static let pageLimit = 4_096
  private let store: Store
  private let pages: [Slot]
  /// Who reads the balances that are too old; nil: nobody can.
  private let balances: BalanceReading?

  init(store: Store, balances: BalanceReading? = nil) {
    self.store = store
    self.balances = balances
    pages = !store.isShared ? (0..<64).map { _ in Slot() } : []
  }

  /// Whether finding a customer may take a while.
  var isRemote: Bool { pages.isEmpty }

  /// What is known of a customer; nil: nothing.
  ///
  /// Where the balance is too old or not known, it is read meanwhile.
  func find(_ id: String) throws(StoreFailure) -> KnownCustomer? {
    let known = try look(id)
    balances?.note(id, known?.customer.balance)
    return known
  }

  private func look(_ id: String) throws(StoreFailure) -> KnownCustomer? {
    guard !pages.isEmpty else { return try store.customer(id).map { KnownCustomer($0) } }
    let key = ExactText(id)
    let slot = slot(key)
    let (known, epoch) = slot.page.withLock { ($0.customers[key], $0.epoch) }
    if let known { return known }
    let customer = try store.customer(id).map { KnownCustomer($0) }
    slot.page.withLock { page in
      guard page.epoch == epoch else { return }
      if page.customers.count >= Self.pageLimit { page.customers.removeAll(keepingCapacity: true) }
      page.customers.updateValue(customer, forKey: key)
    }
    return customer
  }

  /// Takes note of a customer as the store has it now.
  func update(_ customer: Customer) {
    guard !pages.isEmpty else { return }
    let key = ExactText(customer.id)
    slot(key).page.withLock { page in
      page.epoch += 1
      if let known = page.customers[key] {
        page.customers.updateValue(KnownCustomer(customer, before: known), forKey: key)
      }
    }
  }

  /// Forgets everything, where it is not known who has changed.
  func forgetAll() {
    for slot in pages {
      slot.page.withLock { page in
        page.epoch += 1
        page.customers.removeAll(keepingCapacity: true)
      }
    }
  }

  private func slot(_ key: ExactText) -> Slot {
    pages[Int(UInt(bitPattern: key.hashValue) % UInt(pages.count))]
  }

  /// Gives a request that names a customer what is known of them, unless it says so itself.
  ///
  /// A stored tier that the card does not have counts as none.
  @discardableResult
  func fill(
    _ request: inout [String: RequestValue], for card: RateCard
  ) throws(StoreFailure) -> Customer? {
    // Nothing is known of whoever cannot be named, and such names are not worth keeping: they may be
    // as long as a request.
    guard case .text(let id)? = request["customer"], Names.areUsable(id), let known = try find(id)
    else { return nil }
    let customer = known.customer
    if request["plan"] == nil, let plan = customer.plan?.value { request["plan"] = .text(plan) }
    if request["balance"] == nil, let available = known.available {
      request["balance"] = .number(available)
    }
    if request["current_tier"] == nil, let tier = customer.tier,
      card.model.tierNames.contains(ExactText(tier))
    {
      request["current_tier"] = .text(tier)
    }
    return customer
  }
}
