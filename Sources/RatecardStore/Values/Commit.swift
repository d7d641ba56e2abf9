/// What came of a transaction.
public struct Commit: Hashable, Sendable {
  /// What came of each change, in their order.
  public let outcomes: [Outcome]
  /// The customers that it changed, each as that change left them, in the order of the changes.
  public let customers: [Customer]
}

/// The customers that a transaction has changed so far.
final class ChangedCustomers {
  private(set) var list: [Customer] = []

  func note(_ customer: Customer) { list.append(customer) }
}
