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

/// A verdict has no texts, and values that come again are looked up once.
func askWithoutTexts(_ card: RateCard) throws {
  let model = try card.handle("model")
  let balance = try card.handle("balance")
  let sonnet = try card.text("claude-sonnet", for: model)
  var request = RequestBuffer(for: card)
  request.clear()
  if let sonnet { request.set(model, sonnet) }
  try request.set(balance, integer: 120)
  let verdict = try card.judge(&request)
  if let rule = verdict.costRule { print(card.name(of: rule), verdict.credits ?? 0) }
}

/// A card prepared for requests that all carry the same attributes, in one order.
func askPrepared(_ card: RateCard) throws {
  var agents = try card.prepared(texts: ["request_type", "model"], integers: ["balance"])
  let verdict = try agents.judge(["agent", "claude-sonnet"].span, [120].span)
  if let rule = verdict.costRule { print(card.name(of: rule), verdict.credits ?? 0) }

  let texts = ["chat", "gpt-4o", "agent", "gpt-4o", "agent", "o1"]
  var verdicts = [Verdict](repeating: .unanswered, count: 3)
  var answers = verdicts.mutableSpan
  let unanswered = agents.judge(texts.span, [120, 120, 0].span, into: &answers)
  print("\(unanswered) without an answer:", verdicts.map { $0.credits?.description ?? "refused" })
}
