internal import RatecardModel
internal import RatecardValues

/// Writes the parts of a card in canonical form; attributes are written by name.
struct CardWriter {
  /// The names of the attributes, by their places.
  private let attributeNames: [String]

  /// Writes all of a card.
  static func write(_ card: Card, into text: inout CanonicalText) {
    CardWriter(attributeNames: card.attributes.map(\.name)).write(card, into: &text)
  }

  private func write(_ card: Card, into text: inout CanonicalText) {
    text.tag("name")
    text.text(card.name)
    text.tag("credit")
    credit(card.credit, into: &text)
    text.tag("attributes")
    text.set(card.attributes) { attribute($1, into: &$0) }
    text.tag("models")
    text.flag(card.models.isDeclared)
    text.set(card.models.models) { model($1, into: &$0) }
    text.tag("windows")
    text.set(card.windows) { window($1, into: &$0) }
    text.tag("costs")
    rules(card.costs, into: &text) { cost($1, into: &$0) }
    text.tag("adjustments")
    rules(card.adjustments, into: &text) { adjustment($1, into: &$0) }
    text.tag("tier-names")
    text.set(card.tierNames) { $0.text($1) }
    text.tag("tiers")
    rules(card.tiers, into: &text) { $0.text($1) }
    text.tag("routes")
    rules(card.routes, into: &text) { route($1, into: &$0) }
    text.tag("events")
    rules(card.events, into: &text) { text, outcome in
      text.optional(outcome.tier) { $0.text($1) }
      text.optional(outcome.notify) { $0.text($1) }
    }
    text.tag("plans")
    text.set(card.plans) { plan($1, into: &$0) }
    text.tag("meter")
    text.optional(card.meter) { meter($1, into: &$0) }
    text.tag("tests")
    text.set(card.tests) { test($1, into: &$0) }
    text.tag("guards")
    text.set(card.guards) { promise($1, into: &$0) }
  }

  // MARK: Rules

  /// Writes a section's rules sorted by what they say, so that `overrides` can be written as
  /// places in that order.
  private func rules<Outcome>(
    _ rules: [Rule<Outcome>], into text: inout CanonicalText,
    outcome: (inout CanonicalText, Outcome) -> Void
  ) {
    var written = CanonicalText()
    let parts = written.parts(rules) { text, rule in
      text.text(rule.name)
      scope(rule.scope, into: &text)
      outcome(&text, rule.outcome)
    }
    let order = written.order(of: parts)
    var places = [Int](repeating: 0, count: order.count)
    for (place, index) in order.enumerated() { places[index] = place }
    text.integer(rules.count)
    for index in order {
      text.raw(written.bytes[parts[index]])
      text.list(rules[index].overrides.map { places[$0] }.sorted()) { $0.integer($1) }
    }
  }

  func scope(_ scope: RuleScope, into text: inout CanonicalText) {
    text.set(scope.alternatives) { text, conditions in
      text.set(conditions) { text, condition in
        text.text(name(condition.attribute))
        matcher(condition.matcher, into: &text)
      }
    }
    for instant in [scope.from, scope.until, scope.begins, scope.ends] {
      text.optional(instant) { $0.text($1.description) }
    }
  }

  func matcher(_ matcher: Matcher, into text: inout CanonicalText) {
    switch matcher {
    case .any: text.tag("any")
    case .present: text.tag("present")
    case .absent: text.tag("absent")
    case .oneOf(let patterns):
      text.tag("one-of")
      text.set(patterns.count < 2 ? patterns : Array(Set(patterns))) { pattern($1, into: &$0) }
    case .range(let lower, let upper):
      text.tag("range")
      for bound in [lower, upper] {
        text.optional(bound) { text, bound in
          value(bound.value, into: &text)
          text.flag(bound.isInclusive)
        }
      }
    case .not(let inner):
      text.tag("not")
      self.matcher(inner, into: &text)
    }
  }

