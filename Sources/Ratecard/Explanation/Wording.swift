public import RatecardModel
public import RatecardValues

/// Says in words what parts of a card mean, in the language's own spelling.
public struct Wording: Sendable {
  private let card: Card

  /// Makes words for a card.
  public init(_ card: Card) { self.card = card }

  // MARK: Conditions

  /// A scope as one line: `model: gpt-4o, input_tokens: above 200000`; empty: no conditions.
  public func conditions(_ scope: RuleScope) -> String {
    let alternatives = scope.alternatives.map { conditions in
      conditions.map { condition($0) }.sorted(by: precedes).joined(separator: ", ")
    }
    .filter { !$0.isEmpty }.sorted(by: precedes)
    var parts: [String] = []
    if alternatives.count == 1 { parts = alternatives }
    if alternatives.count > 1 {
      parts = [alternatives.map { "(\($0))" }.joined(separator: " or ")]
    }
    if let from = scope.from ?? scope.begins { parts.append("from \(from)") }
    if let until = earliest(scope.until, scope.ends) { parts.append("until \(until)") }
    return parts.joined(separator: ", ")
  }

  private func earliest(_ left: Instant?, _ right: Instant?) -> Instant? {
    guard let left, let right else { return left ?? right }
    return min(left, right)
  }

  /// A condition: `model: gpt-4o`.
  public func condition(_ condition: Condition) -> String {
    "\(card[condition.attribute].name): \(matcher(condition.matcher))"
  }

  /// A matcher: `gpt-4o or o1`, `above 200000`, `not chat`.
  public func matcher(_ matcher: Matcher) -> String {
    switch matcher {
    case .any: return "any"
    case .present: return "present"
    case .absent: return "absent"
    case .oneOf(let patterns): return patterns.map { pattern($0) }.joined(separator: " or ")
    case .range(let lower, let upper):
      let low = lower.map { "\($0.isInclusive ? "at least" : "above") \(value($0.value))" }
      let high = upper.map { "\($0.isInclusive ? "at most" : "below") \(value($0.value))" }
      return [low, high].compactMap(\.self).joined(separator: ", ")
    case .not(.oneOf(let patterns)) where patterns.count > 1:
      return "not (\(self.matcher(.oneOf(patterns))))"
    case .not(let inner): return "not \(self.matcher(inner))"
    }
  }

  private func pattern(_ pattern: Pattern) -> String {
    switch pattern {
    case .value(let value): self.value(value)
    case .glob(let glob): glob.description
    }
  }

  /// A value as a card would spell it.
  public func value(_ value: Value) -> String {
    switch value {
    case .text(let text): text.string
    case .flag(let flag): flag ? "true" : "false"
    case .number(let number): number.description
    case .instant(let instant): instant.description
    }
  }

  // MARK: Outcomes

  /// What a cost rule says: `10 credits`, `input_tokens at 75 per 1M, at least 1`.
  public func outcome(_ outcome: CostOutcome) -> String {
    switch outcome {
    case .deny(let reason): "refused: \(reason)"
    case .price(let price): self.price(price)
    }
  }

  /// A price in words.
  public func price(_ price: Price) -> String {
    var parts: [String] = []
    if let credits = price.credits { parts.append(amount(credits) + plural(credits)) }
    parts += price.rates.map { rate($0) }
    if let minimum = price.minimum { parts.append("at least \(amount(minimum))") }
    if let maximum = price.maximum { parts.append("at most \(amount(maximum))") }
    if !price.isAdjustable { parts.append("not adjusted") }
    return parts.joined(separator: ", ")
  }

  private func plural(_ credits: Rational) -> String {
    credits == .one ? " credit" : " credits"
  }

  /// A rate in words: `input_tokens at 75 per 1M`.
  public func rate(_ rate: Rate) -> String {
    var text = "\(card[rate.attribute].name) at \(schedule(rate.schedule))"
    if let rounding = rate.rounding {
      text += ", rounded \(rounding.mode.rawValue) to \(rounding.multiple)"
    }
    if let bound = rate.atLeast { text += ", \(bound) at the least" }
    if let bound = rate.atMost { text += ", \(bound) at the most" }
    return text
  }

