internal import RatecardJSON
internal import RatecardStore
internal import RatecardValues
internal import Ratecard

/// `POST /v1/usage`: records what was used, durably.
struct UsageRoute: Sendable {
  let recorder: UsageRecorder
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

    var items: [UsageRecorder.Item]
    var form: Form
    /// What keeps the whole from being read.
    var failure: Reply?

    var changes: [Change] {
      items.compactMap { item in
        if case .change(let change, _, _) = item { change } else { nil }
      }
    }

    /// The reply, where nothing is to be stored.
    var replyWithoutStoring: Reply? {
      failure ?? (changes.isEmpty ? reply([]) : nil)
    }

    func reply(_ outcomes: [Outcome]) -> Reply {
      var rest = outcomes[...]
      let answers = items.map { item in
        if case .change = item { return UsageRecorder.answer(item, rest.popFirst()) }
        return UsageRecorder.answer(item, nil)
      }
      var json = JSONWriter()
      switch form {
      case .one:
        guard case .success(let event) = answers[0] else {
          guard case .failure(let problem) = answers[0] else { preconditionFailure("two cases") }
          return problem.reply
        }
        Self.write(.success(event), to: &json)
        return Reply(200, json.bytes)
      case .array:
        json.beginArray()
        for answer in answers { Self.write(answer, to: &json) }
        json.endArray()
        return Reply(200, json.bytes)
      case .lines:
        var lines: [UInt8] = []
        for answer in answers {
          json.restart()
          Self.write(answer, to: &json)
          lines += json.bytes
          lines.append(UInt8(ascii: "\n"))
        }
        return Reply(200, lines, .jsonLines)
      }
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
          return Prepared(items: [recorder.item(object, now: now, loads)], form: .one)
        case .many(let objects):
          let form = exchange.head.contentType == .jsonLines ? Prepared.Form.lines : .array
          return Prepared(items: objects.map { recorder.item($0, now: now, loads) }, form: form)
        }
      } catch {
        let reply = Reply.failure(400, "invalid_request", error.message)
        return Prepared(items: [], form: .one, failure: reply)
      }
    }
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
