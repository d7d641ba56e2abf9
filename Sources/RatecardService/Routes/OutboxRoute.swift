internal import RatecardJSON
internal import RatecardStore
internal import RatecardValues
internal import Ratecard

/// `/v1/outbox`: what waits to be shipped, and what will not ship.
struct OutboxRoute: Sendable {
  let store: Store
  let recorder: UsageRecorder
  let committer: Committer
  let workers: WorkerPool

  private static let pageLimit = 1_000

  func answer(_ exchange: Exchange) -> Answering {
    workers.answering { completion throws(StoreFailure) in
      switch (exchange.target.endpoint, exchange.head.method) {
      case (.outbox, _): completion(try list(exchange.head.query))
      case (.retry, _): try retry(exchange.target.name, completion)
      case (_, .delete): drop(exchange.target.name, completion)
      default: completion(try show(exchange.target.name))
      }
    }
  }

  private func list(_ query: [String: String]) throws(StoreFailure) -> Reply {
    guard let after = Int64(query["after"] ?? "0"), after >= 0,
      let limit = Int(query["limit"] ?? "100"), (0...Self.pageLimit).contains(limit)
    else {
      return .failure(
        400, "invalid_request",
        "`after` and `limit` are integers of at least 0, `limit` at most 1000")
    }
    let summary = try store.outboxSummary()
    let events = try store.outbox(after: after, limit: limit)
    let letters = try store.deadLetters(after: after, limit: limit)
    return Reply(200) { json in
      json.beginObject()
      json.member("depth", summary.depth)
      json.key("oldest")
      if let oldest = summary.oldest { json.string(oldest.description) } else { json.null() }
      json.member("dead", summary.dead)
      json.member("dead_letters", summary.deadLetters)
      json.key("events")
      json.beginArray()
      for event in events { Self.write(event, to: &json) }
      json.endArray()
      json.key("letters")
      json.beginArray()
      for letter in letters { Self.write(letter.value, sequence: letter.sequence, to: &json) }
      json.endArray()
      json.endObject()
    }
  }

  private func show(_ id: String) throws(StoreFailure) -> Reply {
    if let event = try store.outboxEvent(id) {
      return Reply(200) { Self.write(event, to: &$0) }
    }
    guard let letter = try store.deadLetter(id) else { return Self.missing(id) }
    return Reply(200) { Self.write(letter, sequence: nil, to: &$0) }
  }

  /// Ships a dead event again, or prices a dead letter again by the present card, as of when it
  /// came.
  private func retry(_ id: String, _ completion: Completion) throws(StoreFailure) {
    let now = Instant.present
    guard let letter = try store.deadLetter(id) else {
      return commit(.retry(id: id, at: now), completion) { outcome in
        outcome == .missing ? Self.missing(id) : Self.done(id)
      }
    }
    let item = Array(letter.body.utf8).withUnsafeBufferPointer {
      recorder.item($0, now: now, cameAt: letter.at, .many())
    }
    guard case .change(let change, _, _) = item else {
      guard case .failure(let problem) = UsageRecorder.answer(item, nil) else {
        preconditionFailure("what is not stored has failed")
      }
      return completion(problem.reply)
    }
    commit(change, completion) { outcome in
      switch UsageRecorder.answer(item, outcome) {
      case .success: Self.done(id)
      case .failure(let problem): problem.reply
      }
    }
  }

  private func drop(_ id: String, _ completion: Completion) {
    commit(.drop(id: id, at: .present), completion) { outcome in
      outcome == .missing ? Self.missing(id) : Self.done(id)
    }
  }

  private func commit(
    _ change: Change, _ completion: Completion, _ reply: @escaping @Sendable (Outcome) -> Reply
  ) {
    let isTaken = committer.commit([change]) { result in
      switch result {
      case .success(let outcomes): completion(reply(outcomes[0]))
      case .failure(let failure): completion(Problem(failure).reply)
      }
    }
    if !isTaken { completion(.busy) }
  }

  private static func missing(_ id: String) -> Reply {
    .failure(404, "not_found", "no event `\(id)` is in the outbox")
  }

  private static func done(_ id: String) -> Reply {
    Reply(200) { json in
      json.beginObject()
      json.member("event_id", id)
      json.member("done", true)
      json.endObject()
    }
  }

  private static func write(_ event: OutboxEvent, to json: inout JSONWriter) {
    json.beginObject()
    json.member("event_id", event.event.id)
    json.member("sequence", Int(event.sequence))
    json.member("customer", event.event.customer)
    json.member("credits", event.event.credits.description)
    json.member("occurred_at", event.event.occurredAt.description)
    json.member("recorded_at", event.event.recordedAt.description)
    switch event.state {
    case .waiting(let until):
      json.member("state", "waiting")
      json.member("due_at", until.description)
    case .dead(let reason):
      json.member("state", "dead")
      json.member("reason", reason)
    }
    json.member("attempts", event.attempts)
    if let failure = event.lastFailure { json.member("last_failure", failure) }
    json.endObject()
  }

  private static func write(
    _ letter: DeadLetter, sequence: Int64?, to json: inout JSONWriter
  ) {
    json.beginObject()
    json.member("event_id", letter.id)
    if let sequence { json.member("sequence", Int(sequence)) }
    json.member("customer", letter.customer)
    json.member("state", "unpriced")
    json.member("code", letter.code)
    json.member("message", letter.message)
    json.member("at", letter.at.description)
    json.member("body", letter.body)
    json.endObject()
  }
}
