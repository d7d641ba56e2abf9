internal import RatecardValues

/// Credits that are held.
extension Transaction {
  func reserve(
    _ reservation: Reservation, _ requirement: Reservation.Requirement, _ change: TierChange?
  ) throws(StoreFailure.Reason) -> Outcome {
    let outcome = try reserve(reservation, requirement)
    switch outcome {
    case .reserved(reservation), .insufficient:
      if let change { _ = try move(change) }
    default: break
    }
    return outcome
  }

  private func reserve(
    _ reservation: Reservation, _ requirement: Reservation.Requirement
  ) throws(StoreFailure.Reason) -> Outcome {
    // The customer is locked first, so that the check and the hold are one.
    var customer = try lock(reservation.customer)
    try letGo(of: &customer, expiredBy: reservation.at)
    let known = try connection.run(.lockReservation) { $0.text(reservation.id) }
    if !known.isEmpty {
      var row = Row(known, 0)
      let stored = try row.reservation()
      return stored.isSame(as: reservation) ? .reserved(stored) : .conflict
    }
    if let ended = try ended(reservation.id) {
      return ended.reservation.isSame(as: reservation) ? .ended(ended) : .conflict
    }
    guard let held = try? customer.held + reservation.amount, Limits.holds(held) else {
      return .refused(.overflow)
    }
    let available = customer.available
    if case .available(let seen) = requirement.basis, seen != available {
      return .changed(available: available)
    }
    if !reservation.amount.isZero {
      if let available {
        let rest = try? available - reservation.amount
        if let floor = requirement.floor, rest.map({ $0 < floor }) ?? true {
          return .insufficient(available: available)
        }
      } else if requirement.needsBalance {
        return .insufficient(available: nil)
      }
    }
    let added = try connection.run(.addReservation) { $0.reservation(reservation) }
    // Another customer's reservation has taken the id since.
    if added.isEmpty { return .conflict }
    customer.held = held
    try write(customer)
    return .reserved(reservation)
  }

  /// Records usage in place of what was held for it; where it cannot be recorded, nothing changes.
  func settle(_ id: String, _ event: UsageEvent) throws(StoreFailure.Reason) -> Outcome {
    let outcome = try record([event])[0]
    var settlement: Reservation.Settlement
    switch outcome {
    case .recorded(let event):
      settlement = Reservation.Settlement(event: event, isRepeated: false)
    case .repeated(let event): settlement = Reservation.Settlement(event: event, isRepeated: true)
    default: return outcome
    }
    settlement.ended = try end(id, .settled, event.recordedAt)
    return .settled(settlement)
  }

  func release(_ id: String, _ at: Instant) throws(StoreFailure.Reason) -> Outcome {
    try end(id, .released, at).map { .ended($0) } ?? .missing
  }

  /// Ends a customer's reservations that expired.
  func expire(_ id: String, at: Instant) throws(StoreFailure.Reason) -> Outcome {
    var customer = try lock(id)
    try letGo(of: &customer, expiredBy: at)
    return .customer(customer)
  }

  /// Ends a reservation, or tells how it ended; nil: there was none.
  private func end(
    _ id: String, _ ending: Reservation.Ending, _ at: Instant
  ) throws(StoreFailure.Reason) -> Reservation.Ended? {
    let known = try connection.run(.reservation) { $0.text(id) }
    if known.isEmpty { return try ended(id) }
    var row = Row(known, 0)
    var customer = try lock(try row.reservation().customer)
    let deleted = try connection.run(.endReservation) { $0.text(id) }
    // Another transaction may have ended it before this one had the customer.
    if deleted.isEmpty { return try ended(id) }
    row = Row(deleted, 0)
    let reservation = try row.reservation()
    let isOver = reservation.expiresAt <= at
    let ended = try letGo(of: &customer, reservation, isOver ? .expired : ending, at)
    customer.updatedAt = max(customer.updatedAt, at)
    try write(customer)
    return ended
  }

  private func ended(_ id: String) throws(StoreFailure.Reason) -> Reservation.Ended? {
    let rows = try connection.run(.endedReservation) { $0.text(id) }
    if rows.isEmpty { return nil }
    var row = Row(rows, 0)
    return try row.endedReservation()
  }

  private func letGo(
    of customer: inout Customer, expiredBy at: Instant
  ) throws(StoreFailure.Reason) {
    let expired = try connection.run(.endExpired) {
      $0.text(customer.id)
      $0.instant(at)
    }
    if expired.isEmpty { return }
    for place in 0..<expired.count {
      var row = Row(expired, place)
      _ = try letGo(of: &customer, try row.reservation(), .expired, at)
    }
    customer.updatedAt = max(customer.updatedAt, at)
    try write(customer)
  }

  /// Keeps how a reservation ended, and takes its credits from those that are held.
  private func letGo(
    of customer: inout Customer, _ reservation: Reservation, _ ending: Reservation.Ending,
    _ at: Instant
  ) throws(StoreFailure.Reason) -> Reservation.Ended {
    guard let rest = try? customer.held - reservation.amount, !rest.isNegative else {
      throw .corrupt("more is released than `\(customer.id)` has reserved")
    }
    customer.held = rest
    _ = try connection.run(.keepEnded) {
      $0.reservation(reservation)
      $0.text(ending.rawValue)
      $0.instant(at)
    }
    return Reservation.Ended(reservation: reservation, ending: ending, at: at)
  }
}

extension Reservation {
  /// Whether it is the same content under the same id.
  fileprivate func isSame(as other: Reservation) -> Bool {
    ExactText(customer) == ExactText(other.customer) && fingerprint == other.fingerprint
  }
}
