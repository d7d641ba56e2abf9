internal import RatecardJSON
internal import RatecardStore

/// `/v1/outbox`: what waits to be shipped or posted, and what will not be.
struct OutboxRoute: Sendable {
  let store: Store
  let desk: OutboxDesk
  let shipping: ShippingStatus
  let workers: WorkerPool
  let log: ServiceLog

  private static let pageLimit = 1_000

  func answer(_ exchange: Exchange) -> Answering {
    workers.answering { completion throws(StoreFailure) in
      let id = exchange.target.name
      switch (exchange.target.endpoint, exchange.head.method) {
      case (.outbox, _): completion(try list(exchange.head.query))
      case (.retry, _): completion(try retry(id, exchange.body))
      case (_, .delete): completion(Self.reply(try desk.drop(id), id))
      default: completion(try show(id))
      }
    }
  }

  private func list(_ query: [String: String]) throws(StoreFailure) -> Reply {
    guard let after = OutboxPlace(query["after"] ?? "0"),
      let limit = Int(query["limit"] ?? "100"), (0...Self.pageLimit).contains(limit)
    else {
      return .failure(
        400, "invalid_request",
        "`after` is the `next` of the page before, and `limit` an integer from 0 to 1000")
    }
    if let reason = query["reason"], !OutboxDesk.codes.contains(reason) {
      let codes = OutboxDesk.codes.joined(separator: ", ")
      return .failure(400, "invalid_request", "`reason` is one of \(codes)", attribute: "reason")
    }
    // What does not spell a text comes as an empty one.
    if let customer = query["customer"], !Names.areUsable(customer) {
      return .failure(
        400, "invalid_request", "`customer` cannot be a customer's id", attribute: "customer")
    }
    var filter = OutboxFilter(code: query["reason"], customer: query["customer"])
    if let state = query["state"] {
      guard let known = OutboxFilter.State(rawValue: state) else {
        return .failure(400, "invalid_request", "`state` is `waiting` or `dead`")
      }
      filter.state = known
    }
    let summary = try store.outboxSummary()
    let page = try store.outboxPage(filter, after: after, limit: limit)
    return Reply(200) { json in
      json.beginObject()
      OutboxJSON.write(summary, to: &json)
      json.key("shipping")
      shipping.write(to: &json)
      for kind in OutboxEntry.Kind.allCases {
        json.key(OutboxJSON.list(of: kind))
        json.beginArray()
        for entry in page.entries where entry.kind == kind { OutboxJSON.write(entry, to: &json) }
        json.endArray()
      }
      json.key("next")
      if let next = page.next { json.string(next.description) } else { json.null() }
      json.endObject()
    }
  }

  private func show(_ id: String) throws(StoreFailure) -> Reply {
    guard let (finding, corrections) = try desk.find(id) else {
      return .failure(404, "not_found", "no event `\(id)` is in the outbox")
    }
    return Reply(200) { OutboxJSON.write(finding, corrections, to: &$0) }
  }

  private func retry(_ id: String, _ body: [UInt8]) throws(StoreFailure) -> Reply {
    var corrections: [JSONValue.Member] = []
    if !body.isEmpty {
      guard let json = try? JSONValue(parsing: body, depthLimit: 4), let members = json.members
      else {
        return .failure(400, "invalid_request", "corrections are a JSON object")
      }
      corrections = members
    }
    let problem = try desk.retry(id, corrections)
    if problem == nil, !corrections.isEmpty {
      log(.info, "corrected") { json in
        json.member("event_id", id)
        json.key("fields")
        json.beginArray()
        for correction in corrections { json.string(correction.name) }
        json.endArray()
      }
    }
    return Self.reply(problem, id)
  }

  private static func reply(_ problem: Problem?, _ id: String) -> Reply {
    if let problem { return problem.reply }
    return Reply(200) { json in
      json.beginObject()
      json.member("event_id", id)
      json.member("done", true)
      json.endObject()
    }
  }
}
