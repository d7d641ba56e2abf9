internal import RatecardValues

/// Customers, their tiers and notices.
extension Transaction {
  /// The customer, whom no other transaction may change from now on; added where not known.
  func lock(_ id: String) throws(StoreFailure.Reason) -> Customer {
    for _ in 0..<2 {
      let rows = try connection.run(.lockCustomer) { $0.text(id) }
      if !rows.isEmpty {
        var row = Row(rows, 0)
        return try row.customer()
      }
      _ = try connection.run(.addCustomer) { $0.text(id) }
    }
    return Customer(id: id)
  }

  func apply(_ change: CustomerChange) throws(StoreFailure.Reason) -> Outcome {
    let before = try lock(change.id)
    var after = before
    if var plan = change.plan {
      if change.overrides { plan.follow(before.plan) }
      if plan.replaces(before.plan) { after.plan = plan }
    }
    if var balance = change.balance {
      if change.overrides { balance.follow(before.balance) }
      if balance.replaces(before.balance) { after.balance = balance }
    }
    if let refusal = try settle(&after, by: change) { return .refused(refusal) }
    if let tier = change.tier { after.tier = tier }
    if after != before { after.updatedAt = max(before.updatedAt, change.at) }
    try write(after)
    try note(
      TierChange(
        customer: change.id, from: before.tier, to: after.tier, cause: change.cause, at: change.at))
    return .customer(after)
  }

  func move(_ change: TierChange) throws(StoreFailure.Reason) -> Outcome {
    var customer = try lock(change.customer)
    guard customer.tier.map(ExactText.init) == change.from.map(ExactText.init) else {
      return .customer(customer)
    }
    if change.from.map(ExactText.init) == change.to.map(ExactText.init) {
      return .customer(customer)
    }
    customer.tier = change.to
    customer.updatedAt = max(customer.updatedAt, change.at)
    try write(customer)
    try note(change)
    return .customer(customer)
  }

  func follow(_ change: TrailChange) throws(StoreFailure.Reason) -> Outcome {
    var customer = try lock(change.customer)
    // Whoever changes a trail has its customer, so that it stays as it is read here.
    let rows = try connection.run(.trail) { $0.text(change.customer) }
    var known: String?
    if !rows.isEmpty {
      var row = Row(rows, 0)
      known = try row.text()
    }
    guard known.map(ExactText.init) == change.before.map(ExactText.init) else { return .conflict }
    if let tier = change.tier {
      guard customer.tier.map(ExactText.init) == tier.from.map(ExactText.init) else {
        return .conflict
      }
      customer.tier = tier.to
      customer.updatedAt = max(customer.updatedAt, tier.at)
    }
    if let plan = change.plan { customer.plan = plan }
    _ = try connection.run(.setTrail) {
      $0.text(change.customer)
      $0.text(change.after)
    }
    try write(customer)
    if let tier = change.tier { try note(tier) }
    return .customer(customer)
  }

  func keep(_ notice: Notice) throws(StoreFailure.Reason) -> Outcome {
    let added = try connection.run(.addNotice) {
      $0.text(notice.customer)
      $0.text(notice.text)
      $0.text(notice.cause)
      $0.instant(notice.at)
    }
    if added.isEmpty { return .seenBefore }
    if let id = notice.postedAs {
      var row = Row(added, 0)
      let sequence = try row.integer()
      _ = try connection.run(.addPosting) {
        $0.integer(sequence)
        $0.text(id)
        $0.instant(notice.at)
        $0.instant(notice.at)
      }
    }
    return .done
  }

  /// Writes whatever a change may have changed.
  func write(_ customer: Customer) throws(StoreFailure.Reason) {
    changed.note(customer)
    _ = try connection.run(.setCustomer) {
      $0.text(customer.plan?.value)
      $0.instant(customer.plan?.at)
      $0.text(customer.plan?.source)
      $0.text(customer.tier)
      $0.number(customer.balance?.value ?? nil)
      $0.instant(customer.balance?.at)
      $0.text(customer.balance?.source)
      $0.number(customer.pending)
      $0.number(customer.held)
      $0.instant(customer.updatedAt)
      $0.text(customer.id)
    }
  }

  private func note(_ change: TierChange) throws(StoreFailure.Reason) {
    guard change.from.map(ExactText.init) != change.to.map(ExactText.init) else { return }
    changed.noteTierChange()
    _ = try connection.run(.addTierChange) {
      $0.text(change.customer)
      $0.text(change.from)
      $0.text(change.to)
      $0.text(change.cause)
      $0.instant(change.at)
    }
  }
}

extension Known {
  /// Makes this later than what was known, if it is not.
  fileprivate mutating func follow(_ known: Known?) {
    guard let known, known.at >= at else { return }
    at = Instant(nanoseconds: known.at.nanoseconds + 1) ?? known.at
  }
}

extension Known<String?> {
  /// Whether this takes the place of what was known.
  func replaces(_ known: Known?) -> Bool {
    guard let known else { return true }
    if at != known.at { return at > known.at }
    let (new, old) = (ExactText(value ?? ""), ExactText(known.value ?? ""))
    return new != old ? new > old : ExactText(source) > ExactText(known.source)
  }
}

extension Known<Number?> {
  /// Whether this takes the place of what was known; of two at the same time the lower counts.
  func replaces(_ known: Known?) -> Bool {
    guard let known else { return true }
    if at != known.at { return at > known.at }
    if value != known.value {
      guard let value, let old = known.value else { return value != nil }
      return value < old
    }
    return ExactText(source) > ExactText(known.source)
  }
}
