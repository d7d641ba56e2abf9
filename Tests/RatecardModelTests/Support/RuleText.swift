import RatecardModel
import RatecardValues

/// The rules of a card as text: what a golden file holds of a right card.
struct RuleText {
  let card: Card

  /// Every section of rules that has any.
  var text: String {
    [
      section("costs", card.costs, cost), section("adjustments", card.adjustments, adjustment),
      section("tiers", card.tiers, \.string), section("routes", card.routes, route),
      section("events", card.events, event),
    ].compactMap { $0 }.joined(separator: "\n")
  }

  private func section<Outcome>(
    _ name: String, _ rules: [Rule<Outcome>], _ outcome: (Outcome) -> String
  ) -> String? {
    guard !rules.isEmpty else { return nil }
    return "\(name)\n"
      + rules.map { rule in
        var lines = ["  \(rule.name)"]
        for (index, conditions) in rule.scope.alternatives.enumerated() {
          guard !conditions.isEmpty || rule.scope.alternatives.count > 1 else { continue }
          guard !conditions.isEmpty else {
            lines.append("    \(index == 0 ? "when" : "or") always")
            continue
          }
          let text = conditions.map { "\(card[$0.attribute].name) \(matcher($0.matcher))" }
          lines.append("    \(index == 0 ? "when" : "or") \(text.joined(separator: " and "))")
        }
        let times = [
          ("from", rule.scope.from), ("until", rule.scope.until), ("begins", rule.scope.begins),
          ("ends", rule.scope.ends),
        ].compactMap { name, time in time.map { "\(name) \($0)" } }
        if !times.isEmpty { lines.append("    " + times.joined(separator: ", ")) }
        if !rule.overrides.isEmpty {
          lines.append(
            "    over " + rule.overrides.map { "`\(rules[$0].name)`" }.joined(separator: " "))
        }
        lines.append("    → \(outcome(rule.outcome))")
        return lines.joined(separator: "\n") + "\n"
      }.joined()
  }

  private func matcher(_ matcher: Matcher) -> String {
    switch matcher {
    case .any: "any"
    case .present: "present"
    case .absent: "absent"
    case .oneOf(let patterns): "in [" + patterns.map(pattern).joined(separator: ", ") + "]"
    case .range(let lower, let upper):
      [
        lower.map { "\($0.isInclusive ? ">=" : ">") \(value($0.value))" },
        upper.map { "\($0.isInclusive ? "<=" : "<") \(value($0.value))" },
      ].compactMap { $0 }.joined(separator: " ")
    case .not(let inner): "not (\(self.matcher(inner)))"
    }
  }

  private func pattern(_ pattern: Pattern) -> String {
    switch pattern {
    case .value(let inner): value(inner)
    case .glob(let glob): "glob \(glob)"
    }
  }

  private func value(_ value: Value) -> String {
    switch value {
    case .text(let text): "\"\(text)\""
    case .flag(let flag): "\(flag)"
    case .number(let number): "\(number)"
    case .instant(let instant): "\(instant)"
    }
  }

  private func cost(_ outcome: CostOutcome) -> String {
    switch outcome {
    case .deny(let text): return "deny \"\(text)\""
    case .price(let price):
      var parts = price.credits.map { ["\($0) credits"] } ?? []
      parts += price.rates.map(rate)
      if let minimum = price.minimum { parts.append("minimum \(minimum)") }
      if let maximum = price.maximum { parts.append("maximum \(maximum)") }
      if !price.isAdjustable { parts.append("never adjusted") }
      return parts.joined(separator: "; ")
    }
  }

  private func rate(_ rate: Rate) -> String {
    var text = card[rate.attribute].name
    if let rounding = rate.rounding { text += " \(rounding.mode.rawValue) to \(rounding.multiple)" }
    if let least = rate.atLeast { text += " at least \(least)" }
    if let most = rate.atMost { text += " at most \(most)" }
    switch rate.schedule {
    case .linear(let amount): return "\(text) × \(amount)"
    case .graduated(let bands, let after):
      let after = after.map { " after \(card[$0].name)" } ?? ""
      return "\(text) graduated\(after) [" + bands.map(band).joined(separator: ", ") + "]"
    case .volume(let bands):
      return "\(text) volume [" + bands.map(band).joined(separator: ", ") + "]"
    }
  }

  private func band(_ band: Rate.Band) -> String {
    (band.bound.map { "\(band.isInclusive ? "<=" : "<") \($0)" } ?? "rest") + ": \(band.rate)"
  }

  private func adjustment(_ adjustment: Adjustment) -> String {
    let group = adjustment.group.map { " (group \($0))" } ?? ""
    switch adjustment.action {
    case .multiply(let factor): return "× \(factor)\(group)"
    case .multiplyComponents(let factor, let components):
      let names = components.map { component in
        switch component {
        case .credits: "credits"
        case .attribute(let id): card[id].name
        }
      }
      return "× \(factor) of \(names.joined(separator: ", "))\(group)"
    case .add(let amount): return "+ \(amount)\(group)"
    case .addRates(let rates): return "+ " + rates.map(rate).joined(separator: "; ") + group
    case .minimum(let amount): return "at least \(amount)\(group)"
    case .maximum(let amount): return "at most \(amount)\(group)"
    }
  }

  private func route(_ outcome: RouteOutcome) -> String {
    switch outcome {
    case .deny(let text): return "deny \"\(text)\""
    case .route(let route):
      var parts: [String] = []
      if let model = route.model { parts.append("model \(model)") }
      if let split = route.split {
        let sides = split.sides.map { "\($0.model) \($0.weight)" }
        parts.append("split by \(card[split.by].name): \(sides.joined(separator: ", "))")
      }
      if let queue = route.queue { parts.append("queue \(queue)") }
      if !route.fallbacks.isEmpty {
        parts.append("then " + route.fallbacks.map(\.string).joined(separator: ", "))
      }
      parts += route.parameters.map { "\($0.name)=\(value($0.value))" }
      return parts.isEmpty ? "as asked" : parts.joined(separator: "; ")
    }
  }

  private func event(_ outcome: EventOutcome) -> String {
    let parts = [outcome.tier.map { "tier \($0)" }, outcome.notify.map { "notify \"\($0)\"" }]
    let text = parts.compactMap { $0 }.joined(separator: "; ")
    return text.isEmpty ? "nothing" : text
  }
}
