internal import RatecardValues

/// What the provider has deducted of a customer's usage.
///
/// Nobody tells that for each event. There are messages about deductions, which come late and in any
/// order, and end where the provider lets usage beyond the balance go; and there are balances, each
/// of a moment, which hold whatever usage the provider had accepted long enough before. Each of the
/// two says of how many credits it is certain, and whichever says more is believed. So what is
/// pending is never less than what is still to be deducted from the balance.
struct Account {
  /// Credits that were accepted before the latest balance, less all that are pending no longer.
  ///
  /// Not above zero once a balance was taken note of, but for usage from before accounts were kept.
  var lead = Number.zero
  /// Credits that are pending no longer because of a balance, and which a message about their
  /// deduction may still come for.
  var ahead = Number.zero
  /// The moment of the latest balance that the provider told.
  var statedAt: Instant?
}

extension Transaction {
  /// Takes from what is pending what a word of the provider says was deducted.
  func settle(
    _ customer: inout Customer, by change: CustomerChange
  ) throws(StoreFailure.Reason) -> Refusal? {
    guard change.deducted != nil || change.settledBefore != nil else { return nil }
    var account = try account(of: customer.id)
    let at = change.balance?.at ?? change.at
    let isEarlier = account.statedAt.map { at <= $0 } ?? false
    if var deducted = change.deducted {
      if isEarlier, account.ahead > .zero {
        // A later balance has told of some of it.
        let known = min(account.ahead, deducted)
        guard let rest = try? (account.ahead - known, deducted - known) else { return .overflow }
        (account.ahead, deducted) = rest
      }
      guard let rest = try? customer.pending - deducted, Limits.holds(rest) else {
        return .overflow
      }
      // Whatever else the provider deducted is in its balance already.
      let pending = max(min(customer.pending, .zero), rest)
      guard let taken = try? customer.pending - pending,
        let lead = try? account.lead - taken, Limits.holds(lead)
      else { return .overflow }
      account.lead = lead
      customer.pending = pending
    }
    if let bound = change.settledBefore, change.balance?.value != nil, !isEarlier {
      account.statedAt = at
      try addUpShipped(of: customer.id, before: bound, in: &account)
      let taken = min(account.lead, customer.pending)
      if taken > .zero {
        guard let pending = try? customer.pending - taken, let lead = try? account.lead - taken,
          let ahead = try? account.ahead + taken, Limits.holds(ahead)
        else { return .overflow }
        customer.pending = pending
        account.lead = lead
        account.ahead = ahead
      }
    }
    try write(account, of: customer.id)
    return nil
  }

  /// Adds up what was shipped before a moment, which no balance to come lies before.
  func addUpShipped(of customer: String, before bound: Instant) throws(StoreFailure.Reason) {
    _ = try lock(customer)
    var account = try account(of: customer)
    try addUpShipped(of: customer, before: bound, in: &account)
    try write(account, of: customer)
  }

  private func addUpShipped(
    of customer: String, before bound: Instant, in account: inout Account
  ) throws(StoreFailure.Reason) {
    let shipped = try connection.run(.settleShipped) {
      $0.text(customer)
      $0.instant(bound)
    }
    var sum: Number? = account.lead
    for place in 0..<shipped.count {
      var row = Row(shipped, place)
      let credits = try row.number()
      sum = sum.flatMap { try? $0 + credits }
    }
    // What cannot be added up stays pending until a message tells of it.
    if let sum, Limits.holds(sum) { account.lead = sum }
  }

  private func account(of customer: String) throws(StoreFailure.Reason) -> Account {
    let rows = try connection.run(.account) { $0.text(customer) }
    if rows.isEmpty { return Account() }
    var row = Row(rows, 0)
    return Account(
      lead: try row.number(), ahead: try row.number(), statedAt: try row.optionalInstant())
  }

  private func write(_ account: Account, of customer: String) throws(StoreFailure.Reason) {
    _ = try connection.run(.setAccount) {
      $0.text(customer)
      $0.number(account.lead)
      $0.number(account.ahead)
      $0.instant(account.statedAt)
    }
  }
}
