internal import RatecardValues

/// Credits that are held.
extension Transaction {
  func reserve(
    _ reservation: Reservation, _ requirement: Reservation.Requirement
  ) throws(StoreFailure.Reason) -> Outcome {
    // The customer is locked first, so that the check and the hold are one.
    var customer = try lock(reservation.customer)
    try letGo(of: &customer, expiredBy: reservation.at)
    let known = try connection.run(.lockReservation) { $0.text(reservation.id) }
    if !known.isEmpty {
      var row = Row(known, 0)
      let stored = try row.reservation()
      let isSame =
        ExactText(stored.customer) == ExactText(reservation.customer)
        && stored.amount == reservation.amount
      return isSame ? .reserved(stored) : .conflict
    }
    guard let held = try? customer.held + reservation.amount, Limits.holds(held) else {
      return .refused(.overflow)
    }
    if customer.balance?.value != nil || requirement == .covered, requirement != .nothing {
      guard let available = customer.available, available >= reservation.amount else {
        return .insufficient(available: customer.available)
      }
    }
    let added = try connection.run(.addReservation) { $0.reservation(reservation) }
    // Another customer's reservation has taken the id since.
    if added.isEmpty { return .conflict }
    customer.held = held
    try write(customer)
    return .reserved(reservation)
  }

  func release(_ id: String, _ at: Instant) throws(StoreFailure.Reason) -> Outcome {
    let known = try connection.run(.reservation) { $0.text(id) }
    if known.isEmpty { return .missing }
    var row = Row(known, 0)
    var customer = try lock(try row.reservation().customer)
    let ended = try connection.run(.endReservation) { $0.text(id) }
    // Another transaction may have ended it before this one had the customer.
    if ended.isEmpty { return .missing }
    var amount = Row(ended, 0)
    try letGo(of: &customer, try amount.number())
    customer.updatedAt = max(customer.updatedAt, at)
    try write(customer)
    return .done
  }

  /// Ends a customer's reservations that expired.
  func expire(_ id: String, at: Instant) throws(StoreFailure.Reason) {
    var customer = try lock(id)
    try letGo(of: &customer, expiredBy: at)
  }

  private func letGo(
    of customer: inout Customer, expiredBy at: Instant
  ) throws(StoreFailure.Reason) {
    let ended = try connection.run(.endExpired) {
      $0.text(customer.id)
      $0.instant(at)
    }
    if ended.isEmpty { return }
    for place in 0..<ended.count {
      var row = Row(ended, place)
      try letGo(of: &customer, try row.number())
    }
    customer.updatedAt = max(customer.updatedAt, at)
    try write(customer)
  }

  private func letGo(of customer: inout Customer, _ amount: Number) throws(StoreFailure.Reason) {
    guard let rest = try? customer.held - amount, !rest.isNegative else {
      throw .corrupt("more is released than `\(customer.id)` has reserved")
    }
    customer.held = rest
  }
}
