public import RatecardValues

/// What reads; none of it waits for a commit, and it sees whatever was committed before it began.
extension Store {
  /// A customer; nil where nothing is known.
  public func customer(_ id: String) throws(StoreFailure) -> Customer? {
    try first(.customer, { $0.text(id) }) { row throws(StoreFailure.Reason) in
      try row.customer()
    }
  }

  /// What is remembered of a provider's messages about a customer; nil: nothing.
  public func trail(of customer: String) throws(StoreFailure) -> String? {
    try first(.trail, { $0.text(customer) }) { row throws(StoreFailure.Reason) in try row.text() }
  }

  /// A customer's notices, oldest first, from behind a place in the list.
  public func notices(
    of customer: String, after: Int64 = 0, limit: Int = 100
  ) throws(StoreFailure) -> [Entry<Notice>] {
    try all(.notices, page(of: customer, after, limit)) { row throws(StoreFailure.Reason) in
      try row.notice()
    }
  }

  /// A customer's changes of tier, oldest first, from behind a place in the list.
  public func tierChanges(
    of customer: String, after: Int64 = 0, limit: Int = 100
  ) throws(StoreFailure) -> [Entry<TierChange>] {
    try all(.tierChanges, page(of: customer, after, limit)) { row throws(StoreFailure.Reason) in
      try row.tierChange()
    }
  }

  /// The latest of a customer's notices, oldest first.
  public func latestNotices(
    of customer: String, limit: Int
  ) throws(StoreFailure) -> [Entry<Notice>] {
    try latest(.latestNotices, customer, limit) { row throws(StoreFailure.Reason) in
      try row.notice()
    }
  }

  /// The latest of a customer's changes of tier, oldest first.
  public func latestTierChanges(
    of customer: String, limit: Int
  ) throws(StoreFailure) -> [Entry<TierChange>] {
    try latest(.latestTierChanges, customer, limit) { row throws(StoreFailure.Reason) in
      try row.tierChange()
    }
  }

  private func latest<Answer: Sendable>(
    _ statement: Statement, _ customer: String, _ limit: Int,
    _ decode: (inout Row) throws(StoreFailure.Reason) -> Answer
  ) throws(StoreFailure) -> [Answer] {
    let page: (inout Cells) -> Void = {
      $0.text(customer)
      $0.integer(Int64(limit))
    }
    return try all(statement, page, decode).reversed()
  }

  /// Recorded usage, by its id.
  public func usage(_ id: String) throws(StoreFailure) -> UsageEvent? {
    try first(.usage, { $0.text(id) }) { row throws(StoreFailure.Reason) in try row.event() }
  }

  /// The source of a card, by its version.
  public func card(_ version: String) throws(StoreFailure) -> CardSource? {
    // Files first: they are forgotten with the card, and only then.
    let files = try all(.cardFiles, { $0.text(version) }) { row throws(StoreFailure.Reason) in
      CardSource.File(path: try row.text(), bytes: try row.blob())
    }
    return try first(.card, { $0.text(version) }) { row throws(StoreFailure.Reason) in
      CardSource(
        version: version, name: try row.text(), files: files, usedAt: try row.instant())
    }
  }

  /// How much there is to ship, and what will not ship.
  ///
  /// O(outbox).
  public func outboxSummary() throws(StoreFailure) -> OutboxSummary {
    let counts = try first(.outboxCounts, { _ in }) { row throws(StoreFailure.Reason) in
      (all: Int(try row.integer()), waiting: Int(try row.integer()))
    }
    let oldest = try first(.oldestEvent, { _ in }) { row throws(StoreFailure.Reason) in
      try row.instant()
    }
    let letters = try first(.deadLetterCount, { _ in }) { row throws(StoreFailure.Reason) in
      Int(try row.integer())
    }
    let notices = try first(.postingCounts, { _ in }) { row throws(StoreFailure.Reason) in
      (all: Int(try row.integer()), waiting: Int(try row.integer()))
    }
    let (total, waiting) = counts ?? (0, 0)
    let (allNotices, waitingNotices) = notices ?? (0, 0)
    return OutboxSummary(
      depth: waiting, oldest: oldest, dead: total - waiting, deadLetters: letters ?? 0,
      notices: waitingNotices, deadNotices: allNotices - waitingNotices)
  }

