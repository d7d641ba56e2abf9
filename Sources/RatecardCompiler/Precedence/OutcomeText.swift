import RatecardModel
import RatecardValues

/// Says in a few words what a rule says, so that a diagnostic can set two rules side by side.
struct OutcomeText {
  private let card: Card

  init(_ card: Card) { self.card = card }

  func cost(_ outcome: CostOutcome) -> String {
    switch outcome {
    case .deny(let text): return "refused: \(text)"
    case .price(let price):
      var parts: [String] = []
      if let credits = price.credits { parts.append(amount(credits)) }
      parts += price.rates.map(rate)
      var text = parts.joined(separator: " + ")
      if let minimum = price.minimum { text += ", at least \(minimum)" }
      if let maximum = price.maximum { text += ", at most \(maximum)" }
      if !price.isAdjustable { text += ", never adjusted" }
      return text
    }
  }

  func tier(_ name: ExactText) -> String { "tier \(name)" }

  func route(_ outcome: RouteOutcome) -> String {
    switch outcome {
    case .deny(let text): return "refused: \(text)"
    case .route(let route):
      var parts: [String] = []
      if let model = route.model { parts.append("model \(model)") }
      if let split = route.split {
        parts.append(
          "split by \(card[split.by].name): "
            + split.sides.map { "\($0.model) \($0.weight)" }.joined(separator: ", "))
      }
      if let queue = route.queue { parts.append("queue \(queue)") }
      if !route.fallbacks.isEmpty {
        parts.append("fallbacks \(route.fallbacks.map(\.string).joined(separator: ", "))")
      }
      if !route.parameters.isEmpty {
        parts.append("params \(route.parameters.map(\.name.string).joined(separator: ", "))")
      }
      return parts.isEmpty ? "the model asked for" : parts.joined(separator: ", ")
    }
  }

  func event(_ outcome: EventOutcome) -> String {
    var parts: [String] = []
    if let tier = outcome.tier { parts.append("tier \(tier)") }
    if outcome.notify != nil { parts.append("a notice") }
    return parts.isEmpty ? "nothing" : parts.joined(separator: " and ")
  }

  func adjustment(_ adjustment: Adjustment) -> String {
    switch adjustment.action {
    case .multiply(let factor): "× \(factor)"
    case .multiplyComponents(let factor, let components):
      "× \(factor) of \(components.map(component).joined(separator: ", "))"
    case .add(let amount): "+ \(amount)"
    case .addRates(let rates): "+ \(rates.map(rate).joined(separator: " + "))"
    case .minimum(let amount): "at least \(amount)"
    case .maximum(let amount): "at most \(amount)"
    }
  }

  private func component(_ component: Adjustment.Component) -> String {
    switch component {
    case .credits: "credits"
    case .attribute(let attribute): card[attribute].name
    }
  }

  private func amount(_ credits: Rational) -> String {
    credits == .one ? "1 credit" : "\(credits) credits"
  }

  private func rate(_ rate: Rate) -> String {
    let name = card[rate.attribute].name
    switch rate.schedule {
    case .linear(let each): return "\(each) per \(name)"
    case .graduated(let bands, _): return "\(name) in \(bands.count) graduated bands"
    case .volume(let bands): return "\(name) in \(bands.count) volume bands"
    }
  }
}
