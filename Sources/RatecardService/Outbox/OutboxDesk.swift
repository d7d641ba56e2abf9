package import Ratecard
internal import RatecardBilling
package import RatecardJSON
package import RatecardStore
package import RatecardValues

/// What a person does about the outbox, over HTTP or from the command line.
package struct OutboxDesk: Sendable {
  /// Makes changes durable, and answers what came of them; waits for that.
  typealias Commit = @Sendable ([Change]) throws(StoreFailure) -> [Outcome]
  /// Takes a kept webhook in once more.
  typealias Webhooks = @Sendable (DeadLetter) throws(StoreFailure) -> WebhookReceiver.Receipt

  /// What is known of an id.
  package enum Finding: Sendable {
    /// Usage that waits to be shipped, or will not ship.
    case event(OutboxEvent)
    /// Usage without a price, or a webhook that made no sense.
    case letter(DeadLetter)
    /// A notice that is posted.
    case notice(NoticePosting)
    /// Usage that was corrected and has left the outbox since: shipped, or given up at a time.
    case gone(UsageEvent, droppedAt: Instant?)
  }

  /// The codes of why something is in the outbox.
  package static let codes =
    DeliveryCode.allCases.map(\.rawValue) + [
      "unpriced", "denied", "unknown_version", WebhookReceiver.letterCode,
    ]

  private let store: Store
  /// Prices usage; nil: there is no card to do so.
  private let recorder: UsageRecorder?
  /// nil: only the service takes in webhooks.
  private let webhooks: Webhooks?
  /// Where corrections come from.
  private let source: String
  private let commit: Commit

  /// The desk of the service.
  init(
    store: Store, recorder: UsageRecorder, webhooks: @escaping Webhooks, commit: @escaping Commit
  ) {
    self.store = store
    self.recorder = recorder
    self.webhooks = webhooks
    source = "http"
    self.commit = commit
  }

  /// The desk of whoever works on the store beside the service; `card` prices dead letters, and is
  /// kept like any that does.
  package init(store: Store, card: RateCard?) throws(StoreFailure) {
    self.store = store
    webhooks = nil
    source = "command line"
    commit = { changes throws(StoreFailure) in try store.commit(changes) }
    guard let card else {
      recorder = nil
      return
    }
    let archive = CardArchive(store: store)
    try archive.keep(card, at: .present)
    let key = Secrets.key(try store.secret(named: "decisions"))
    recorder = UsageRecorder(
      pricer: UsagePricer(
        current: { card }, archive: archive, customers: CustomerBook(store: store), key: key))
  }

  /// What is known of an id, and what was corrected of it; nil: nothing of that is in the outbox.
  package func find(
    _ id: String
  ) throws(StoreFailure) -> (finding: Finding, corrections: [Correction])? {
    let corrections = try store.corrections(of: id)
    if let event = try store.outboxEvent(id) { return (.event(event), corrections) }
    if let letter = try store.deadLetter(id) { return (.letter(letter), corrections) }
    if let posting = try store.posting(id) { return (.notice(posting), corrections) }
    guard !corrections.isEmpty, let usage = try store.usage(id) else { return nil }
    return (.gone(usage, droppedAt: try store.dropTime(of: id)), corrections)
  }

  /// Tries something again, corrected where there are corrections; nil: it is done.
  ///
  /// Usage without a price is priced as of when it came: by the card of its decision, or of its
  /// `version`, or else by the present one.
  package func retry(
    _ id: String, _ corrections: [JSONValue.Member] = []
  ) throws(StoreFailure) -> Problem? {
    if let letter = try store.deadLetter(id) {
      return letter.code == WebhookReceiver.letterCode
        ? try takeAgain(letter, corrections) : try price(letter, corrections)
    }
    guard !corrections.isEmpty else {
      let outcome = try commit([.retry(id: id, at: .present)]).first
      return outcome == .done ? nil : Self.missing(id)
    }
    if let event = try store.outboxEvent(id) { return try reassign(event.event, corrections) }
    return try store.posting(id) == nil
      ? Self.missing(id)
      : Problem(400, "invalid_request", "a notice is posted as it was left, and not corrected")
  }

  /// Gives something up; nil: it is done.
  package func drop(_ id: String) throws(StoreFailure) -> Problem? {
    switch try commit([.drop(id: id, at: .present)]).first {
    case .done: nil
    case .refused(let refusal):
      Problem(409, "conflict", "the event cannot be given up: \(refusal)")
    default: Self.missing(id)
    }
  }

  private static func missing(_ id: String) -> Problem {
    Problem(404, "not_found", "no event `\(id)` is in the outbox")
  }

  // MARK: Dead letters

  private func takeAgain(
    _ letter: DeadLetter, _ corrections: [JSONValue.Member]
  ) throws(StoreFailure) -> Problem? {
    guard corrections.isEmpty else {
      return Problem(400, "invalid_request", "a webhook is what was signed, and not corrected")
    }
    guard let webhooks else {
      return Problem(
        409, "conflict",
        "a webhook is taken in by the service: POST /v1/outbox/\(letter.id)/retry")
    }
    guard case .kept(let reason) = try webhooks(letter) else { return nil }
    return Problem(422, WebhookReceiver.letterCode, reason)
  }

  private func price(
    _ letter: DeadLetter, _ corrections: [JSONValue.Member]
  ) throws(StoreFailure) -> Problem? {
    guard let recorder else {
      return Problem(422, "unpriced", "there is no card that could price `\(letter.id)`")
    }
    let corrected: CorrectedReport
    do throws(Problem) {
      corrected = try CorrectedReport(of: letter, corrections)
    } catch {
      return error
    }
    let item = corrected.body.withUnsafeBufferPointer {
      recorder.item($0, now: .present, cameAt: letter.at, .many())
    }
    var change: Change
    switch item {
    case .failed(let problem): return problem
    case .change(.usage(var event), _, _):
      // Whoever reported it knows nothing of corrections, and may report it again.
      event.fingerprint = letter.fingerprint
      change = .usage(event)
      if !corrections.isEmpty {
        change = .correct(event, corrected.correction(at: .present, source: source))
      }
    case .change(let other, _, let refusal):
      // Corrections that lead nowhere change nothing.
      if let refusal, !corrections.isEmpty { return refusal }
      change = other
      if case .deadLetter(var again) = other {
        again.fingerprint = letter.fingerprint
        change = .deadLetter(again)
      }
    }
    let outcome = try commit([change]).first
    switch UsageRecorder.answer(item, outcome) {
    case .success: return nil
    case .failure(let problem): return problem
    }
  }

  // MARK: Events

  /// Of usage that has a price only the customer is corrected: its price has been answered, and is
  /// counted in what is pending.
  private func reassign(
    _ event: UsageEvent, _ corrections: [JSONValue.Member]
  ) throws(StoreFailure) -> Problem? {
    guard corrections.count == 1, corrections[0].name == "customer",
      case .string(let customer) = corrections[0].value
    else {
      return Problem(
        400, "invalid_request",
        "`\(event.id)` has its price, so that only its `customer` is corrected; "
          + "give it up, and report under another id what was used")
    }
    guard Names.areUsable(customer) else {
      return Problem(
        400, "invalid_request", "`customer` cannot be a customer's id", attribute: "customer")
    }
    func text(_ customer: String) -> String {
      (["customer": .string(customer)] as JSONValue).text()
    }
    let correction = Correction(
      id: event.id, at: .present, source: source, from: text(event.customer), to: text(customer))
    switch try commit([.reassign(customer: customer, correction)]).first {
    case .done: return nil
    case .conflict:
      return Problem(
        409, "conflict",
        "`\(event.id)` is not dead, or is that customer's, or the provider may have it; "
          + "try it again as it is")
    case .refused(let refusal):
      return Problem(409, "conflict", "the event cannot change its customer: \(refusal)")
    default: return Self.missing(event.id)
    }
  }
}
