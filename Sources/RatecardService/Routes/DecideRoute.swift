internal import Ratecard
internal import RatecardJSON
internal import RatecardStore
internal import RatecardValues
internal import RatecardWire

/// `POST /v1/decide` and `POST /v1/price`: what a request costs and where it goes.
struct DecideRoute: Sendable {
  let live: LiveRateCard
  let customers: CustomerBook
  let committer: Committer
  let workers: WorkerPool
  let threads: ThreadStates
  /// Seals decisions.
  let key: [UInt8]
  let log: ServiceLog
  private let warnings = WarningPace()

  init(
    live: LiveRateCard, customers: CustomerBook, committer: Committer, workers: WorkerPool,
    threads: ThreadStates, key: [UInt8], log: ServiceLog
  ) {
    self.live = live
    self.customers = customers
    self.committer = committer
    self.workers = workers
    self.threads = threads
    self.key = key
    self.log = log
  }

  /// A whole decision.
  func decide(_ exchange: Exchange) -> Answering {
    asking(exchange) { [self] in
      let began = MonotonicClock.nanoseconds
      let state = threads.mine
      defer { state.shard.measure(.decision, nanoseconds: MonotonicClock.nanoseconds - began) }
      let now = Instant.present
      let quick = state.decide(exchange.body, by: live, customers, key: key, now: now)
      if let quick {
        return Answer(reply: Reply(200, quick.body), change: quick.change)
      }
      return decision(exchange.body, now: now)
    }
  }

  /// The cost alone.
  func price(_ exchange: Exchange) -> Answering {
    asking(exchange) { [self] in Answer(reply: quote(exchange.body)) }
  }

  /// A reply, and what must be stored before it is sent.
  struct Answer: Sendable {
    var reply: Reply
    var change: TierChange?
  }

  /// Works out an answer, where finding a customer takes a while on another thread.
  private func asking(
    _ exchange: Exchange, _ work: @escaping @Sendable () -> Answer
  ) -> Answering {
    guard !customers.isRemote else {
      return workers.answering { completion in finish(work(), completion) }
    }
    let answer = work()
    guard answer.change != nil else { return .now(answer.reply) }
    return .later { completion in finish(answer, completion) }
  }

  /// Keeps a move to another tier before the answer that it follows from.
  ///
  /// Where the store cannot be written to, the answer is still right, and the next decision moves the
  /// customer; the log says so.
  func finish(_ answer: Answer, _ completion: Completion) {
    guard let change = answer.change else { return completion(answer.reply) }
    let isTaken = committer.commit([.tier(change)]) { result in
      switch result {
      case .failure(let failure): warn(change, failure.description)
      case .success(let outcomes):
        if case .refused(let refusal)? = outcomes.first { warn(change, refusal.description) }
      }
      completion(answer.reply)
    }
    if !isTaken {
      warn(change, "too much waits to be written")
      completion(answer.reply)
    }
  }

  private func warn(_ change: TierChange, _ message: String) {
    guard warnings.mayWarn() else { return }
    log(.warning, "tier_not_kept") { json in
      json.member("customer", change.customer)
      if let tier = change.to { json.member("tier", tier) }
      json.member("message", message)
    }
  }

  /// A whole decision, whatever is asked; `QuickDecider` answers in the same words.
  func decision(_ body: [UInt8], now: Instant) -> Answer {
    let card = live.current
    do throws(RequestError) {
      var request = try body.withUnsafeBufferPointer { body throws(RequestError) in
        try RequestReader.request(json: body)
      }
      let movesTier = request["current_tier"] == nil && request["at"] == nil
      let at = Self.instant(request) ?? now
      let customer: Customer?
      do { customer = try customers.fill(&request, for: card) } catch {
        return Answer(reply: Problem(error).reply)
      }
      let decision = try card.decide(request, at: at)
      request["at"] = nil
      // What a card will ask some day may be asked; nothing can be used under that yet.
      let isPreview = UsagePricer.isAhead(at, of: now)
      let reply = Reply(200) { [request] json in
        json.beginObject()
        Self.write(decision, request, card, at: at, key: isPreview ? nil : key, to: &json)
        json.endObject()
      }
      guard movesTier, let change = Self.change(request, customer, decision, now) else {
        return Answer(reply: reply)
      }
      return Answer(reply: reply, change: change)
    } catch {
      return Answer(reply: Self.reply(error, card))
    }
  }

  /// Writes the members of a decision's object, with the id that seals what was decided; without a
  /// key there is none.
  static func write(
    _ decision: Decision, _ request: [String: RequestValue], _ card: RateCard, at: Instant,
    key: [UInt8]?, to json: inout JSONWriter
  ) {
    AnswerWriter(cardName: card.name, version: card.version)
      .writeMembers(of: decision, to: &json)
    if case .denied = decision.outcome { name(card, in: &json) }
    json.member("at", at.description)
    guard let key else { return }
    let admission = Admission(
      version: card.version, at: at, attributes: Attributes.json(request))
    json.member("decision", admission.id(key: key))
  }

  private func quote(_ body: [UInt8]) -> Reply {
    let card = live.current
    do throws(RequestError) {
      var request = try body.withUnsafeBufferPointer { body throws(RequestError) in
        try RequestReader.request(json: body)
      }
      do { try customers.fill(&request, for: card) } catch {
        return Problem(error).reply
      }
      let quote = try card.price(request)
      return Reply(200) { json in
        json.beginObject()
        AnswerWriter(cardName: card.name, version: card.version).writeMembers(of: quote, to: &json)
        if case .denied = quote.outcome { Self.name(card, in: &json) }
        json.endObject()
      }
    } catch {
      return Self.reply(error, card)
    }
  }

  /// The customer's move to the tier that a decision chose; nil: the customer is there, or there is
  /// no customer.
  static func change(
    _ request: [String: RequestValue], _ customer: Customer?, _ decision: Decision, _ now: Instant
  ) -> TierChange? {
    guard let tier = decision.tier, case .text(let id)? = request["customer"],
      Names.areUsable(id), customer?.tier.map(ExactText.init) != ExactText(tier)
    else { return nil }
    let cause = decision.tierRule.map { "rule \($0)" } ?? "decision"
    return TierChange(customer: id, from: customer?.tier, to: tier, cause: cause, at: now)
  }

  private static func instant(
    _ request: [String: RequestValue]
  ) -> Instant? {
    switch request["at"] {
    case .text(let text)?: try? Instant(parsing: text)
    case .instant(let instant)?: instant
    default: nil
    }
  }

  /// Names the card in an answer that would not.
  private static func name(_ card: RateCard, in json: inout JSONWriter) {
    json.member("ratecard", card.name)
    json.member("version", card.version)
  }

  private static func reply(_ error: RequestError, _ card: RateCard) -> Reply {
    Reply(error.code == .invalidRequest ? 400 : 422) { json in
      json.beginObject()
      AnswerWriter.writeMembers(of: error, to: &json)
      name(card, in: &json)
      json.endObject()
    }
  }
}
