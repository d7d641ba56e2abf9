public import RatecardModel
public import RatecardValues

/// Which of the provider's products each plan of a card is.
///
/// A plan's product is the one that was made for it in this environment; else the card's own
/// `product`, which is the same in every environment. A customer may have bought either.
public struct PlanProducts: Sendable {
  private let plans: [(name: ExactText, made: String?, named: String?)]

  /// The products of a card's plans, with what a lock says was made.
  public init(_ card: Card, _ lock: ProviderLock?) {
    plans = card.plans.map { plan in
      (plan.name, lock?.products.first { $0.plan == plan.name }?.id, plan.product)
    }
  }

  /// The product to sell for a plan; nil: there is none.
  public func product(of plan: ExactText) -> String? {
    plans.first { $0.name == plan }.flatMap { $0.made ?? $0.named }
  }

  /// The plan that a product is.
  public func plan(of product: String) -> ExactText? {
    let product = ExactText(product)
    let plan =
      plans.first { $0.made.map(ExactText.init) == product }
      ?? plans.first { $0.named.map(ExactText.init) == product }
    return plan?.name
  }
}
