internal import RatecardValues

/// Usage, and usage that no rule prices.
extension Transaction {
  /// Records events of different ids.
  ///
  /// Ids are taken before customers, and each kind sorted where rows are locked, so that two
  /// transactions wait for each other in one direction only.
  func record(_ events: [UsageEvent]) throws(StoreFailure.Reason) -> [Outcome] {
    var order = Array(events.indices)
    if connection.dialect == .postgreSQL {
      order.sort { ExactText(events[$0].id) < ExactText(events[$1].id) }
    }
    var outcomes = [Outcome](repeating: .conflict, count: events.count)
    var sequences = [Int64?](repeating: nil, count: events.count)
    var parameters = Cells(columns: Statement.addUsage.parameters)
    parameters.reserve(rows: events.count, bytesPerRow: 512)
    for index in order { parameters.event(events[index]) }
    let added = try connection.run(.addUsage, parameters)
    for place in 0..<added.count {
      var row = Row(added, place)
      sequences[order[Int(added.executions[place])]] = try row.integer()
    }
    if added.count < events.count {
      let known = order.filter { sequences[$0] == nil }
      try compare(events, known, &outcomes)
    }
    var kept = events.indices.filter { sequences[$0] != nil }
    if kept.isEmpty { return outcomes }
    for index in kept { outcomes[index] = .recorded(events[index]) }
    for index in try addToPending(events, kept) {
      outcomes[index] = .refused(.overflow)
      let sequence = sequences[index]
      _ = try connection.run(.forgetUsage) { $0.integer(sequence ?? 0) }
      kept.removeAll { $0 == index }
    }
    _ = try connection.run(.enqueue, each: kept.filter { events[$0].isShipped }) {
      $0.integer(sequences[$1] ?? 0)
      $0.instant(events[$1].recordedAt)
    }
    if try !connection.run(.anyDeadLetter, { _ in }).isEmpty {
      _ = try connection.run(.forgetDeadLetter, each: kept) { $0.text(events[$1].id) }
    }
    return outcomes
  }

  /// Compares events with those that were recorded under their ids.
  private func compare(
    _ events: [UsageEvent], _ indices: [Int], _ outcomes: inout [Outcome]
  ) throws(StoreFailure.Reason) {
    let stored = try connection.run(.usage, each: indices) { $0.text(events[$1].id) }
    for place in 0..<stored.count {
      let index = indices[Int(stored.executions[place])]
      var row = Row(stored, place)
      let event = try row.event()
      if event.fingerprint == events[index].fingerprint { outcomes[index] = .repeated(event) }
    }
  }

  /// Adds events to what is pending for their customers; answers those whose sum does not fit.
  private func addToPending(
    _ events: [UsageEvent], _ indices: [Int]
  ) throws(StoreFailure.Reason) -> [Int] {
    // By customer, and those of one customer in their order.
    let sorted = indices.sorted {
      let left = ExactText(events[$0].customer)
      let right = ExactText(events[$1].customer)
      return left == right ? $0 < $1 : left < right
    }
    var groups: [Range<Int>] = []
    var start = 0
    for place in 1...sorted.count
    where place == sorted.count
      || ExactText(events[sorted[place]].customer) != ExactText(events[sorted[start]].customer)
    {
      groups.append(start..<place)
      start = place
    }
    let names = groups.map { events[sorted[$0.lowerBound]].customer }
    let before = try lock(names)
    var overflowing: [Int] = []
    var parameters = Cells(columns: Statement.setPending.parameters)
    parameters.reserve(rows: groups.count, bytesPerRow: 64)
    for (group, var customer) in zip(groups, before) {
      for index in sorted[group] {
        guard let sum = try? customer.pending + events[index].credits, Limits.holds(sum) else {
          overflowing.append(index)
          continue
        }
        customer.pending = sum
        customer.updatedAt = max(customer.updatedAt, events[index].recordedAt)
      }
      parameters.number(customer.pending)
      parameters.instant(customer.updatedAt)
      parameters.text(customer.id)
      changed.note(customer)
    }
    _ = try connection.run(.setPending, parameters)
    return overflowing
  }

  /// Customers, whom no other transaction may change from now on; those who are not known are added.
  private func lock(_ names: [String]) throws(StoreFailure.Reason) -> [Customer] {
    var customers = [Customer?](repeating: nil, count: names.count)
    var wanted = Array(names.indices)
    for _ in 0..<2 {
      let rows = try connection.run(.lockCustomer, each: wanted) { $0.text(names[$1]) }
      for place in 0..<rows.count {
        var row = Row(rows, place)
        customers[wanted[Int(rows.executions[place])]] = try row.customer()
      }
      wanted.removeAll { customers[$0] != nil }
      if wanted.isEmpty { break }
      _ = try connection.run(.addCustomer, each: wanted) { $0.text(names[$1]) }
    }
    return zip(customers, names).map { $0 ?? Customer(id: $1) }
  }

  /// Keeps usage that no rule prices.
  func keep(_ letter: DeadLetter) throws(StoreFailure.Reason) -> Outcome {
    let stored = try connection.run(.usage) { $0.text(letter.id) }
    if !stored.isEmpty {
      var row = Row(stored, 0)
      let event = try row.event()
      return event.fingerprint == letter.fingerprint ? .repeated(event) : .conflict
    }
    _ = try connection.run(.keepDeadLetter) { $0.deadLetter(letter) }
    return .done
  }
}
