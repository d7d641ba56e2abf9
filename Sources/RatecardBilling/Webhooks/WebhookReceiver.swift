public import Ratecard
public import RatecardStore
public import RatecardValues

/// Takes in a provider's webhooks: tells genuine ones, and makes what they say durable.
public struct WebhookReceiver: Sendable {
  /// What came of a webhook; all but `forged` are durable, and the provider is told so.
  public enum Receipt: Hashable, Sendable {
    /// It is not from the provider, or old.
    case forged
    /// It was applied now; with why the card had no answer, should that be so.
    case applied(type: String, problem: String?)
    /// It was applied before.
    case repeated(type: String)
    /// It is about nothing that matters here.
    case ignored(type: String)
    /// It makes no sense, and is kept as a dead letter.
    case kept(reason: String)
  }

  /// Makes changes durable, and answers what came of them.
  public typealias Commit = @Sendable ([Change]) throws(StoreFailure) -> [Outcome]

  private let reader: any WebhookReader
  private let store: Store
  private let postsNotices: Bool
  private let commit: Commit
  private let lock: @Sendable () -> ProviderLock?

  /// Makes a receiver; what it reads from `store` it changes through `commit`.
  ///
  /// `lock` says which products were made for the card's plans. Notices that follow are kept, and with
  /// `postsNotices` someone posts them.
  public init(
    reader: any WebhookReader, store: Store,
    lock: @escaping @Sendable () -> ProviderLock? = { nil }, postsNotices: Bool = false,
    commit: @escaping Commit
  ) {
    self.reader = reader
    self.store = store
    self.lock = lock
    self.postsNotices = postsNotices
    self.commit = commit
  }

  /// Takes in a webhook.
  ///
  /// When it throws, nothing is promised, and the provider must try again.
  public func receive(
    _ webhook: Webhook, card: RateCard, now: Instant
  ) throws(StoreFailure) -> Receipt {
    guard reader.isGenuine(webhook, now: now) else { return .forged }
    return try take(webhook, card, now)
  }

  /// Takes in a webhook that was kept, once more: a program that is newer may understand it.
  ///
  /// Where it does, the letter is forgotten.
  public func receiveAgain(
    _ letter: DeadLetter, card: RateCard, now: Instant
  ) throws(StoreFailure) -> Receipt {
    let id = String(letter.id.dropFirst(Self.letterPrefix.count))
    let webhook = Webhook(id: id, timestamp: "", signature: "", body: Array(letter.body.utf8))
    let receipt = try take(webhook, card, now)
    if case .kept = receipt { return receipt }
    _ = try commit([.drop(id: letter.id, at: now)])
    return receipt
  }

  private func take(
    _ webhook: Webhook, _ card: RateCard, _ now: Instant
  ) throws(StoreFailure) -> Receipt {
    switch reader.read(webhook) {
    case .ignored(let type): return .ignored(type: type)
    case .senseless(let reason): return try keep(webhook, reason, now)
    case .message(let message): return try apply(message, of: webhook, card, now)
    }
  }

  /// How the ids of kept webhooks begin.
  public static let letterPrefix = "webhook:"
  /// The code of kept webhooks.
  public static let letterCode = "senseless_webhook"

  private func apply(
    _ message: ProviderMessage, of webhook: Webhook, _ card: RateCard, _ now: Instant
  ) throws(StoreFailure) -> Receipt {
    var message = message
    message.customer = try customer(of: message)
    var effect = try effect(of: message, card, now)
    let outcome = try commit([
      .webhook(id: webhook.id, at: now, changes: effect.facts + effect.moves)
    ]).first
    var isDone = false
    var receipt = Receipt.repeated(type: message.event)
    if case .first(let outcomes)? = outcome {
      isDone = !outcomes.contains(.conflict)
      receipt = .applied(type: message.event, problem: effect.problem?.message)
      // Such as a sum that is too large; what else it says has its effect.
      for case .refused(let refusal) in outcomes {
        receipt = try keep(webhook, "it cannot be stored: \(refusal)", now)
      }
    }
    // Someone else has moved the customer meanwhile, or we ended before we could do what follows:
    // what is not yet remembered is worked out once more.
    while !isDone {
      effect = try self.effect(of: message, card, now)
      isDone = try !commit(effect.moves).contains(.conflict)
    }
    return receipt
  }

  /// Our id of the customer whom a message is about, which is noted where the message bears it.
  private func customer(of message: ProviderMessage) throws(StoreFailure) -> String {
    if let known = try store.customer(providerID: message.customer) { return known }
    guard let owner = message.owner, ExactText(owner) != ExactText(message.customer) else {
      return message.customer
    }
    let change = Change.identify(customer: owner, providerID: message.customer)
    return try commit([change]).first == .done ? owner : message.customer
  }

  private func effect(
    of message: ProviderMessage, _ card: RateCard, _ now: Instant
  ) throws(StoreFailure) -> WebhookEffect {
    let trail = try store.trail(of: message.customer)
    let customer = try store.customer(message.customer) ?? Customer(id: message.customer)
    return WebhookEffect(
      of: message, card: card, lock: lock(), known: .init(customer: customer, trail: trail),
      now: now, postsNotices: postsNotices)
  }

  private func keep(
    _ webhook: Webhook, _ reason: String, _ now: Instant
  ) throws(StoreFailure) -> Receipt {
    let body = String(decoding: webhook.body, as: UTF8.self).replacingNul
    var letter = DeadLetter(
      id: Self.letterPrefix + webhook.id, customer: "", body: body,
      fingerprint: Array(WebhookKeys.digest(body).utf8), code: Self.letterCode,
      message: reason.replacingNul, at: now)
    if try commit([.deadLetter(letter)]).first != .done {
      // A client has reported usage under that very name.
      letter.id = Self.letterPrefix + WebhookKeys.digest(webhook.id)
      _ = try commit([.deadLetter(letter)])
    }
    return .kept(reason: reason)
  }
}
