package import RatecardJSON
package import RatecardStore
internal import RatecardValues

/// What the outbox holds, as JSON.
package enum OutboxJSON {
  /// The list that entries of a kind stand in.
  package static func list(of kind: OutboxEntry.Kind) -> String {
    switch kind {
    case .event: "events"
    case .letter: "letters"
    case .notice: "notices"
    }
  }

  /// Writes how much there is, as members of an object.
  package static func write(_ summary: OutboxSummary, to json: inout JSONWriter) {
    json.member("depth", summary.depth)
    json.optional("oldest", summary.oldest?.description)
    json.member("dead", summary.dead)
    json.member("dead_letters", summary.deadLetters)
    json.member("waiting_notices", summary.notices)
    json.member("dead_notices", summary.deadNotices)
  }

  /// Writes an entry in short.
  package static func write(_ entry: OutboxEntry, to json: inout JSONWriter) {
    json.beginObject()
    json.member("event_id", entry.id)
    json.member("sequence", Int(entry.sequence))
    json.member("customer", entry.customer)
    if let credits = entry.credits { json.member("credits", credits.description) }
    json.member(entry.kind == .event ? "occurred_at" : "at", entry.at.description)
    json.member("state", entry.due == nil ? "dead" : "waiting")
    if let due = entry.due { json.member("due_at", due.description) }
    if entry.kind != .letter { json.member("attempts", entry.attempts) }
    if let code = entry.code { json.member("code", code) }
    if let reason = entry.reason { json.member("reason", reason) }
    json.endObject()
  }

  /// Writes all that is known of an id.
  package static func write(
    _ finding: OutboxDesk.Finding, _ corrections: [Correction], to json: inout JSONWriter
  ) {
    json.beginObject()
    switch finding {
    case .event(let event):
      write(event.event, sequence: event.sequence, to: &json)
      write(event.state, event.code, event.lastFailure, event.attempts, to: &json)
      json.member("way", event.way.rawValue)
      json.member("may_be_at_provider", event.isFateUnknown || event.owner != nil)
    case .letter(let letter):
      json.member("event_id", letter.id)
      json.member("customer", letter.customer)
      json.member("state", "dead")
      json.member("code", letter.code)
      json.member("message", letter.message)
      json.member("at", letter.at.description)
      json.member("body", letter.body)
    case .notice(let posting):
      json.member("event_id", posting.id)
      json.member("customer", posting.notice.customer)
      json.member("text", posting.notice.text)
      json.member("cause", posting.notice.cause)
      json.member("at", posting.notice.at.description)
      write(posting.state, posting.code, posting.lastFailure, posting.attempts, to: &json)
    case .gone(let usage, let droppedAt):
      write(usage, sequence: nil, to: &json)
      json.member("state", droppedAt == nil ? "shipped" : "dropped")
      if let droppedAt { json.member("dropped_at", droppedAt.description) }
    }
    if !corrections.isEmpty {
      json.key("corrections")
      json.beginArray()
      for correction in corrections { write(correction, to: &json) }
      json.endArray()
    }
    json.endObject()
  }

  private static func write(
    _ usage: UsageEvent, sequence: Int64?, to json: inout JSONWriter
  ) {
    json.member("event_id", usage.id)
    if let sequence { json.member("sequence", Int(sequence)) }
    json.member("customer", usage.customer)
    json.member("credits", usage.credits.description)
    json.member("rule", usage.rule)
    if let adjustments = usage.adjustments { json.document("adjustments", adjustments) }
    json.member("ratecard", usage.ratecard)
    json.member("version", usage.version)
    if let decision = usage.decision { json.member("decision", decision) }
    json.document("attributes", usage.attributes)
    json.member("occurred_at", usage.occurredAt.description)
    json.member("recorded_at", usage.recordedAt.description)
  }

  private static func write(
    _ state: OutboxEvent.State, _ code: DeliveryCode?, _ failure: String?, _ attempts: Int,
    to json: inout JSONWriter
  ) {
    switch state {
    case .waiting(let until):
      json.member("state", "waiting")
      json.member("due_at", until.description)
    case .dead(let reason):
      json.member("state", "dead")
      json.member("reason", reason)
    }
    json.member("attempts", attempts)
    if let code { json.member("code", code.rawValue) }
    if let failure { json.member("last_failure", failure) }
  }

  private static func write(_ correction: Correction, to json: inout JSONWriter) {
    json.beginObject()
    json.member("at", correction.at.description)
    json.member("source", correction.source)
    json.document("from", correction.from)
    json.document("to", correction.to)
    json.endObject()
  }
}

extension JSONWriter {
  /// Writes a member that may be null.
  fileprivate mutating func optional(_ name: String, _ text: String?) {
    key(name)
    if let text { string(text) } else { null() }
  }

  /// Writes a member that is stored as JSON; what is none is written as a text.
  fileprivate mutating func document(_ name: String, _ text: String) {
    key(name)
    (try? JSONValue(parsing: text))?.write(to: &self) ?? string(text)
  }
}
