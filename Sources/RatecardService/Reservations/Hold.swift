internal import Ratecard
internal import RatecardModel
internal import RatecardStore
internal import RatecardValues

/// Whether a reservation may be made while the customer's balance is not known.
package enum UnknownBalance: String, CaseIterable, Sendable {
  /// The credits are held, for what the card allows without a balance.
  case hold
  /// It is refused.
  case refuse
}

/// The credits that a decision may come to cost, and what must be there for them.
struct Hold: Sendable {
  /// The price by the dearest of the models that may serve: the chosen one and its fallbacks.
  ///
  /// A fallback that the card has no price for, or refuses, does not count: usage by it would be
  /// refused as well.
  let credits: Number

  /// The hold of a decision that has a price; `request` is what was decided.
  init(
    _ decision: Decision, price: Number, _ request: [String: RequestValue], _ card: RateCard,
    at: Instant
  ) throws(RequestError) {
    var most = max(price, .zero)
    var attributes = decision.served(request)
    for model in decision.fallbacks {
      attributes["model"] = .text(model)
      do throws(RequestError) {
        let quote = try card.price(attributes, at: at)
        if case .priced(let credits) = quote.outcome { most = max(most, credits) }
      } catch {
        if error.code == .overflow { throw error }
      }
    }
    credits = most
  }

  /// The least that may be available once credits are held: below zero as far as the plan allows
  /// overage; nil: no matter how far.
  static func floor(of plan: RequestValue?, _ card: RateCard) -> Number? {
    var terms = card.model.credit.grant.overage
    if case .text(let name)? = plan {
      let known = card.model.plans.first { $0.name == ExactText(name) }
      terms = known?.grant.overage ?? terms
    }
    guard let terms else { return .zero }
    return terms.limit.flatMap { try? .zero - $0 }
  }
}

extension Decision {
  /// A request as it is served: by the model and in the tier that were chosen.
  func served(_ request: [String: RequestValue]) -> [String: RequestValue] {
    var attributes = request
    attributes["model"] = model.map { .text($0) }
    attributes["requested_model"] = requestedModel.map { .text($0) }
    attributes["tier"] = tier.map { .text($0) }
    return attributes
  }
}
