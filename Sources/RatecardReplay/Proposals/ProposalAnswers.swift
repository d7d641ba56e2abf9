internal import Ratecard
internal import RatecardAnalysis
internal import RatecardModel
internal import RatecardValues

/// Asks a card what is proposed to be asked, and chooses what shows most.
struct ProposalAnswers {
  private let card: RateCard
  /// An instant of every stretch of time that the card tells apart.
  private let instants: [Instant]

  init(_ card: RateCard, instants: [Instant]) {
    self.card = card
    self.instants = instants
  }

  /// A request with the card's answer.
  struct Asked {
    let question: CardTest.Question
    let request: Proposal.Case
    let answer: TestAnswer
  }

  /// The first of the best ways to ask; nil: the rule is seen in none.
  func best(of proposal: Proposal) -> [Asked]? {
    let wanted = RuleReference(section: proposal.section, name: proposal.rule)
    var best: (worth: Worth, asked: [Asked])?
    for choice in proposal.choices {
      let asked = choice.cases.map { request in
        Asked(
          question: choice.question, request: request,
          answer: answer(choice.question, request.pairs, at: request.at))
      }.filter(\.isAnAnswer)
      let names = asked.contains { $0.answer.rules(of: card.model).contains(wanted) }
      guard names else { continue }
      let worth = Worth(asked.map(\.answer))
      if best.map({ $0.worth < worth }) ?? true { best = (worth, asked) }
    }
    return best?.asked
  }

  /// How much some answers show: a price more than a refusal, several more than one.
  private struct Worth: Comparable {
    private enum Kind: Comparable { case error, refusal, nothing, price }
    private let kind: Kind
    private let outcomes: Int

    init(_ answers: [TestAnswer]) {
      var kind = Kind.error
      var outcomes: Set<Quote.Outcome> = []
      for answer in answers {
        let outcome: Quote.Outcome
        switch answer {
        case .failure, .reaction: continue
        case .quote(let quote): outcome = quote.outcome
        case .decision(let decision): outcome = decision.outcome
        }
        outcomes.insert(outcome)
        switch outcome {
        case .denied: kind = max(kind, .refusal)
        case .priced(let credits): kind = max(kind, credits.isZero ? .nothing : .price)
        }
      }
      self.kind = kind
      self.outcomes = outcomes.count
    }

    static func < (left: Worth, right: Worth) -> Bool {
      (left.kind, left.outcomes) < (right.kind, right.outcomes)
    }
  }

  private func answer(
    _ question: CardTest.Question, _ pairs: [Proposal.Pair], at now: Instant?
  ) -> TestAnswer {
    let request = Dictionary(
      pairs.map { ($0.name, RequestValue($0.value)) }, uniquingKeysWith: { first, _ in first })
    return TestAnswer(card, question, request, at: now ?? .earliest)
  }

  /// Tests of what was asked, with `at` in all of them where the answer to one, or who gives it,
  /// changes with time.
  func tests(_ asked: [Asked], of proposal: Proposal) -> [ProposedTest] {
    let changes = asked.contains { asked in
      guard asked.request.at != nil else { return false }
      let expected = expectations(asked.answer, of: proposal)
      let rules = asked.answer.rules(of: card.model)
      return instants.contains { instant in
        let other = answer(asked.question, asked.request.pairs, at: instant)
        return expectations(other, of: proposal) != expected || other.rules(of: card.model) != rules
      }
    }
    return asked.map { asked in
      var inputs = asked.request.pairs.map { ProposedTest.Input(name: $0.name, value: $0.value) }
      if changes, let at = asked.request.at {
        inputs.append(ProposedTest.Input(name: "at", value: .instant(at)))
      }
      let title = asked.request.title
      return ProposedTest(
        name: title.isEmpty ? proposal.subject : "\(proposal.subject), \(title)",
        question: asked.question, inputs: inputs,
        expected: expectations(asked.answer, of: proposal), section: proposal.section)
    }
  }

  /// The parts of an answer that say what matters to whoever reads the test.
  private func expectations(
    _ answer: TestAnswer, of proposal: Proposal
  ) -> [ProposedTest.Expected] {
    let parts: [CardTest.Expected.Part]
    switch answer {
    case .failure: parts = [.error]
    case .reaction: parts = [.tier, .notify]
    case .quote where proposal.section == "adjustments": parts = [.credits, .adjustments, .denied]
    case .quote: parts = [.credits, .denied]
    case .decision: parts = [.tier, .model, .queue, .credits, .denied]
    }
    return parts.compactMap { part in
      switch answer[part] {
      case .number(let number): ProposedTest.Expected(part: part, answer: .number(number))
      case .text(let text): ProposedTest.Expected(part: part, answer: .text(text))
      case .texts(let texts): ProposedTest.Expected(part: part, answer: .texts(texts))
      case .parameters: nil
      case nil:
        // That nothing happens is what an event's test is about.
        if case .reaction = answer {
          ProposedTest.Expected(part: part, answer: .absent)
        } else {
          nil
        }
      }
    }
  }
}

extension ProposalAnswers.Asked {
  /// Whether it is a request, and its price can be held.
  fileprivate var isAnAnswer: Bool {
    if case .failure(let error) = answer { return error.code == .unpriced }
    return true
  }
}
