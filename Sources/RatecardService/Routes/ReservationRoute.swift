internal import Ratecard
internal import RatecardJSON
internal import RatecardStore
internal import RatecardValues
internal import RatecardWire

/// `/v1/reservations`: credits that are held until what was used is known.
///
/// A decision is made with what is available, and holds its price only if that is still so: whatever
/// comes between takes its turn before, and the decision is made anew. So no two requests spend the
/// same credits, and each is decided as if it had been alone.
struct ReservationRoute: Sendable {
  let decisions: DecideRoute
  let recorder: UsageRecorder
  let store: Store
  let unknownBalance: UnknownBalance

  /// How often a decision is made anew before it is held by what is available only.
  private static let attemptLimit = 200

  func answer(_ exchange: Exchange) -> Answering {
    decisions.workers.answering { completion throws(StoreFailure) in
      let id = exchange.target.name
      switch (exchange.target.endpoint, exchange.head.method) {
      case (.reservations, _): try reserve(exchange.body, completion)
      case (.settlement, _): try settle(id, exchange.body, completion)
      case (_, .delete): release(id, completion)
      default: completion(try show(id))
      }
    }
  }

  // MARK: - Holding

  private func reserve(_ body: [UInt8], _ completion: Completion) throws(StoreFailure) {
    let request: ReservationRequest
    do throws(RequestError) { request = try ReservationRequest(json: body) } catch {
      return completion(Problem(error).reply)
    }
    if let reply = try earlierReply(to: request) { return completion(reply) }
    try attempt(request, available: nil, 1, completion)
  }

  /// What was answered to the same request before, or what else has its id; nil: nothing.
  private func earlierReply(to request: ReservationRequest) throws(StoreFailure) -> Reply? {
    if let known = try store.reservation(request.id), known.expiresAt > .present {
      guard known.fingerprint == request.fingerprint else { return Self.conflict(request.id) }
      decisions.threads.mine.shard.count(.reservationsRepeated)
      return Reply(200, Array(known.detail.utf8))
    }
    if let known = try store.endedReservation(request.id) {
      return known.reservation.fingerprint == request.fingerprint
        ? Self.ended(known) : Self.conflict(request.id)
    }
    guard try store.usage(request.id) != nil else { return nil }
    return .failure(
      409, "conflict", "usage `\(request.id)` is recorded already", attribute: "id")
  }

  /// Decides the request and holds its price; `available` is what the store had in place of what the
  /// request was decided with before.
  private func attempt(
    _ request: ReservationRequest, available known: Number??, _ count: Int,
    _ completion: Completion
  ) throws(StoreFailure) {
    let card = decisions.live.current
    let now = Instant.present
    var attributes = request.attributes
    if let known { attributes["balance"] = known.map { .number($0) } ?? .absent }
    let customer = try decisions.customers.fill(&attributes, for: card)
    do throws(RequestError) {
      let decision = try card.decide(attributes, at: now)
      let move =
        request.attributes["current_tier"] == nil
        ? DecideRoute.change(attributes, customer, decision, now) : nil
      guard case .priced(let price) = decision.outcome else {
        decisions.threads.mine.shard.count(.reservationsDenied)
        return decisions.finish(
          .init(reply: Self.denied(decision, card), change: move), completion)
      }
      let credits = try Hold(decision, price: price, attributes, card, at: now).credits
      let expiresAt = now.later(milliseconds: request.seconds * 1_000)
      var json = JSONWriter()
      json.beginObject()
      DecideRoute.write(
        decision, attributes, card, at: now, key: decisions.key, to: &json)
      json.member("reservation", request.id)
      json.member("held", credits.description)
      json.member("expires_at", expiresAt.description)
      json.endObject()
      let reservation = Reservation(
        id: request.id, customer: request.customer, amount: credits, at: now,
        expiresAt: expiresAt, detail: json.text, fingerprint: request.fingerprint)
      let requirement = Reservation.Requirement(
        floor: Hold.floor(of: attributes["plan"], card), needsBalance: unknownBalance == .refuse,
        basis: count < Self.attemptLimit ? .available(known ?? customer?.available) : .any)
      hold(reservation, requirement, move, request, count, completion)
    } catch {
      completion(Problem(error).reply)
    }
  }

  private func hold(
    _ reservation: Reservation, _ requirement: Reservation.Requirement, _ move: TierChange?,
    _ request: ReservationRequest, _ count: Int, _ completion: Completion
  ) {
    let change = Change.reserve(reservation, requires: requirement, moving: move)
    commit(change, completion) { outcome in
      switch outcome {
      case .reserved(let stored): completion(Reply(200, Array(stored.detail.utf8)))
      case .changed(let available):
        decisions.workers.answer(completion) { completion throws(StoreFailure) in
          try attempt(request, available: .some(available), count + 1, completion)
        }
      case .insufficient(let available):
        completion(Self.insufficient(reservation.amount, available))
      case .ended(let ended): completion(Self.ended(ended))
      case .conflict: completion(Self.conflict(request.id))
      case .refused(let refusal): completion(Self.refused(refusal))
      default: completion(.failure(500, "internal", "the store gave no answer"))
      }
    }
  }

  private static func denied(_ decision: Decision, _ card: RateCard) -> Reply {
    guard case .denied(let reason) = decision.outcome else { preconditionFailure("it is denied") }
    return Reply(402) { json in
      json.beginObject()
      Problem(402, "denied", reason).write(to: &json)
      json.member("rule", decision.rule)
      json.member("ratecard", card.name)
      json.member("version", card.version)
      json.endObject()
    }
  }

