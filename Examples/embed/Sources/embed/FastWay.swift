import Ratecard

/// Attributes looked up once and one buffer for all requests: nothing is looked up by name and no
/// storage is made for each request.
func askTheFastWay(_ card: RateCard) throws {
  let requestType = try card.handle("request_type")
  let model = try card.handle("model")
  let balance = try card.handle("balance")
  var request = RequestBuffer(for: card)

  for (kind, left) in [("chat", 120), ("agent", 120), ("agent", 0), ("tab_completion", 0)] {
    request.clear()
    try request.set(requestType, text: kind)
    try request.set(model, text: "gpt-4o")
    try request.set(balance, .number(.init(left)))
    let decision = try card.decide(&request)
    print("\(kind) with \(left) left: \(decision.tier ?? "") \(decision.outcome)")
  }
}
