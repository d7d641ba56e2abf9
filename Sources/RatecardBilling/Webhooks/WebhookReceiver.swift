internal import CSodium
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
  private let commit: Commit
  private let lock: @Sendable () -> ProviderLock?

  /// Makes a receiver; what it reads from `store` it changes through `commit`.
  ///
  /// `lock` says which products were made for the card's plans.
  public init(
    reader: any WebhookReader, store: Store,
    lock: @escaping @Sendable () -> ProviderLock? = { nil },
    commit: @escaping Commit
  ) {
    self.reader = reader
    self.store = store
    self.lock = lock
    self.commit = commit
  }

  /// Takes in a webhook.
  ///
  /// When it throws, nothing is promised, and the provider must try again.
  public func receive(
    _ webhook: Webhook, card: RateCard, now: Instant
  ) throws(StoreFailure) -> Receipt {
    guard reader.isGenuine(webhook, now: now) else { return .forged }
    switch reader.read(webhook) {
    case .ignored(let type): return .ignored(type: type)
    case .senseless(let reason): return try keep(webhook, reason, now)
    case .message(let message): return try apply(message, webhook.id, card, now)
    }
  }

  private func apply(
    _ message: ProviderMessage, _ id: String, _ card: RateCard, _ now: Instant
  ) throws(StoreFailure) -> Receipt {
    var message = message
    message.customer = try customer(of: message)
    var effect = try effect(of: message, card, now)
    let outcome = try commit([
      .webhook(id: id, at: now, changes: effect.facts + effect.moves)
    ]).first
    var isDone = false
    var receipt = Receipt.repeated(type: message.event)
    if case .first(let outcomes)? = outcome {
      isDone = !outcomes.contains(.conflict)
      receipt = .applied(type: message.event, problem: effect.problem?.message)
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
      now: now)
  }

  private func keep(
    _ webhook: Webhook, _ reason: String, _ now: Instant
  ) throws(StoreFailure) -> Receipt {
    let body = String(decoding: webhook.body, as: UTF8.self).replacingNul
    let letter = DeadLetter(
      id: "webhook:" + WebhookKeys.digest(webhook.id), customer: "", body: body,
      fingerprint: Array(WebhookKeys.digest(body).utf8), code: "senseless_webhook",
      message: "webhook `\(webhook.id)`: \(reason)".replacingNul, at: now)
    _ = try commit([.deadLetter(letter)])
    return .kept(reason: reason)
  }
}
