internal import RatecardValues

/// The changes of one transaction, made in their order.
///
/// Runs of usage, and of events that were shipped, are made together, so that each statement goes to
/// the engine once with many parameters.
struct Transaction {
  let connection: any Connection

  /// Makes the changes, and answers what came of each.
  func apply(
    _ changes: [Change], isNested: Bool = false
  ) throws(StoreFailure.Reason) -> [Outcome] {
    var outcomes: [Outcome] = []
    outcomes.reserveCapacity(changes.count)
    var run = UsageRun()
    var shipped = ShippedRun()
    for change in changes {
      if case .shipment(let shipment) = change, Limits.refusal(of: change) == nil,
        run.events.isEmpty, shipped.take(shipment)
      {
        continue
      }
      try finish(&shipped, &outcomes)
      if let refusal = Limits.refusal(of: change, isNested: isNested) {
        // Whatever it is, it changes nothing; but answers stay in the order of the changes.
        try finish(&run, &outcomes)
        outcomes.append(.refused(refusal))
        continue
      }
      if case .usage(let event) = change {
        if !run.take(event) {
          try finish(&run, &outcomes)
          _ = run.take(event)
        }
        continue
      }
      try finish(&run, &outcomes)
      outcomes.append(try apply(change))
    }
    try finish(&shipped, &outcomes)
    try finish(&run, &outcomes)
    return outcomes
  }

  private func finish(
    _ run: inout ShippedRun, _ outcomes: inout [Outcome]
  ) throws(StoreFailure.Reason) {
    if run.events.isEmpty { return }
    outcomes.append(contentsOf: try finish(run.events))
    run = ShippedRun()
  }

  private func finish(
    _ run: inout UsageRun, _ outcomes: inout [Outcome]
  ) throws(StoreFailure.Reason) {
    if run.events.isEmpty { return }
    outcomes.append(contentsOf: try record(run.events))
    run = UsageRun()
  }

  private func apply(_ change: Change) throws(StoreFailure.Reason) -> Outcome {
    switch change {
    case .usage(let event): return try record([event])[0]
    case .deadLetter(let letter): return try keep(letter)
    case .customer(let change): return try apply(change)
    case .tier(let change): return try move(change)
    case .trail(let change): return try follow(change)
    case .notice(let notice): return try keep(notice)
    case .card(let card): return try keep(card)
    case .cardUsed(let version, let at): return try touchCard(version, at)
    case .shipment(let shipment): return try settle(shipment)
    case .retry(let id, let at): return try retry(id, at)
    case .drop(let id, let at): return try drop(id, at)
    case .webhook(let id, let at, let changes):
      let added = try connection.run(.addWebhook) {
        $0.text(id)
        $0.instant(at)
      }
      return added.isEmpty ? .seenBefore : .first(try apply(changes, isNested: true))
    case .reserve(let reservation, let requirement, let move):
      return try reserve(reservation, requirement, move)
    case .settle(let reservation, let event): return try settle(reservation, event)
    case .release(let reservation, let at): return try release(reservation, at)
    case .expire(let customer, let at): return try expire(customer, at: at)
    }
  }
}

/// Events that were shipped, which follow each other in a group, none twice.
private struct ShippedRun {
  private(set) var events: [(sequence: Int64, at: Instant)] = []
  private var sequences: Set<Int64> = []

  /// Adds an event, unless it was not shipped or is there.
  mutating func take(_ shipment: Shipment) -> Bool {
    guard case .shipped(let at) = shipment.result,
      sequences.insert(shipment.sequence).inserted
    else { return false }
    events.append((shipment.sequence, at))
    return true
  }
}

/// Usage that follows each other in a group, no id twice: the second may depend on the first.
private struct UsageRun {
  private(set) var events: [UsageEvent] = []
  private var ids: Set<ExactText> = []

  /// Adds an event, unless its id is there.
  mutating func take(_ event: UsageEvent) -> Bool {
    guard ids.insert(ExactText(event.id)).inserted else { return false }
    events.append(event)
    return true
  }
}
