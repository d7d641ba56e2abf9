import Ratecard

/// Names and values in a dictionary literal: good for a few thousand requests a second, and for
/// getting started.
func askTheEasyWay(_ card: RateCard) throws {
  let decision = try card.decide([
    "request_type": "agent", "model": "o1", "plan": "pro", "balance": 120,
  ])
  switch decision.outcome {
  case .priced(let credits):
    print("served by \(decision.model ?? "nobody") for \(credits) credits, by \(decision.rule)")
  case .denied(let reason):
    print("refused: \(reason)")
  }

  // The cost alone, with the model that really served.
  let quote = try card.price(["request_type": "agent", "model": "o1"])
  print("on its own: \(quote.outcome)")

  // What an event of the billing provider does to a customer.
  if let reaction = try card.react(to: [
    "on": "credit.balance_low", "plan": "pro", "balance": 50, "current_tier": "premium",
  ]) {
    print("now \(reaction.tier ?? "as before"): \(reaction.notify ?? "")")
  }

  // A request that says something it must not is an error that names the attribute.
  do {
    _ = try card.decide(["request_type": "chat", "modle": "o1"])
  } catch {
    print("\(error.code.rawValue): \(error.message); \(error.help ?? "")")
  }
}
