public import Ratecard
public import RatecardModel
public import RatecardValues

/// What a rate card answers to one of its tests.
public enum TestAnswer: Sendable {
  /// The whole decision.
  case decision(Decision)
  /// The cost alone.
  case quote(Quote)
  /// What an event does; nil: nothing.
  case reaction(Reaction?)
  /// No answer, and why.
  case failure(RequestError)
}

/// One part of an answer, to be held against what a test expects.
public enum AnswerPart: Hashable, Sendable, CustomStringConvertible {
  case number(Number)
  case text(ExactText)
  case texts([ExactText])
  case parameters([Route.Parameter])

  /// The part as a card would spell it.
  public var description: String {
    switch self {
    case .number(let number): number.description
    case .text(let text): text.string
    case .texts(let texts): "[\(texts.map(\.string).joined(separator: ", "))]"
    case .parameters(let parameters):
      "{\(parameters.map { "\($0.name): \(Self.spelling($0.value))" }.joined(separator: ", "))}"
    }
  }

  private static func spelling(_ value: Value) -> String {
    switch value {
    case .text(let text): text.string
    case .flag(let flag): flag ? "true" : "false"
    case .number(let number): number.description
    case .instant(let instant): instant.description
    }
  }
}

extension TestAnswer {
  /// The part that a test may name; nil: the answer does not have it.
  public subscript(part: CardTest.Expected.Part) -> AnswerPart? {
    switch self {
    case .failure(let error): part == .error ? .text(ExactText(error.code.rawValue)) : nil
    case .reaction(let reaction): reaction.flatMap { Self.part(part, of: $0) }
    case .quote(let quote):
      Self.part(part, outcome: quote.outcome, rule: quote.rule, adjustments: quote.adjustments)
    case .decision(let decision): Self.part(part, of: decision)
    }
  }

  private static func part(
    _ part: CardTest.Expected.Part, outcome: Quote.Outcome, rule: String, adjustments: [String]
  ) -> AnswerPart? {
    switch (part, outcome) {
    case (.credits, .priced(let credits)): .number(credits)
    case (.denied, .denied(let reason)): .text(ExactText(reason))
    case (.rule, _): .text(ExactText(rule))
    case (.adjustments, _): .texts(adjustments.map(ExactText.init))
    default: nil
    }
  }

  private static func part(
    _ part: CardTest.Expected.Part, of decision: Decision
  ) -> AnswerPart? {
    switch part {
    case .tier: decision.tier.map { .text(ExactText($0)) }
    case .tierRule: decision.tierRule.map { .text(ExactText($0)) }
    case .model: decision.model.map { .text(ExactText($0)) }
    case .requestedModel: decision.requestedModel.map { .text(ExactText($0)) }
    case .queue: decision.queue.map { .text(ExactText($0)) }
    case .route: decision.route.map { .text(ExactText($0)) }
    case .fallbacks: .texts(decision.fallbacks.map(ExactText.init))
    case .params: .parameters(decision.parameters)
    case .credits, .rule, .adjustments, .denied, .error, .notify:
      Self.part(
        part, outcome: decision.outcome, rule: decision.rule, adjustments: decision.adjustments)
    }
  }

  private static func part(
    _ part: CardTest.Expected.Part, of reaction: Reaction
  ) -> AnswerPart? {
    switch part {
    case .rule: .text(ExactText(reaction.rule))
    case .tier: reaction.tier.map { .text(ExactText($0)) }
    case .notify: reaction.notify.map { .text(ExactText($0)) }
    default: nil
    }
  }

  /// The answer in a line, for a person who looks for what a test got instead.
  public var summary: String {
    switch self {
    case .failure(let error): "error \(error.code.rawValue): \(error.message)"
    case .reaction(nil): "no rule of events"
    case .reaction(let reaction?): "rule \(reaction.rule)"
    case .quote(let quote): Self.summary(quote.outcome, rule: quote.rule)
    case .decision(let decision): Self.summary(decision.outcome, rule: decision.rule)
    }
  }

  private static func summary(_ outcome: Quote.Outcome, rule: String) -> String {
    switch outcome {
    case .priced(let credits): "credits \(credits) by \(rule)"
    case .denied(let reason): "denied by \(rule): \(reason)"
    }
  }
}
