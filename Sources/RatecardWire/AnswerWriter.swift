public import Ratecard
public import RatecardJSON
internal import RatecardModel
internal import RatecardValues

/// Writes answers as JSON: keys in a fixed order, amounts as decimal strings, and what an answer
/// does not have left out.
public struct AnswerWriter: Sendable {
  /// The name of the card that answers.
  public let cardName: String
  /// Its version.
  public let version: String

  /// Makes a writer of a card's answers.
  public init(cardName: String, version: String) {
    self.cardName = cardName
    self.version = version
  }

  /// What an answer with a price says after its credits.
  enum Part: UInt64 {
    /// What it costs by.
    case rule
    /// Who is served how: tier, models and route.
    case service
    /// What it is worked out by: adjustments and the card.
    case basis

    /// The parts of a decision, in their order.
    static let ofDecision: [Part] = [.rule, .service, .basis]
    /// The parts of a cost alone, in their order.
    static let ofQuote: [Part] = [.rule, .basis]
  }

  /// Writes a whole decision.
  public func write(_ decision: Decision, to json: inout JSONWriter) {
    json.beginObject()
    writeMembers(of: decision, to: &json)
    json.endObject()
  }

  /// Writes the members of a decision's object, for whoever has more of them.
  public func writeMembers(of decision: Decision, to json: inout JSONWriter) {
    writeMembers(of: decision, Part.ofDecision, to: &json)
  }

  /// Writes the cost alone.
  public func write(_ quote: Quote, to json: inout JSONWriter) {
    json.beginObject()
    writeMembers(of: quote, to: &json)
    json.endObject()
  }

  /// Writes the members of a quote's object, for whoever has more of them.
  public func writeMembers(of quote: Quote, to json: inout JSONWriter) {
    let decision = Decision(
      outcome: quote.outcome, rule: quote.rule, adjustments: quote.adjustments)
    writeMembers(of: decision, Part.ofQuote, to: &json)
  }

  private func writeMembers(
    of decision: Decision, _ parts: [Part], to json: inout JSONWriter
  ) {
    switch decision.outcome {
    case .priced(let credits):
      json.member("credits", credits.description)
      for part in parts { write(part, of: decision, to: &json) }
    case .denied(let reason):
      json.member("denied", reason)
      json.member("rule", decision.rule)
    }
  }

  /// A whole decision but for its closing brace.
  func open(_ decision: Decision) -> [UInt8] {
    var json = JSONWriter()
    write(decision, to: &json)
    return json.bytes.dropLast()
  }

  /// How an answer that has a price begins; the credits and a quote follow, the parts, and a brace.
  static let head: StaticString = #"{"credits":""#

  /// A part of an answer, with the comma before it.
  func text(of part: Part, in decision: Decision) -> [UInt8] {
    var json = JSONWriter()
    json.beginObject()
    json.member("credits", "")
    let start = json.bytes.count
    write(part, of: decision, to: &json)
    return Array(json.bytes[start...])
  }

  private func write(_ part: Part, of decision: Decision, to json: inout JSONWriter) {
    switch part {
    case .rule: json.member("rule", decision.rule)
    case .service:
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
    case .basis:
      list("adjustments", decision.adjustments, to: &json)
      json.member("ratecard", cardName)
      json.member("version", version)
    }
  }

  /// Writes why there is no answer; what to do about it joins the message.
  public static func write(_ error: RequestError, to json: inout JSONWriter) {
    json.beginObject()
    writeMembers(of: error, to: &json)
    json.endObject()
  }

  /// Writes the members of an error's object, for whoever has more of them.
  public static func writeMembers(of error: RequestError, to json: inout JSONWriter) {
    json.key("error")
    json.beginObject()
    json.member("code", error.code.rawValue)
    json.member("message", message(of: error))
    if let attribute = error.attribute { json.member("attribute", attribute) }
    json.endObject()
  }

  /// An error's message with its help, in one line.
  public static func message(of error: RequestError) -> String {
    error.help.map { "\(error.message); \($0)" } ?? error.message
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
