package import RatecardBilling
internal import Ratecard
internal import RatecardValues

/// Which billing provider the service ships to, and whose webhooks it takes.
package enum BillingOptions: Sendable {
  /// Writes what it would send, through this.
  case log(write: @Sendable ([UInt8]) -> Void)
  /// Dodo Payments.
  case dodo(DodoProvider.Account)

  /// A provider for the thread that asks.
  func makeProvider(webhooks: any WebhookReader, limiter: RateLimiter) -> any BillingProvider {
    switch self {
    case .log(let write): return LogProvider(webhooks: webhooks, write: write)
    case .dodo(let account):
      let transport = ClientTransport()
      return DodoProvider(
        account, webhooks: webhooks, limiter: limiter, clock: { .present },
        transport: { request throws(TransportFailure) in try transport.send(request) })
    }
  }

  /// Whether the provider can be asked what balance a customer has.
  var knowsBalances: Bool {
    switch self {
    case .log: false
    case .dodo: true
    }
  }

  /// The kind of credits that webhooks are about, where the account has several.
  var entitlement: String? {
    if case .dodo(let account) = self { account.entitlement } else { nil }
  }
}

/// A client that a closure can hold.
final class ClientTransport {
  private let client: HTTPClient

  init(limits: HTTPClient.Limits = .init()) { client = HTTPClient(limits: limits) }

  func send(_ request: HTTPRequest) throws(TransportFailure) -> HTTPResponse {
    try client.send(request)
  }
}
