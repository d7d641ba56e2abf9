internal import RatecardValues

/// What is shipped to the provider.
extension Transaction {
  /// Leases the events that wait longest to a shipper, until a time, and answers their places.
  func lease(
    limit: Int, owner: String, now: Instant, until: Instant
  ) throws(StoreFailure.Reason) -> [Int64] {
    try lease(.dueEvents, by: .leaseEvent, limit: limit, owner: owner, now: now, until: until)
  }

  /// Leases what `due` finds by `taking` each, and answers its places, ascending.
  func lease(
    _ due: Statement, by taking: Statement, limit: Int, owner: String, now: Instant, until: Instant
  ) throws(StoreFailure.Reason) -> [Int64] {
    let due = try connection.run(due) {
      $0.instant(now)
      $0.integer(Int64(limit))
    }
    var sequences: [Int64] = []
    for place in 0..<due.count {
      var row = Row(due, place)
      sequences.append(try row.integer())
    }
    sequences.sort()
    _ = try connection.run(taking, each: sequences) {
      $0.instant(until)
      $0.text(owner)
      $0.integer($1)
    }
    return sequences
  }

  func settle(_ shipment: Shipment) throws(StoreFailure.Reason) -> Outcome {
    let settled: Cells
    switch shipment.result {
    case .shipped(let at): return try finish([(shipment.sequence, at)])[0]
    case .failed(let reason, let retryAt):
      settled = try postpone(shipment, reason, retryAt, isFateUnknown: false)
    case .fateUnknown(let reason, let retryAt):
      settled = try postpone(shipment, reason, retryAt, isFateUnknown: true)
    case .dead(let reason):
      settled = try connection.run(.buryEvent) {
        $0.text(reason)
        $0.text(shipment.code?.rawValue)
        $0.text(shipment.way.column)
        $0.integer(shipment.sequence)
        $0.text(shipment.owner)
      }
    }
    return settled.isEmpty ? .missing : .done
  }

  /// Takes events that were shipped out of the outbox, and notes since when the provider has them.
  func finish(
    _ shipped: [(sequence: Int64, at: Instant)]
  ) throws(StoreFailure.Reason) -> [Outcome] {
    var outcomes = [Outcome](repeating: .missing, count: shipped.count)
    let finished = try connection.run(.finishEvent, each: shipped) { $0.integer($1.sequence) }
    let places = finished.executions.map { Int($0) }
    for place in places { outcomes[place] = .done }
    _ = try connection.run(.noteShipped, each: places) {
      $0.instant(shipped[$1].at)
      $0.integer(shipped[$1].sequence)
    }
    return outcomes
  }

  private func postpone(
    _ shipment: Shipment, _ reason: String, _ retryAt: Instant, isFateUnknown: Bool
  ) throws(StoreFailure.Reason) -> Cells {
    try connection.run(.postponeEvent) {
      $0.instant(retryAt)
      $0.text(reason)
      $0.text(shipment.code?.rawValue)
      $0.text(shipment.way.column)
      $0.flag(isFateUnknown)
      $0.integer(shipment.sequence)
      $0.text(shipment.owner)
    }
  }

  func retry(_ id: String, _ at: Instant) throws(StoreFailure.Reason) -> Outcome {
    guard let waiting = try waiting(id) else { return try retryPosting(id, at) }
    _ = try connection.run(.reviveEvent) {
      $0.instant(at)
      $0.integer(waiting.sequence)
    }
    return .done
  }

  func drop(_ id: String, _ at: Instant) throws(StoreFailure.Reason) -> Outcome {
    if let waiting = try waiting(id) {
      var customer = try lock(waiting.customer)
      guard let rest = try? customer.pending - waiting.credits, Limits.holds(rest) else {
        return .refused(.overflow)
      }
      // Empty where another transaction shipped or dropped it before this one had the customer.
      if try !connection.run(.finishEvent, { $0.integer(waiting.sequence) }).isEmpty {
        // Never below zero: the provider may have deducted more than it was told of.
        customer.pending = waiting.credits.isNegative ? rest : max(.zero, rest)
        customer.updatedAt = max(customer.updatedAt, at)
        try write(customer)
        _ = try connection.run(.dropEvent) {
          $0.instant(at)
          $0.integer(waiting.sequence)
        }
        return .done
      }
    }
    let forgotten = try connection.run(.forgetDeadLetter) { $0.text(id) }
    if !forgotten.isEmpty { return .done }
    let dropped = try connection.run(.dropPosting) { $0.text(id) }
    return dropped.isEmpty ? .missing : .done
  }

  func waiting(
    _ id: String
  ) throws(StoreFailure.Reason) -> (sequence: Int64, customer: String, credits: Number)? {
    let rows = try connection.run(.waitingByUsage) { $0.text(id) }
    if rows.isEmpty { return nil }
    var row = Row(rows, 0)
    return (try row.integer(), try row.text(), try row.number())
  }
}

extension OutboxEvent.Way {
  /// As the column holds it: most events go to the meter.
  fileprivate var column: String? { self == .meter ? nil : rawValue }
}
