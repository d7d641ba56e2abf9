public import RatecardValues

/// A webhook as it came, or is to go.
public struct Webhook: Hashable, Sendable {
  /// `webhook-id`: the same for every delivery of one message.
  public var id: String
  /// `webhook-timestamp`, as text.
  public var timestamp: String
  /// `webhook-signature`: one or several, with spaces between.
  public var signature: String
  /// The body, to the byte.
  public var body: [UInt8]

  /// Makes a webhook.
  public init(id: String, timestamp: String, signature: String, body: [UInt8]) {
    self.id = id
    self.timestamp = timestamp
    self.signature = signature
    self.body = body
  }
}

/// What a genuine webhook says.
public enum WebhookReading: Hashable, Sendable {
  /// Something that concerns a customer.
  case message(ProviderMessage)
  /// Something of a type, or with a status, that nothing here is about.
  case ignored(type: String)
  /// Nothing that makes sense; why.
  case senseless(reason: String)
}

/// Reads no webhooks: for whoever only calls the provider.
public struct NoWebhooks: WebhookReader {
  /// Makes one.
  public init() {}

  /// Never.
  public func isGenuine(_ webhook: Webhook, now: Instant) -> Bool { false }

  /// Nothing.
  public func read(_ webhook: Webhook) -> WebhookReading {
    .senseless(reason: "nobody reads webhooks here")
  }
}
