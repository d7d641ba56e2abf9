internal import RatecardValues

/// What is forgotten.
extension Transaction {
  func prune(_ bounds: Pruning) throws(StoreFailure.Reason) -> Int {
    var count = 0
    if let before = bounds.cardsUsedBefore {
      let versions = try old(.oldCards, before, bounds) { row throws(StoreFailure.Reason) in
        try row.text()
      }
      _ = try connection.run(.forgetCardFiles, each: versions) { $0.text($1) }
      _ = try connection.run(.forgetCard, each: versions) { $0.text($1) }
      count += versions.count
    }
    if let before = bounds.webhooksBefore {
      let ids = try old(.oldWebhooks, before, bounds) { row throws(StoreFailure.Reason) in
        try row.text()
      }
      _ = try connection.run(.forgetWebhook, each: ids) { $0.text($1) }
      count += ids.count
    }
    if let before = bounds.reservationsBefore {
      let ids = try old(.oldReservations, before, bounds) { row throws(StoreFailure.Reason) in
        try row.text()
      }
      _ = try connection.run(.forgetReservation, each: ids) { $0.text($1) }
      count += ids.count
    }
    if let before = bounds.shippedBefore {
      let customers = try old(.oldShipped, before, bounds) { row throws(StoreFailure.Reason) in
        ExactText(try row.text())
      }
      for customer in Set(customers).sorted() {
        try addUpShipped(of: customer.string, before: before)
      }
      count += customers.count
    }
    let kinds: [(Instant?, Statement, Statement)] = [
      (bounds.usageBefore, .oldUsage, .forgetUsage),
      (bounds.noticesBefore, .oldNotices, .forgetNotice),
      (bounds.tierChangesBefore, .oldTierChanges, .forgetTierChange),
    ]
    for case (let before?, let find, let forget) in kinds {
      let sequences = try old(find, before, bounds) { row throws(StoreFailure.Reason) in
        try row.integer()
      }
      _ = try connection.run(forget, each: sequences) { $0.integer($1) }
      count += sequences.count
    }
    return count
  }

  private func old<Answer>(
    _ statement: Statement, _ before: Instant, _ bounds: Pruning,
    _ decode: (inout Row) throws(StoreFailure.Reason) -> Answer
  ) throws(StoreFailure.Reason) -> [Answer] {
    let rows = try connection.run(statement) {
      $0.instant(before)
      $0.integer(Int64(bounds.limit))
    }
    var answers: [Answer] = []
    for place in 0..<rows.count {
      var row = Row(rows, place)
      answers.append(try decode(&row))
    }
    return answers
  }
}