  /// The outbox in the order in which events were recorded, from behind a place in it.
  public func outbox(
    after: Int64 = 0, limit: Int = 100
  ) throws(StoreFailure) -> [OutboxEvent] {
    try all(.outbox, page(after, limit)) { row throws(StoreFailure.Reason) in
      try row.outboxEvent()
    }
  }

  /// An event that is in the outbox, by its id.
  public func outboxEvent(_ id: String) throws(StoreFailure) -> OutboxEvent? {
    try first(.outboxByID, { $0.text(id) }) { row throws(StoreFailure.Reason) in
      try row.outboxEvent()
    }
  }

  /// Dead letters in the order in which they came, from behind a place in the list.
  public func deadLetters(
    after: Int64 = 0, limit: Int = 100
  ) throws(StoreFailure) -> [Entry<DeadLetter>] {
    try all(.deadLetters, page(after, limit)) { row throws(StoreFailure.Reason) in
      Entry(try row.integer(), try row.deadLetter())
    }
  }

  /// A dead letter, by its id.
  public func deadLetter(_ id: String) throws(StoreFailure) -> DeadLetter? {
    try first(.deadLetter, { $0.text(id) }) { row throws(StoreFailure.Reason) in
      try row.deadLetter()
    }
  }

  /// A reservation that was not settled or let go of; its time may be over.
  public func reservation(_ id: String) throws(StoreFailure) -> Reservation? {
    try first(.reservation, { $0.text(id) }) { row throws(StoreFailure.Reason) in
      try row.reservation()
    }
  }

  /// A reservation that has ended, as long as that is remembered.
  public func endedReservation(_ id: String) throws(StoreFailure) -> Reservation.Ended? {
    try first(.endedReservation, { $0.text(id) }) { row throws(StoreFailure.Reason) in
      try row.endedReservation()
    }
  }

  /// The customers whose reservations are over at a time, one for each of the oldest.
  public func expiredReservations(at: Instant, limit: Int) throws(StoreFailure) -> [String] {
    let page: (inout Cells) -> Void = {
      $0.instant(at)
      $0.integer(Int64(limit))
    }
    return try all(.expiredReservations, page) { row throws(StoreFailure.Reason) in
      try row.text()
    }
  }

  /// The amounts that reservations hold.
  ///
  /// O(reservations that have not ended).
  public func heldAmounts() throws(StoreFailure) -> [Number] {
    try all(.heldAmounts, { _ in }) { row throws(StoreFailure.Reason) in try row.number() }
  }

  private func page(_ after: Int64, _ limit: Int) -> (inout Cells) -> Void {
    {
      $0.integer(after)
      $0.integer(Int64(limit))
    }
  }

  private func page(of customer: String, _ after: Int64, _ limit: Int) -> (inout Cells) -> Void {
    {
      $0.text(customer)
      $0.integer(after)
      $0.integer(Int64(limit))
    }
  }

  func first<Answer: Sendable>(
    _ statement: Statement, _ write: (inout Cells) -> Void,
    _ decode: (inout Row) throws(StoreFailure.Reason) -> Answer
  ) throws(StoreFailure) -> Answer? {
    try read { connection throws(StoreFailure.Reason) in
      let rows = try connection.run(statement, write)
      if rows.isEmpty { return nil }
      var row = Row(rows, 0)
      return try decode(&row)
    }
  }

  func all<Answer: Sendable>(
    _ statement: Statement, _ write: (inout Cells) -> Void,
    _ decode: (inout Row) throws(StoreFailure.Reason) -> Answer
  ) throws(StoreFailure) -> [Answer] {
    try read { connection throws(StoreFailure.Reason) in
      let rows = try connection.run(statement, write)
      var answers: [Answer] = []
      answers.reserveCapacity(rows.count)
      for place in 0..<rows.count {
        var row = Row(rows, place)
        answers.append(try decode(&row))
      }
      return answers
    }
  }
}
