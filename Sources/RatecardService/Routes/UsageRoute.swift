internal import RatecardJSON
internal import RatecardStore
internal import RatecardValues
internal import Ratecard

/// `POST /v1/usage`: records what was used, durably.
struct UsageRoute: Sendable {
  let recorder: UsageRecorder
  let live: LiveRateCard
  let threads: ThreadStates
  let committer: Committer
  let workers: WorkerPool

  /// The most bytes of reports that a server's thread prices itself: others wait for it meanwhile.
  private static let smallBody = 8 << 10

  func answer(_ exchange: Exchange) -> Answering {
    let loads = CardLoads.none()
    guard !recorder.pricer.customers.isRemote, exchange.body.count <= Self.smallBody,
      case let prepared = prepare(exchange, loads), !loads.isExceeded
    else {
      return workers.answering { completion in record(prepare(exchange, .many()), completion) }
    }
    if let reply = prepared.replyWithoutStoring { return .now(reply) }
    return .later { completion in record(prepared, completion) }
  }

  /// The reports of a request, priced.
  private struct Prepared: Sendable {
    /// What form the answer takes.
    enum Form { case one, array, lines }

    let items: [UsageRecorder.Item]
    let form: Form
    /// What keeps the whole from being read.
    let failure: Reply?
    let changes: [Change]

    init(_ items: [UsageRecorder.Item], _ form: Form, failure: Reply? = nil) {
      self.items = items
      self.form = form
      self.failure = failure
      changes = items.compactMap { item in
        if case .change(let change, _, _) = item { change } else { nil }
      }
    }

    /// The reply, where nothing is to be stored.
    var replyWithoutStoring: Reply? {
      failure ?? (changes.isEmpty ? reply([]) : nil)
    }

    func reply(_ outcomes: ArraySlice<Outcome>) -> Reply {
      if form == .one { return reply(UsageRecorder.answer(items[0], outcomes.first)) }
      var rest = outcomes
      let answers = items.map { item in
        if case .change = item { return UsageRecorder.answer(item, rest.popFirst()) }
        return UsageRecorder.answer(item, nil)
      }
      var json = JSONWriter()
      if form == .array {
        json.beginArray()
        for answer in answers { Self.write(answer, to: &json) }
        json.endArray()
        return Reply(200, json.bytes)
      }
      var lines: [UInt8] = []
      for answer in answers {
        json.restart()
        Self.write(answer, to: &json)
        lines += json.bytes
        lines.append(UInt8(ascii: "\n"))
      }
      return Reply(200, lines, .jsonLines)
    }

    /// The reply to a request of one report.
    private func reply(_ answer: Result<UsageEvent, Problem>) -> Reply {
      if case .failure(let problem) = answer { return problem.reply }
      return Reply(200) { Self.write(answer, to: &$0) }
    }

    private static func write(
      _ answer: Result<UsageEvent, Problem>, to json: inout JSONWriter
    ) {
      json.beginObject()
      switch answer {
      case .success(let event):
        json.member("event_id", event.id)
        json.member("credits", event.credits.description)
        json.member("recorded", true)
      case .failure(let problem):
        json.member("status", problem.status)
        problem.write(to: &json)
      }
      json.endObject()
    }
  }

  private func prepare(_ exchange: Exchange, _ loads: CardLoads) -> Prepared {
    let now = Instant.present
    return exchange.body.withUnsafeBufferPointer { body in
      do throws(UsageBatchFailure) {
        switch try UsageBatch(body, exchange.head.contentType) {
        case .one(let object):
          return Prepared([item(object, now: now, loads)], .one)
        case .many(let objects):
          let form = exchange.head.contentType == .jsonLines ? Prepared.Form.lines : .array
          return Prepared(objects.map { item($0, now: now, loads) }, form)
        }
      } catch {
        let reply = Reply.failure(400, "invalid_request", error.message)
        return Prepared([], .one, failure: reply)
      }
    }
  }

  /// One report, priced; `UsageRecorder` makes the same of whatever the quick way takes.
  private func item(
    _ report: UnsafeBufferPointer<UInt8>, now: Instant, _ loads: CardLoads
  ) -> UsageRecorder.Item {
    guard let event = threads.mine.price(report, by: live, recorder.pricer.customers, now: now)
    else { return recorder.item(report, now: now, loads) }
    return .change(.usage(event), id: event.id, refusal: nil)
  }

  private func record(_ prepared: Prepared, _ completion: Completion) {
    if let reply = prepared.replyWithoutStoring { return completion(reply) }
    let isTaken = committer.commit(prepared.changes) { result in
      switch result {
      case .success(let outcomes): completion(prepared.reply(outcomes))
      case .failure(let failure): completion(Problem(failure).reply)
      }
    }
    if !isTaken { completion(.busy) }
  }
}

extension Reply {
  static var busy: Reply {
    failure(503, "busy", "too much waits to be done; try again later").retrying(afterSeconds: 1)
  }
}