  private static func insufficient(_ needed: Number, _ available: Number?) -> Reply {
    let there = available.map { "\($0) available" } ?? "not known to be available"
    return Reply(402) { json in
      json.beginObject()
      Problem(402, "insufficient_credits", "\(needed) credits are to be held, with \(there)")
        .write(to: &json)
      json.member("needed", needed.description)
      if let available { json.member("available", available.description) }
      json.endObject()
    }
  }

  private static func conflict(_ id: String) -> Reply {
    .failure(409, "conflict", "reservation `\(id)` was made with other content", attribute: "id")
  }

  private static func ended(_ ended: Reservation.Ended) -> Reply {
    .failure(
      409, "reservation_ended",
      "reservation `\(ended.reservation.id)` is \(ended.ending.rawValue) since \(ended.at)",
      attribute: "id")
  }

  private static func refused(_ refusal: Refusal) -> Reply {
    guard refusal == .overflow else {
      return .failure(400, "invalid_request", "the reservation cannot be stored: \(refusal)")
    }
    return .failure(
      422, "overflow", "the customer's credits have more digits than can be held")
  }

  // MARK: - Settling

  private func settle(
    _ id: String, _ body: [UInt8], _ completion: Completion
  ) throws(StoreFailure) {
    guard let reservation = try reservation(id) else { return completion(Self.missing(id)) }
    let now = Instant.present
    let report: [UInt8]
    do throws(RequestError) { report = try Self.report(body, of: reservation) } catch {
      return completion(Problem(error).reply)
    }
    let item = report.withUnsafeBufferPointer { recorder.item($0, now: now, .many()) }
    guard case .change(let change, _, _) = item else {
      return completion(Self.reply(to: item, nil))
    }
    // Usage without a price is kept; the credits stay held, for it may be settled once more.
    guard case .usage(let event) = change else {
      return commit(change, completion) { completion(Self.reply(to: item, $0)) }
    }
    commit(.settle(reservation: id, event), completion) { completion(Self.reply(to: item, $0)) }
  }

  /// What was used, as a report that names the reservation's decision.
  private static func report(
    _ body: [UInt8], of reservation: Reservation
  ) throws(RequestError) -> [UInt8] {
    var values = try body.withUnsafeBufferPointer { body throws(RequestError) in
      try RequestReader.request(json: body)
    }
    let decision = (try? JSONValue(parsing: reservation.detail))?["decision"]?.string ?? ""
    for (name, text) in [
      ("id", reservation.id), ("customer", reservation.customer), ("decision", decision),
    ] {
      switch values[name] {
      case nil, .absent?: break
      case .text(let given)? where ExactText(given) == ExactText(text): break
      default:
        throw RequestError(
          .invalidRequest, "`\(name)` is not the reservation's", attribute: name,
          help: "leave it out: it follows from the reservation")
      }
      values[name] = .text(text)
    }
    return Attributes.json(values)
  }

  private static func reply(to item: UsageRecorder.Item, _ outcome: Outcome?) -> Reply {
    guard case .settled(let settlement)? = outcome else {
      guard case .failure(let problem) = UsageRecorder.answer(item, outcome) else {
        return .failure(500, "internal", "the store gave no answer")
      }
      return problem.reply
    }
    return Reply(200) { json in
      json.beginObject()
      json.member("event_id", settlement.event.id)
      json.member("credits", settlement.event.credits.description)
      json.member("recorded", true)
      json.member(
        "reservation", (settlement.ended?.ending ?? Reservation.Ending.settled).rawValue)
      json.endObject()
    }
  }

  // MARK: - Letting go

  private func release(_ id: String, _ completion: Completion) {
    commit(.release(reservation: id, at: .present), completion) { outcome in
      guard case .ended(let ended) = outcome else { return completion(Self.missing(id)) }
      completion(ended.ending == .settled ? Self.ended(ended) : Self.state(ended.ending, id))
    }
  }

  private static func state(_ ending: Reservation.Ending, _ id: String) -> Reply {
    Reply(200) { json in
      json.beginObject()
      json.member("reservation", id)
      json.member("state", ending.rawValue)
      json.endObject()
    }
  }

  private static func missing(_ id: String) -> Reply {
    .failure(404, "not_found", "there is no reservation `\(id)`")
  }

  // MARK: - Looking

  private func show(_ id: String) throws(StoreFailure) -> Reply {
    var ending: Reservation.Ending?
    var known = try store.reservation(id)
    if known == nil, let ended = try store.endedReservation(id) {
      // What was deleted is not there, though remembered.
      guard ended.ending != .released else {
        return .failure(404, "not_found", "reservation `\(id)` is released since \(ended.at)")
      }
      (known, ending) = (ended.reservation, ended.ending)
    }
    guard let known else { return Self.missing(id) }
    if ending == nil, known.expiresAt <= .present { ending = .expired }
    return Reply(200) { [ending] json in
      json.beginObject()
      json.member("reservation", known.id)
      json.member("state", ending?.rawValue ?? "held")
      json.member("customer", known.customer)
      json.member("held", ending == nil ? known.amount.description : "0")
      json.member("at", known.at.description)
      json.member("expires_at", known.expiresAt.description)
      json.endObject()
    }
  }

  private func reservation(_ id: String) throws(StoreFailure) -> Reservation? {
    if let known = try store.reservation(id) { return known }
    return try store.endedReservation(id)?.reservation
  }

  private func commit(
    _ change: Change, _ completion: Completion,
    _ answer: @escaping @Sendable (Outcome) -> Void
  ) {
    let isTaken = decisions.committer.commit([change]) { result in
      switch result {
      case .success(let outcomes):
        guard let outcome = outcomes.first else { preconditionFailure("a change has an outcome") }
        answer(outcome)
      case .failure(let failure): completion(Problem(failure).reply)
      }
    }
    if !isTaken { completion(.busy) }
  }
}
