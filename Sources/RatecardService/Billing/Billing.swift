package import RatecardBilling
internal import Ratecard
internal import RatecardStore
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
      return DodoProvider(
        account, webhooks: webhooks, limiter: limiter, clock: { .present },
        transport: HTTPClient.transport())
    }
  }

  /// Whether the provider can be asked what balance a customer has.
  var knowsBalances: Bool {
    switch self {
    case .log: false
    case .dodo: true
    }
  }

  /// The same, with credits to debit where it names none.
  func debiting(_ entitlement: String?) -> BillingOptions {
    guard case .dodo(var account) = self else { return self }
    account.entitlement = account.entitlement ?? entitlement
    return .dodo(account)
  }

  /// The kind of credits that webhooks are about, where the account has several.
  var entitlement: String? {
    if case .dodo(let account) = self { account.entitlement } else { nil }
  }
}

/// What the service calls its billing provider with, from whichever thread.
struct ProviderAccounts: Sendable {
  let billing: BillingOptions
  let webhooks: any WebhookReader
  let store: Store
  /// One for all threads: the provider counts their calls together.
  let limiter = RateLimiter()
  /// What was made for the card at the provider.
  let lock: LockBook

  /// A provider for the thread that asks, which knows customers by our ids.
  func makeProvider() -> any BillingProvider {
    IdentifiedProvider(
      billing.makeProvider(webhooks: webhooks, limiter: limiter), store: store)
  }
}