  private func schedule(_ schedule: Rate.Schedule) -> String {
    switch schedule {
    case .linear(let amount): return perUnit(amount)
    case .graduated(let bands, let after):
      let entered = after.map { " after \(card[$0].name)" } ?? ""
      return "graduated\(entered) [\(bands.map { band($0) }.joined(separator: ", "))]"
    case .volume(let bands):
      return "volume [\(bands.map { band($0) }.joined(separator: ", "))]"
    }
  }

  private func band(_ band: Rate.Band) -> String {
    guard let bound = band.bound else { return "then \(perUnit(band.rate))" }
    return "\(band.isInclusive ? "up to" : "below") \(bound): \(perUnit(band.rate))"
  }

  /// Credits per unit, per thousand or per million units, whichever reads best.
  public func perUnit(_ amount: Rational) -> String {
    if let text = finite(amount), amount == .zero || short(text) { return text }
    for (factor, name) in [(1000, "1K"), (1_000_000, "1M")] {
      guard let scaled = try? amount * Rational(factor) else { continue }
      if scaled.denominator == 1 || factor == 1_000_000, let text = finite(scaled) {
        return "\(text) per \(name)"
      }
    }
    return amount.description
  }

  private func short(_ text: String) -> Bool { text.utf8.count <= 5 }

  /// An amount: its decimals where they end, else a fraction.
  public func amount(_ amount: Rational) -> String { amount.description }

  private func finite(_ amount: Rational) -> String? {
    let text = amount.description
    return text.utf8.contains(UInt8(ascii: "/")) ? nil : text
  }

  /// What a route does: `claude-sonnet, queue priority, fallbacks gpt-4o, gpt-4o-mini`.
  public func outcome(_ outcome: RouteOutcome) -> String {
    switch outcome {
    case .deny(let reason): return "refused: \(reason)"
    case .route(let route):
      var parts: [String] = []
      if let split = route.split {
        let sides = split.sides.map { "\($0.model) \($0.weight)" }.joined(separator: ", ")
        parts.append("split by \(card[split.by].name): \(sides)")
      } else {
        parts.append(route.model?.string ?? "the model asked for")
      }
      if let queue = route.queue { parts.append("queue \(queue)") }
      if !route.fallbacks.isEmpty {
        parts.append("fallbacks \(route.fallbacks.map(\.string).joined(separator: ", "))")
      }
      parts += route.parameters.map { "\($0.name) \(value($0.value))" }
      return parts.joined(separator: ", ")
    }
  }

  /// What an event does.
  public func outcome(_ outcome: EventOutcome) -> String {
    var parts: [String] = []
    if let tier = outcome.tier { parts.append("tier becomes \(tier)") }
    if let notify = outcome.notify { parts.append("notify: \(notify)") }
    return parts.isEmpty ? "nothing" : parts.joined(separator: "; ")
  }

  /// What an adjustment does: `× 0.5 of input_tokens`, `+ 2`, `at least 1`.
  public func outcome(_ adjustment: Adjustment) -> String {
    switch adjustment.action {
    case .multiply(let factor): return "× \(amount(factor))"
    case .multiplyComponents(let factor, let components):
      let names = components.map { component($0) }.sorted(by: precedes)
      return "× \(amount(factor)) of \(names.joined(separator: ", "))"
    case .add(let added): return "+ \(amount(added))"
    case .addRates(let rates): return "+ " + rates.map { rate($0) }.joined(separator: ", ")
    case .minimum(let bound): return "at least \(amount(bound))"
    case .maximum(let bound): return "at most \(amount(bound))"
    }
  }

  /// A component's name: `credits`, or the attribute's.
  public func component(_ component: Adjustment.Component) -> String {
    switch component {
    case .credits: "credits"
    case .attribute(let attribute): card[attribute].name
    }
  }
}
