internal import Ratecard
internal import RatecardModel
internal import RatecardValues
internal import RatecardWire

/// Writes answers for a person.
struct AnswerText {
  let card: RateCard

  /// An answer in a few lines.
  func text(_ answer: Answer) -> String {
    switch answer {
    case .failure(let error):
      return "error: \(AnswerWriter.message(of: error)) [\(error.code.rawValue)]\n"
    case .quote(let quote):
      return lines(
        first(quote.outcome), [("rule", quote.rule), adjustments(quote.adjustments)])
    case .decision(let decision):
      let wording = Wording(card.model)
      let parameters = decision.parameters
        .map { "\($0.name) \(wording.value($0.value))" }.joined(separator: ", ")
      let isReplaced =
        decision.requestedModel.map(ExactText.init) != decision.model.map(ExactText.init)
      return lines(
        first(decision.outcome),
        [
          ("rule", decision.rule), ("tier", decision.tier), ("tier rule", decision.tierRule),
          ("model", decision.model),
          ("asked for", isReplaced ? decision.requestedModel : nil),
          ("route", decision.route), ("queue", decision.queue),
          ("fallbacks", decision.fallbacks.joined(separator: ", ")),
          ("params", parameters), adjustments(decision.adjustments),
        ])
    }
  }

  private func first(_ outcome: Quote.Outcome) -> String {
    switch outcome {
    case .priced(let credits): "\(credits) × \(card.model.credit.unit)"
    case .denied(let reason): "refused: \(reason)"
    }
  }

  private func adjustments(_ names: [String]) -> (String, String?) {
    ("adjusted by", names.joined(separator: ", "))
  }

  private func lines(_ first: String, _ facts: [(String, String?)]) -> String {
    let carried = facts.compactMap { name, value in
      value.flatMap { $0.isEmpty ? nil : (name, $0) }
    }
    let width = carried.map(\.0.count).max() ?? 0
    return first + "\n" + carried.map { "  \(padded($0.0, width))  \($0.1)\n" }.joined()
  }
}
