/// What came of a transaction.
public struct Commit: Hashable, Sendable {
  /// What came of each change, in their order.
  public let outcomes: [Outcome]
  /// The customers that it changed, each as that change left them, in the order of the changes.
  public let customers: [Customer]
  /// How many moves to another tier it made.
  public let tierChanges: Int
}

/// The customers that a transaction has changed so far.
final class ChangedCustomers {
  private(set) var list: [Customer] = []
  /// How many moves to another tier there were.
  private(set) var tierChanges = 0

  func note(_ customer: Customer) { list.append(customer) }

  func noteTierChange() { tierChanges += 1 }
}
