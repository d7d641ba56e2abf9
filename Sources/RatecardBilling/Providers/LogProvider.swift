internal import RatecardJSON
public import RatecardValues

/// A provider that only writes what would be sent: one JSON object a line.
public struct LogProvider: BillingProvider {
  /// What reads webhooks, should any come.
  public let webhooks: any WebhookReader
  private let write: ([UInt8]) -> Void

  /// Makes a provider that hands whole lines to `write`.
  public init(webhooks: any WebhookReader, write: @escaping ([UInt8]) -> Void) {
    self.webhooks = webhooks
    self.write = write
  }

  /// Always at once.
  public func readyAt(_ now: Instant) -> Instant { now }

  /// Writes a line for each event, the way Dodo Payments would get it.
  public func send(_ events: [MeterEvent]) throws(ProviderFailure) {
    var json = JSONWriter()
    for event in events {
      EventWriter.write(event, to: &json)
      json.raw(CollectionOfOne(UInt8(ascii: "\n")))
    }
    write(json.bytes)
  }

  /// Never: what was written before is not read.
  public func has(event id: String) throws(ProviderFailure) -> Bool { false }

  /// Writes the debit.
  public func debit(_ event: MeterEvent, credits: Number) throws(ProviderFailure) {
    line { json in
      json.beginObject()
      json.member("debit", credits.description)
      json.key("event")
      EventWriter.write(event, to: &json)
      json.endObject()
    }
  }

  /// Unknown.
  public func balance(of customer: String) throws(ProviderFailure) -> Number? { nil }

  /// Everybody is known by the own id.
  public func register(_ customer: CustomerRegistration) throws(ProviderFailure) -> String {
    customer.id
  }

  /// Writes the order; the session that is answered has no page.
  public func checkout(_ order: CheckoutOrder) throws(ProviderFailure) -> CheckoutSession {
    line { json in
      json.beginObject()
      json.key("checkout")
      CheckoutWriter.write(order, to: &json)
      json.endObject()
    }
    return CheckoutSession(id: "log", url: nil)
  }

  private func line(_ body: (inout JSONWriter) -> Void) {
    var json = JSONWriter()
    body(&json)
    json.raw(CollectionOfOne(UInt8(ascii: "\n")))
    write(json.bytes)
  }
}