  func pattern(_ pattern: Pattern, into text: inout CanonicalText) {
    switch pattern {
    case .value(let value): self.value(value, into: &text)
    case .glob(let glob):
      text.tag("glob")
      text.list(glob.segments) { $0.text(String(decoding: $1, as: UTF8.self)) }
    }
  }

  func value(_ value: Value, into text: inout CanonicalText) {
    switch value {
    case .text(let value):
      text.tag("text")
      text.text(value)
    case .flag(let value):
      text.tag("flag")
      text.flag(value)
    case .number(let value):
      text.tag("number")
      text.number(value)
    case .instant(let value):
      text.tag("instant")
      text.text(value.description)
    }
  }

  func name(_ attribute: AttributeID) -> String { attributeNames[attribute.index] }

  // MARK: Outcomes

  private func cost(_ outcome: CostOutcome, into text: inout CanonicalText) {
    switch outcome {
    case .deny(let reason):
      text.tag("deny")
      text.text(reason)
    case .price(let price):
      text.tag("price")
      text.optional(price.credits) { $0.rational($1) }
      text.set(price.rates) { rate($1, into: &$0) }
      text.optional(price.minimum) { $0.rational($1) }
      text.optional(price.maximum) { $0.rational($1) }
      text.flag(price.isAdjustable)
    }
  }

  private func rate(_ rate: Rate, into text: inout CanonicalText) {
    text.text(name(rate.attribute))
    text.optional(rate.rounding) { text, rounding in
      text.text(rounding.mode.rawValue)
      text.number(rounding.multiple)
    }
    text.optional(rate.atLeast) { $0.number($1) }
    text.optional(rate.atMost) { $0.number($1) }
    switch rate.schedule {
    case .linear(let amount):
      text.tag("linear")
      text.rational(amount)
    case .graduated(let bands, let after):
      text.tag("graduated")
      text.list(bands) { band($1, into: &$0) }
      text.optional(after) { $0.text(name($1)) }
    case .volume(let bands):
      text.tag("volume")
      text.list(bands) { band($1, into: &$0) }
    }
  }

  private func band(_ band: Rate.Band, into text: inout CanonicalText) {
    text.optional(band.bound) { $0.number($1) }
    text.flag(band.isInclusive)
    text.rational(band.rate)
  }

  private func adjustment(_ adjustment: Adjustment, into text: inout CanonicalText) {
    text.optional(adjustment.group) { $0.text($1) }
    switch adjustment.action {
    case .multiply(let factor):
      text.tag("multiply")
      text.rational(factor)
    case .multiplyComponents(let factor, let components):
      text.tag("multiply-of")
      text.rational(factor)
      text.set(components) { text, component in
        switch component {
        case .credits: text.tag("credits")
        case .attribute(let attribute):
          text.tag("attribute")
          text.text(name(attribute))
        }
      }
    case .add(let amount):
      text.tag("add")
      text.rational(amount)
    case .addRates(let rates):
      text.tag("add-rates")
      text.set(rates) { rate($1, into: &$0) }
    case .minimum(let amount):
      text.tag("minimum")
      text.rational(amount)
    case .maximum(let amount):
      text.tag("maximum")
      text.rational(amount)
    }
  }

  private func route(_ outcome: RouteOutcome, into text: inout CanonicalText) {
    switch outcome {
    case .deny(let reason):
      text.tag("deny")
      text.text(reason)
    case .route(let route):
      text.tag("route")
      text.optional(route.model) { $0.text($1) }
      text.optional(route.queue) { $0.text($1) }
      text.list(route.fallbacks) { $0.text($1) }
      text.set(route.parameters) { text, parameter in
        text.text(parameter.name)
        value(parameter.value, into: &text)
      }
      text.optional(route.split) { text, split in
        text.text(name(split.by))
        text.set(split.sides) { text, side in
          text.text(side.model)
          text.integer(side.weight)
        }
      }
    }
  }
}
