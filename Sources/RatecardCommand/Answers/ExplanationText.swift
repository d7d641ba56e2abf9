internal import Ratecard
internal import RatecardValues

/// Writes explanations for a person.
struct ExplanationText {
  let card: RateCard
  let isColored: Bool

  /// The whole explanation; the answer comes first.
  func text(_ explanation: Explanation) -> String {
    var text = AnswerText(card: card).text(Answer(explanation.answer))
    if !explanation.attributes.isEmpty { text += "\n" + heading("attributes") }
    let width = explanation.attributes.map(\.name.count).max() ?? 0
    for reading in explanation.attributes {
      text += "  \(padded(reading.name, width))  \(value(reading))\n"
    }
    for stage in explanation.stages {
      text += "\n" + heading(stage.section)
      for candidate in stage.candidates {
        let isWinner = ExactText(candidate.rule) == stage.winner.map(ExactText.init)
        text += self.candidate(candidate, isWinner: isWinner)
      }
      if let remark = stage.remark { text += "  \(remark)\n" }
    }
    if !explanation.steps.isEmpty {
      text += "\n" + heading("amount")
      text += steps(explanation.steps)
    }
    return text
  }

  private func heading(_ text: String) -> String {
    isColored ? "\u{1B}[1m\(text)\u{1B}[0m\n" : "\(text)\n"
  }

  private func value(_ reading: Explanation.Reading) -> String {
    var text = reading.value ?? "absent"
    var remarks: [String] = []
    if let written = reading.written,
      ExactText(written) != reading.value.map(ExactText.init)
    {
      remarks.append("written `\(written)`")
    }
    if let remark = reading.remark { remarks.append(remark) }
    if !remarks.isEmpty { text += " (\(remarks.joined(separator: ", ")))" }
    return text
  }

  private func candidate(_ candidate: Explanation.Candidate, isWinner: Bool) -> String {
    let place = "\(candidate.place.path):\(candidate.place.line)"
    var text = "  \(isWinner ? "→" : "·") \(candidate.rule): \(candidate.says)  [\(place)]\n"
    if !candidate.conditions.isEmpty { text += "      when \(candidate.conditions)\n" }
    for defeat in candidate.defeats {
      text += "      beaten by \(defeat.by), \(words(defeat.reason))\n"
    }
    return text
  }

  private func words(_ reason: Explanation.Defeat.Reason) -> String {
    switch reason {
    case .overrides: "which overrides it"
    case .moreSpecific: "which is more specific"
    case .refusal: "since a refusal wins"
    case .sameOutcome: "which says the same and sorts first"
    }
  }

  private func steps(_ steps: [Explanation.Step]) -> String {
    let labels = steps.map(\.label.count).max() ?? 0
    let amounts = steps.map { ($0.total ?? $0.part)?.description ?? "" }
    let width = amounts.map(\.count).max() ?? 0
    return zip(steps, amounts).map { step, amount in
      let space = String(repeating: " ", count: width - amount.count)
      return "  \(padded(step.label, labels))  \(space)\(amount)  \(step.detail)\n"
    }.joined()
  }
}
