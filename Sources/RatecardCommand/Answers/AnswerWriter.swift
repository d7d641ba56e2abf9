internal import Ratecard
internal import RatecardJSON
internal import RatecardModel
internal import RatecardValues

/// Writes answers as JSON: keys in a fixed order, amounts as decimal strings, and what an answer
/// does not have left out.
struct AnswerWriter {
  let cardName: String
  let version: String

  /// Writes a whole decision.
  func write(_ decision: Decision, to json: inout JSONWriter) {
    guard let credits = price(decision.outcome, rule: decision.rule, to: &json) else { return }
    json.beginObject()
    json.member("credits", credits.description)
    json.member("rule", decision.rule)
    optional("tier", decision.tier, to: &json)
    optional("tier_rule", decision.tierRule, to: &json)
    optional("model", decision.model, to: &json)
    optional("requested_model", decision.requestedModel, to: &json)
    optional("queue", decision.queue, to: &json)
    list("fallbacks", decision.fallbacks, to: &json)
    json.key("params")
    json.beginObject()
    for parameter in decision.parameters {
      json.key(parameter.name.string)
      write(parameter.value, to: &json)
    }
    json.endObject()
    optional("route", decision.route, to: &json)
    end(adjustments: decision.adjustments, to: &json)
  }

  /// How the answer to a request that has a price begins.
  static let head = #"{"credits":""#

  /// What follows the credits in the answer of a decision that has a price.
  func tail(of decision: Decision) -> [UInt8] {
    guard case .priced(let credits) = decision.outcome else {
      preconditionFailure("only what has a price begins with it")
    }
    var json = JSONWriter()
    write(decision, to: &json)
    return Array(json.bytes.dropFirst(Self.head.utf8.count + credits.description.utf8.count))
  }

  /// Writes the cost alone.
  func write(_ quote: Quote, to json: inout JSONWriter) {
    guard let credits = price(quote.outcome, rule: quote.rule, to: &json) else { return }
    json.beginObject()
    json.member("credits", credits.description)
    json.member("rule", quote.rule)
    end(adjustments: quote.adjustments, to: &json)
  }

  /// Writes why there is no answer; what to do about it joins the message.
  static func write(_ error: RequestError, to json: inout JSONWriter) {
    json.beginObject()
    json.key("error")
    json.beginObject()
    json.member("code", error.code.rawValue)
    json.member("message", message(of: error))
    if let attribute = error.attribute { json.member("attribute", attribute) }
    json.endObject()
    json.endObject()
  }

  /// An error's message with its help, in one line.
  static func message(of error: RequestError) -> String {
    error.help.map { "\(error.message); \($0)" } ?? error.message
  }

  /// The price of an outcome, or nil after its refusal is written.
  private func price(
    _ outcome: Quote.Outcome, rule: String, to json: inout JSONWriter
  ) -> Number? {
    switch outcome {
    case .priced(let credits): return credits
    case .denied(let reason):
      json.beginObject()
      json.member("denied", reason)
      json.member("rule", rule)
      json.endObject()
      return nil
    }
  }

  private func end(adjustments: [String], to json: inout JSONWriter) {
    list("adjustments", adjustments, to: &json)
    json.member("ratecard", cardName)
    json.member("version", version)
    json.endObject()
  }

  private func optional(_ name: String, _ text: String?, to json: inout JSONWriter) {
    if let text { json.member(name, text) }
  }

  private func list(_ name: String, _ texts: [String], to json: inout JSONWriter) {
    json.key(name)
    json.beginArray()
    for text in texts { json.string(text) }
    json.endArray()
  }

  private func write(_ value: Value, to json: inout JSONWriter) {
    switch value {
    case .text(let text): json.string(text.string)
    case .flag(let flag): json.bool(flag)
    case .number(let number): json.number(number.description)
    case .instant(let instant): json.string(instant.description)
    }
  }
}
