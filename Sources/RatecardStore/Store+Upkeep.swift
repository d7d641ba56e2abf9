public import RatecardValues

extension Store {
  /// Leases the events that are due to a shipper, at most `limit` of them, until a time.
  ///
  /// No other shipper gets them before then, in whatever process. What came of each is committed
  /// as a `Change.shipment`; an event of which nothing is heard is due again when its lease ends,
  /// and its fate is unknown then.
  public func claim(
    limit: Int, owner: String, now: Instant, until: Instant
  ) throws(StoreFailure) -> [OutboxEvent] {
    let sequences = try write { transaction throws(StoreFailure.Reason) in
      try transaction.lease(limit: limit, owner: owner, now: now, until: until)
    }
    if sequences.isEmpty { return [] }
    // Read behind the transaction, for which others wait. What someone else has taken out of the outbox
    // since, or put back into it, is not this shipper's any more.
    return try read { connection throws(StoreFailure.Reason) in
      let rows = try connection.run(.outboxEvent, each: sequences) { $0.integer($1) }
      var events: [OutboxEvent] = []
      events.reserveCapacity(rows.count)
      for place in 0..<rows.count {
        var row = Row(rows, place)
        let event = try row.outboxEvent()
        if event.owner.map(ExactText.init) == ExactText(owner) { events.append(event) }
      }
      return events
    }
  }

  /// A secret of 32 random bytes, made when it is first asked for; all processes get the same.
  public func secret(named name: String) throws(StoreFailure) -> [UInt8] {
    try write { transaction throws(StoreFailure.Reason) in
      var generator = SystemRandomNumberGenerator()
      let made = (0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) }
      let known = try transaction.connection.run(.secret) { $0.text(name) }
      if !known.isEmpty {
        var row = Row(known, 0)
        return try row.blob()
      }
      _ = try transaction.connection.run(.addSecret) {
        $0.text(name)
        $0.blob(made)
      }
      // Another process may have been first.
      var row = Row(try transaction.connection.run(.secret) { $0.text(name) }, 0)
      return try row.blob()
    }
  }

  /// How large SQLite's log may grow.
  public static let usualLogBytes = 64 << 20

  /// Moves what was committed from SQLite's log into the database, beside whatever is written.
  ///
  /// Whoever serves a store calls this every few hundred milliseconds. A log that has grown beyond
  /// `restartAbove` bytes is begun anew, which makes one commit wait. Does nothing for PostgreSQL.
  public func checkpoint(restartAbove: Int = usualLogBytes) throws(StoreFailure) {
    do throws(StoreFailure.Reason) {
      try checkpointer?.run(writer, restartAbove: restartAbove)
      health.note(.upkeep, nil)
    } catch {
      throw health.failure(.upkeep, error)
    }
  }

  /// Forgets what the bounds allow, and answers how many things that were.
  ///
  /// As long as it answers with a number above zero, there may be more.
  @discardableResult
  public func prune(_ bounds: Pruning) throws(StoreFailure) -> Int {
    try write { transaction throws(StoreFailure.Reason) in try transaction.prune(bounds) }
  }
}
