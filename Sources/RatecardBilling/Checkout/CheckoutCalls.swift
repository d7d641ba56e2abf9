public import Ratecard
internal import RatecardModel

/// Makes sessions in which someone buys a plan.
///
/// A provider makes a session each time it is asked and knows no idempotency key, so what is tried
/// again is told apart:
///
/// - **surely not taken, and passing**: no connection came about, or the provider answered that it
///   wants fewer calls. Nothing was made, so it is tried again for some seconds.
/// - **refused, or not taken for longer**: what was asked for, or the key, is at fault. Trying again
///   changes nothing.
/// - **of unknown fate**: no answer, half of one, or one that may come from a gateway on the way. A
///   session may have been made, whose page nobody was told of and which ends by itself. Only who
///   asked knows whether the buyer still waits, so it is told, and does with that what it likes.
public struct CheckoutCalls {
  private let provider: any BillingProvider
  private let caller: PatientCaller

  /// Makes one for a provider.
  public init(_ provider: any BillingProvider, world: PatientCaller.World) {
    self.provider = provider
    // After that nobody looks at the page any more.
    caller = PatientCaller(world: world, patienceMilliseconds: 4_000)
  }

  /// Makes a session in which a plan of a card is bought.
  ///
  /// A buyer with a `customer` is registered first: so usage of that id has someone to be sent
  /// for, and the webhooks that follow find the customer, whichever comes first.
  public func session(
    for request: CheckoutRequest, of card: RateCard, lock: ProviderLock?
  ) throws(CheckoutFailure) -> CheckoutSession {
    var order = try request.order(card, PlanProducts(card.model, lock))
    do throws(ProviderFailure) {
      if let customer = request.customer {
        let registration = CustomerRegistration(
          id: customer, email: request.email, name: request.name)
        let id = try caller.call(provider.readyAt, isRepeatable: true) {
          () throws(ProviderFailure) in
          try provider.register(registration)
        }
        order.buyer = .customer(id: id)
        order.metadata = CustomerMark.metadata(of: customer)
      }
      return try caller.call(provider.readyAt, isRepeatable: false) {
        [order] () throws(ProviderFailure) in
        try provider.checkout(order)
      }
    } catch {
      throw .provider(error)
    }
  }
}

extension ProviderFailure {
  /// What became of a checkout, and what to do now.
  public var advice: String {
    switch kind {
    case .refused: "the billing provider refuses this: \(reason)"
    case .notTaken:
      "the billing provider has not taken this, and nothing was made: \(reason)"
        + (isPassing ? "; ask again later" : "")
    case .fateUnknown:
      "it is not known whether the billing provider made a session: \(reason); asking again makes "
        + "another and harms nobody, for nobody has the first one's page, and it expires in 24 hours"
    }
  }
}
