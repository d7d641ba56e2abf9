import Ratecard
import RatecardModel
import RatecardTwin
import RatecardValues

/// Asks the engine and the twin the same, and says where they differ.
struct Comparison {
  let twin: Twin
  let card: RateCard
  private let forms: Forms
  /// Spells values of requests now one way, now another.
  private var random: SeededRandom
  /// The side that a key of a route's split has landed on.
  private var sides: [TwinText: TwinText] = [:]
  /// How often the engine said that it overflows, and rightly.
  private(set) var overflows = 0
  private(set) var unpriced = 0
  private(set) var denied = 0
  private(set) var priced = 0
  private(set) var invalid = 0

  init(_ twin: Twin, _ card: RateCard, seed: UInt64) {
    self.twin = twin
    self.card = card
    forms = Forms(card)
    random = SeededRandom(seed: seed)
  }

  /// How the answers to a request differ; nil: they do not.
  mutating func difference(
    _ inputs: [String: TwinValue], _ kind: RequestGenerator.Kind
  ) -> String? {
    var request: [String: RequestValue] = [:]
    for (name, value) in inputs.sorted(by: { $0.key < $1.key }) {
      guard let spelled = spelled(value, twin.card.card.attribute(named: name)?.kind) else {
        return nil
      }
      request[name] = spelled
    }
    if kind == .price, !twin.foresees(inputs) { return "no request of the twin's is like this" }
    if kind != .event, let problem = forms.difference(request, isPrice: kind == .price) {
      return problem
    }
    switch kind {
    case .price: return price(inputs, request)
    case .decision: return decision(inputs, request)
    case .event: return reaction(inputs, request)
    }
  }

  private mutating func price(
    _ inputs: [String: TwinValue], _ request: [String: RequestValue]
  ) -> String? {
    let mine = Result { () throws(TwinError) in try twin.price(inputs) }
    do {
      let quote = try card.price(request)
      return differ("\(quote)", quote.outcome, quote.rule, quote.adjustments, mine)
    } catch {
      return differ(error, mine)
    }
  }

  private mutating func decision(
    _ inputs: [String: TwinValue], _ request: [String: RequestValue]
  ) -> String? {
    do {
      let decision = try card.decide(request)
      let side = decision.model.map { TwinText($0) }
      let mine = Result { () throws(TwinError) in try twin.decide(inputs, side: side) }
      let expected: TwinDecision
      switch mine {
      case .success(let answer): expected = answer
      case .failure(let error): return "engine \(decision), twin \(error)"
      }
      let routed = expected.routed
      var isEqual = decision.tier.map { ExactText($0) } == expected.tier
      isEqual = isEqual && decision.tierRule.map { TwinText($0) } == expected.tierRule
      isEqual = isEqual && decision.route.map { TwinText($0) } == expected.route
      isEqual = isEqual && side == expected.model
      isEqual = isEqual && decision.requestedModel.map { TwinText($0) } == expected.requestedModel
      isEqual = isEqual && decision.queue.map { ExactText($0) } == routed?.queue
      isEqual = isEqual && decision.fallbacks.map { ExactText($0) } == routed?.fallbacks ?? []
      isEqual = isEqual && decision.parameters == routed?.parameters ?? []
      if !isEqual { return "engine \(decision), twin \(expected)" }
      if let split = routed?.split, let side, let key = inputs[twin.card.card[split.by].name] {
        let place = TwinText("\(decision.route ?? "")\u{0}\(key)")
        if sides.updateValue(side, forKey: place) ?? side != side {
          return "the key \(key) of the split \(decision.route ?? "") lands on two sides"
        }
      }
      return differ(
        "\(decision)", decision.outcome, decision.rule, decision.adjustments, expected.quote)
    } catch {
      // Where the engine took a side of a split and then failed, any side may be the one.
      let sides: [TwinText?] =
        [nil] + twin.card.card.models.models.map { TwinText($0.name) }
        + ["m1", "m1-mini", "m2"].map { TwinText($0) }
      var last: String?
      for side in sides {
        let mine = Result { () throws(TwinError) in try twin.decide(inputs, side: side) }
        last = differ(error, mine.flatMap { $0.quote })
        if last == nil { return nil }
      }
      return last
    }
  }

  private func reaction(
    _ inputs: [String: TwinValue], _ request: [String: RequestValue]
  ) -> String? {
    let mine = Result { () throws(TwinError) in try twin.react(inputs) }
    do {
      let reaction = try card.react(to: request)
      switch mine {
      case .success(let answer):
        let isEqual =
          (reaction?.rule).map { TwinText($0) } == answer?.rule
          && (reaction?.tier).map { ExactText($0) } == answer?.outcome.tier
          && (reaction?.notify).map { ExactText($0) } == answer?.outcome.notify
        return isEqual
          ? nil : "engine \(String(describing: reaction)), twin \(String(describing: answer))"
      case .failure(let error): return "engine \(String(describing: reaction)), twin \(error)"
      }
    } catch {
      if case .failure(.invalidRequest) = mine, error.code == .invalidRequest { return nil }
      return "engine \(error), twin \(mine)"
    }
  }

  private mutating func differ(
    _ whole: String, _ outcome: Quote.Outcome, _ rule: String, _ adjustments: [String],
    _ mine: Result<TwinQuote, TwinError>
  ) -> String? {
    guard case .success(let quote) = mine else { return "engine \(whole), twin \(mine)" }
    let isEqual =
      switch (outcome, quote.outcome) {
      case (.priced(let credits), .priced(let expected)): Fraction(credits) == expected
      case (.denied(let text), .denied(let expected)): ExactText(text) == expected
      default: false
      }
    if case .priced = outcome { priced += 1 } else { denied += 1 }
    return isEqual && TwinText(rule) == quote.rule
      && adjustments.map { TwinText($0) } == quote.adjustments
      ? nil : "engine \(whole), twin \(quote)"
  }

  private mutating func differ(
    _ error: RequestError, _ mine: Result<TwinQuote, TwinError>
  ) -> String? {
    switch (error.code, mine) {
    case (.invalidRequest, .failure(.invalidRequest)): invalid += 1
    case (.unpriced, .failure(.unpriced)): unpriced += 1
    case (.overflow, .success(let quote)) where quote.isLong: overflows += 1
    default: return "engine \(error), twin \(mine)"
    }
    return nil
  }

  /// The value as a caller gives it; nil: it cannot be written.
  private mutating func spelled(_ value: TwinValue, _ kind: Attribute.Kind?) -> RequestValue? {
    let isText: Bool
    switch kind {
    // Text that spells a number is text to such an attribute.
    case .text, .choice, .windows, nil: isText = false
    case .flag, .count, .quantity, .number, .instant: isText = random.chance(25)
    }
    switch value {
    case .text(let text): return .text(text.description)
    case .flag(let flag): return isText ? .text("\(flag)") : .flag(flag)
    case .number(let fraction):
      guard let number = try? Number(parsing: fraction.description, signed: true) else {
        return nil
      }
      return isText ? .text(fraction.description) : .number(number)
    case .instant(let nanoseconds):
      guard let instant = Instant(nanoseconds: nanoseconds) else { return nil }
      return isText ? .text(instant.description) : .instant(instant)
    case .windows: return .text("peak")
    }
  }
}
