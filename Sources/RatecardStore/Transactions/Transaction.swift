internal import RatecardValues

/// The changes of one transaction, made in their order.
///
/// Runs of changes of a kind are made together, so that each statement goes to the engine once with
/// many parameters.
struct Transaction {
  let connection: any Connection
  /// Takes note of the customers that are changed.
  let changed = ChangedCustomers()

  /// Makes the changes, and answers what came of each.
  func apply(
    _ changes: [Change], isNested: Bool = false
  ) throws(StoreFailure.Reason) -> [Outcome] {
    var outcomes: [Outcome] = []
    outcomes.reserveCapacity(changes.count)
    var run = Run(capacity: changes.count)
    for change in changes {
      if let refusal = Limits.refusal(of: change, isNested: isNested) {
        // Whatever it is, it changes nothing; but answers stay in the order of the changes.
        try finish(&run, &outcomes)
        outcomes.append(.refused(refusal))
        continue
      }
      if run.take(change) { continue }
      try finish(&run, &outcomes)
      if !run.take(change) { outcomes.append(try apply(change)) }
    }
    try finish(&run, &outcomes)
    return outcomes
  }

  private func finish(_ run: inout Run, _ outcomes: inout [Outcome]) throws(StoreFailure.Reason) {
    if !run.events.isEmpty { outcomes.append(contentsOf: try record(run.events)) }
    if !run.shipped.isEmpty { outcomes.append(contentsOf: try finish(run.shipped)) }
    run.restart()
  }

  private func apply(_ change: Change) throws(StoreFailure.Reason) -> Outcome {
    switch change {
    case .usage(let event): return try record([event])[0]
    case .deadLetter(let letter): return try keep(letter)
    case .customer(let change): return try apply(change)
    case .tier(let change): return try move(change)
    case .trail(let change): return try follow(change)
    case .identify(let customer, let id): return try identify(customer, id)
    case .notice(let notice): return try keep(notice)
    case .card(let card): return try keep(card)
    case .cardUsed(let version, let at): return try touchCard(version, at)
    case .shipment(let shipment): return try settle(shipment)
    case .posting(let shipment): return try settle(posting: shipment)
    case .retry(let id, let at): return try retry(id, at)
    case .drop(let id, let at): return try drop(id, at)
    case .correct(let event, let correction): return try correct(event, correction)
    case .reassign(let customer, let correction): return try reassign(customer, correction)
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

/// Changes that follow each other and are made together: usage, no id twice, for the second may depend
/// on the first; or events that were shipped.
private struct Run {
  private(set) var events: [UsageEvent] = []
  private(set) var shipped: [(sequence: Int64, at: Instant)] = []
  private var ids: Set<ExactText> = []

  init(capacity: Int) { ids.reserveCapacity(capacity) }

  /// Adds a change, unless it does not go with those before it.
  mutating func take(_ change: Change) -> Bool {
    switch change {
    case .usage(let event):
      guard shipped.isEmpty, ids.insert(ExactText(event.id)).inserted else { return false }
      events.append(event)
      return true
    case .shipment(let shipment) where events.isEmpty:
      guard case .shipped(let at) = shipment.result else { return false }
      shipped.append((shipment.sequence, at))
      return true
    default: return false
    }
  }

  mutating func restart() {
    events.removeAll()
    shipped.removeAll()
    ids.removeAll(keepingCapacity: true)
  }
}
