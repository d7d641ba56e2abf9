public import RatecardValues

/// The outbox as a person looks at it.
extension Store {
  /// A few entries of the outbox, from a place on.
  ///
  /// Takes memory for the page alone, and time for what the filter passes over.
  public func outboxPage(
    _ filter: OutboxFilter = OutboxFilter(), after place: OutboxPlace = .start, limit: Int
  ) throws(StoreFailure) -> OutboxPage {
    var page = OutboxPage()
    // One more than fits tells whether there is more.
    var room: Int { limit + 1 - page.entries.count }
    for kind in OutboxEntry.Kind.allCases {
      guard let after = place.sequence(among: kind), room > 0 else { continue }
      page.entries += try entries(kind, filter, after: after, limit: room)
    }
    if page.entries.count > limit {
      page.entries.removeLast()
      page.next =
        page.entries.last.map { OutboxPlace(kind: $0.kind, sequence: $0.sequence) } ?? place
    }
    return page
  }

  private func entries(
    _ kind: OutboxEntry.Kind, _ filter: OutboxFilter, after: Int64, limit: Int
  ) throws(StoreFailure) -> [OutboxEntry] {
    func write(_ cells: inout Cells) {
      cells.integer(after)
      cells.text(filter.customer ?? "")
      cells.text(filter.code ?? "")
      if kind != .letter {
        cells.integer(filter.state.map { $0 == .waiting ? 1 : 2 } ?? 0)
      }
      cells.integer(Int64(limit))
    }
    switch kind {
    case .event:
      return try all(.outboxEntries, write) { row throws(StoreFailure.Reason) in
        try row.entry(.event)
      }
    case .letter:
      if filter.state == .waiting { return [] }
      return try all(.deadLetterEntries, write) { row throws(StoreFailure.Reason) in
        try row.letterEntry()
      }
    case .notice:
      return try all(.postingEntries, write) { row throws(StoreFailure.Reason) in
        try row.entry(.notice)
      }
    }
  }

  /// A notice that is posted, by the name under which it is.
  public func posting(_ id: String) throws(StoreFailure) -> NoticePosting? {
    try first(.postingByID, { $0.text(id) }) { row throws(StoreFailure.Reason) in
      try row.posting()
    }
  }

  /// What was corrected of an event, the oldest first, at most a hundred times.
  public func corrections(of id: String) throws(StoreFailure) -> [Correction] {
    func write(_ cells: inout Cells) {
      cells.text(id)
      cells.integer(100)
    }
    return try all(.corrections, write) { row throws(StoreFailure.Reason) in
      try row.correction()
    }
  }

  /// When shipping an event was given up; nil: it was not.
  public func dropTime(of id: String) throws(StoreFailure) -> Instant? {
    try first(.droppedUsage, { $0.text(id) }) { row throws(StoreFailure.Reason) in
      try row.optionalInstant()
    } ?? nil
  }

  /// Leases the notices that are due to a poster, at most `limit` of them, until a time; as `claim`.
  ///
  /// What came of each is committed as a `Change.posting`.
  public func claimPostings(
    limit: Int, owner: String, now: Instant, until: Instant
  ) throws(StoreFailure) -> [NoticePosting] {
    try write { transaction throws(StoreFailure.Reason) in
      try transaction.claimPostings(limit: limit, owner: owner, now: now, until: until)
    }
  }

  /// Whether another program has written to the store since this was asked last.
  ///
  /// Only of a file can that be told; a shared store is never kept in memory.
  public func wasWrittenElsewhere() throws(StoreFailure) -> Bool {
    do throws(StoreFailure.Reason) {
      return try writer.use { connection throws(StoreFailure.Reason) in
        try connection.wasWrittenElsewhere()
      }
    } catch {
      throw StoreFailure(store: name, reason: error)
    }
  }
}

extension OutboxPlace {
  /// After which entry of a kind the rest begins; nil: all of that kind stand before.
  fileprivate func sequence(among other: OutboxEntry.Kind) -> Int64? {
    let kinds = OutboxEntry.Kind.allCases
    guard let own = kinds.firstIndex(of: kind), let place = kinds.firstIndex(of: other) else {
      return nil
    }
    return place < own ? nil : place == own ? sequence : 0
  }
}

extension Row {
  fileprivate mutating func entry(
    _ kind: OutboxEntry.Kind
  ) throws(StoreFailure.Reason) -> OutboxEntry {
    let sequence = try integer()
    let due = try optionalInstant()
    let attempts = Int(try integer())
    let code = try optionalText()
    let reason = try optionalText()
    return OutboxEntry(
      kind: kind, sequence: sequence, id: try text(), customer: try text(),
      credits: kind == .event ? try number() : nil, at: try instant(), due: due,
      attempts: attempts, code: code, reason: reason)
  }

  fileprivate mutating func letterEntry() throws(StoreFailure.Reason) -> OutboxEntry {
    let sequence = try integer()
    let code = try text()
    let reason = try text()
    return OutboxEntry(
      kind: .letter, sequence: sequence, id: try text(), customer: try text(), credits: nil,
      at: try instant(), due: nil, attempts: 0, code: code, reason: reason)
  }
}
