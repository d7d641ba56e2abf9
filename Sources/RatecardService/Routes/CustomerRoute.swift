internal import Ratecard
internal import RatecardBilling
internal import RatecardJSON
internal import RatecardModel
internal import RatecardStore
internal import RatecardValues
internal import RatecardWire

/// `/v1/customers/{id}`: what is known of a customer.
struct CustomerRoute: Sendable {
  let store: Store
  let live: LiveRateCard
  let committer: Committer
  let workers: WorkerPool

  /// How many notices and tier changes an answer shows, the latest.
  private static let listLimit = 100

  func answer(_ exchange: Exchange) -> Answering {
    let id = exchange.target.name
    guard Names.areUsable(id) else {
      return .now(.failure(400, "invalid_request", "this cannot be a customer's id"))
    }
    guard exchange.head.method == .put else {
      return workers.answering { completion throws(StoreFailure) in
        completion(try reply(for: id))
      }
    }
    let change: CustomerChange
    do throws(RequestError) { change = try read(exchange.body, id) } catch {
      return .now(Problem(error).reply)
    }
    return .later { completion in
      let isTaken = committer.commit([.customer(change)]) { result in
        switch result {
        case .success(let outcomes):
          if case .refused(let refusal)? = outcomes.first {
            let message = "the change cannot be stored: \(refusal)"
            return completion(.failure(400, "invalid_request", message))
          }
          workers.answer(completion) { completion throws(StoreFailure) in
            completion(try reply(for: id))
          }
        case .failure(let failure): completion(Problem(failure).reply)
        }
      }
      if !isTaken { completion(.busy) }
    }
  }

  private func read(_ body: [UInt8], _ id: String) throws(RequestError) -> CustomerChange {
    let members = try body.withUnsafeBufferPointer { body throws(RequestError) in
      try RequestReader.request(json: body)
    }
    let now = Instant.present
    var change = CustomerChange(id: id, cause: "operator", at: now)
    change.overrides = members["at"] == nil
    var knownAt = now
    for (name, value) in members.sorted(by: { $0.key < $1.key }) {
      switch name {
      case "at":
        guard case .text(let text) = value, let at = try? Instant(parsing: text), at <= now else {
          throw RequestError(
            .invalidRequest, "`at` is an instant that has passed: since when this is known",
            attribute: name)
        }
        knownAt = at
      case "plan", "tier", "balance": break
      default:
        throw RequestError(
          .invalidRequest, "a customer has `plan`, `tier` and `balance`, not `\(name)`",
          attribute: name)
      }
    }
    let model = live.current.model
    switch members["plan"] {
    case nil: break
    case .absent?: change.plan = Known(nil, at: knownAt, source: "operator")
    case .text(let plan)?:
      let plans = model.plans.map(\.name.string)
      guard plans.isEmpty || plans.contains(where: { ExactText($0) == ExactText(plan) }) else {
        throw RequestError(
          .invalidRequest, "`\(plan)` is not a plan of the card", attribute: "plan",
          help: "its plans are \(plans.joined(separator: ", "))")
      }
      change.plan = Known(plan, at: knownAt, source: "operator")
    default: throw RequestError(.invalidRequest, "`plan` is a text", attribute: "plan")
    }
    switch members["tier"] {
    case nil: break
    case .absent?: change.tier = .some(nil)
    case .text(let tier)?:
      let tiers = model.tierNames
      guard tiers.contains(ExactText(tier)) else {
        throw RequestError(
          .invalidRequest, "`\(tier)` is not a tier of the card", attribute: "tier",
          help: "its tiers are \(tiers.map(\.string).joined(separator: ", "))")
      }
      change.tier = tier
    default: throw RequestError(.invalidRequest, "`tier` is a text", attribute: "tier")
    }
    switch members["balance"] {
    case nil: break
    case .absent?: change.balance = Known(nil, at: knownAt, source: "operator")
    case .number(let balance)?:
      change.balance = Known(balance, at: knownAt, source: "operator")
    case .text(let text)?:
      guard let balance = try? Number(parsing: text, signed: true) else { fallthrough }
      change.balance = Known(balance, at: knownAt, source: "operator")
    default: throw RequestError(.invalidRequest, "`balance` is a number", attribute: "balance")
    }
    if change.balance?.value != nil {
      // A balance is the provider's, whoever passes it on.
      change.settledBefore = knownAt.later(milliseconds: -BalanceReader.settlingMilliseconds)
    }
    return change
  }

  private func reply(for id: String) throws(StoreFailure) -> Reply {
    guard let customer = try store.customer(id) else {
      return .failure(404, "not_found", "nothing is known of customer `\(id)`")
    }
    let notices = try store.latestNotices(of: id, limit: Self.listLimit)
    let changes = try store.latestTierChanges(of: id, limit: Self.listLimit)
    return Reply(200) { json in
      Self.write(customer, notices.map(\.value), changes.map(\.value), to: &json)
    }
  }

  private static func write(
    _ customer: Customer, _ notices: [Notice], _ changes: [TierChange], to json: inout JSONWriter
  ) {
    func optional(_ name: String, _ text: String?) {
      json.key(name)
      if let text { json.string(text) } else { json.null() }
    }
    json.beginObject()
    json.member("customer", customer.id)
    optional("plan", customer.plan?.value)
    optional("tier", customer.tier)
    json.key("balance")
    if let balance = customer.balance, let value = balance.value {
      json.beginObject()
      json.member("known", value.description)
      json.member("at", balance.at.description)
      json.member("source", balance.source)
      json.endObject()
    } else {
      json.null()
    }
    json.member("pending", customer.pending.description)
    json.member("held", customer.held.description)
    optional("available", customer.available?.description)
    json.key("notices")
    json.beginArray()
    for notice in notices {
      json.beginObject()
      json.member("at", notice.at.description)
      json.member("text", notice.text)
      json.member("cause", notice.cause)
      json.endObject()
    }
    json.endArray()
    json.key("tier_changes")
    json.beginArray()
    for change in changes {
      json.beginObject()
      json.member("at", change.at.description)
      optional("from", change.from)
      optional("to", change.to)
      json.member("cause", change.cause)
      json.endObject()
    }
    json.endArray()
    json.endObject()
  }
}
