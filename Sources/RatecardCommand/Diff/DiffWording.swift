internal import Ratecard
internal import RatecardAnalysis
internal import RatecardModel
internal import RatecardValues

/// Says in words what requests got before and get after.
struct DiffWording {
  private let card: Card
  private let wording: Wording

  init(_ vocabulary: Card) {
    card = vocabulary
    wording = Wording(vocabulary)
  }

  /// What changes: part by part where both are routes, or prices with something in common.
  func lines(_ region: RegionChange) -> [DiffView.Line] {
    switch (region.before, region.after) {
    case (.price(let before), .price(let after)):
      let (old, new) = (before.price, after.price)
      if old.rates.isEmpty, new.rates.isEmpty, region.components.count == 1,
        case .credits? = region.components.first
      {
        return [
          DiffView.Line(
            words(region.before), words(region.after), percent: percent(old.credits, new.credits))
        ]
      }
      guard Set(parts(old)).isDisjoint(with: parts(new)) else {
        return region.components.map { line($0, old, new) }
      }
    case (.route(let before), .route(let after)): return lines(before, after)
    default: break
    }
    return [DiffView.Line(words(region.before), words(region.after))]
  }

  /// What a price has a flat part and rates for.
  private func parts(_ price: Price) -> [AttributeID?] {
    (price.credits == nil ? [] : [nil]) + price.rates.map { $0.attribute }
  }

  private func lines(_ before: Route, _ after: Route) -> [DiffView.Line] {
    func model(_ route: Route) -> String {
      wording.outcome(.route(Route(model: route.model, split: route.split)))
    }
    func list(_ texts: [String]) -> String {
      texts.isEmpty ? "none" : texts.joined(separator: ", ")
    }
    func parameters(_ route: Route) -> String {
      list(route.parameters.map { "\($0.name) \(wording.value($0.value))" })
    }
    return [
      DiffView.Line(model(before), model(after), of: "model"),
      DiffView.Line(
        before.queue?.string ?? "none", after.queue?.string ?? "none", of: "queue"),
      DiffView.Line(
        list(before.fallbacks.map(\.string)), list(after.fallbacks.map(\.string)), of: "fallbacks"),
      DiffView.Line(parameters(before), parameters(after), of: "params"),
    ].filter { $0.before != $0.after }
  }

  // MARK: Answers

  private func words(_ answer: RuleAnswer) -> String {
    let text =
      switch answer {
      case .notAdmitted: "not admitted"
      case .asFor(let attribute, let value?): "as for \(card[attribute].name): \(value)"
      case .asFor(let attribute, nil): "as without \(card[attribute].name)"
      case .tier(let tier): tier ?? "no tier"
      case .route(let route): wording.outcome(.route(route))
      case .denied(let reason): "refused: \(reason)"
      case .unpriced: "no price"
      case .price(let meaning): wording.price(meaning.price)
      case .adjusted(let adjustments):
        adjustments.isEmpty
          ? "not adjusted" : adjustments.map { wording.outcome($0) }.joined(separator: ", ")
      case .event(let outcome): wording.outcome(outcome)
      }
    return text.split(whereSeparator: \.isNewline).joined(separator: " ")
  }

  // MARK: Parts of prices

  private func line(
    _ change: ComponentChange, _ old: Price, _ new: Price
  ) -> DiffView.Line {
    switch change {
    case .credits(let before, let after): amount("credits", before, after)
    case .minimum(let before, let after): amount("minimum", before, after)
    case .maximum(let before, let after): amount("maximum", before, after)
    case .rate(let attribute, let before?, let after?): rate(attribute, before, after)
    case .rate(let attribute, let before, let after):
      DiffView.Line(
        before.map(charge) ?? absence(of: attribute, in: old),
        after.map(charge) ?? absence(of: attribute, in: new), of: card[attribute].name)
    case .chargedApart(let attribute, let before, let after):
      DiffView.Line(apart(before), apart(after), of: card[attribute].name)
    case .adjustability(let before, let after):
      DiffView.Line(before ? "adjusted" : "not adjusted", after ? "adjusted" : "not adjusted")
    }
  }

  private func amount(_ part: String, _ before: Rational?, _ after: Rational?) -> DiffView.Line {
    DiffView.Line(
      before.map(wording.amount) ?? "none", after.map(wording.amount) ?? "none", of: part,
      percent: percent(before, after))
  }

  private func apart(_ parts: [AttributeID]) -> String {
    parts.isEmpty
      ? "all of it" : "without " + parts.map { card[$0].name }.joined(separator: ", ")
  }

  private func rate(_ attribute: AttributeID, _ before: Rate, _ after: Rate) -> DiffView.Line {
    let name = card[attribute].name
    guard case .linear(let old) = before.schedule, case .linear(let new) = after.schedule,
      before.hasSameQuantity(as: after), let (texts, unit) = perUnit(old, new)
    else { return DiffView.Line(charge(before), charge(after), of: name) }
    return DiffView.Line(texts.0, texts.1, of: name, unit: unit, percent: percent(old, new))
  }

  /// A rate without the attribute's name, which stands before it.
  private func charge(_ rate: Rate) -> String {
    let (text, name) = (wording.rate(rate), card[rate.attribute].name)
    return text.hasPrefix("\(name) at ") ? String(text.dropFirst(name.count + 4)) : text
  }

  /// How a price without a rate for an attribute charges for it.
  private func absence(of attribute: AttributeID, in price: Price) -> String {
    var whole = card[attribute].partOf
    while let place = whole {
      if price.rates.contains(where: { $0.attribute == place }) { return "as \(card[place].name)" }
      whole = card[place].partOf
    }
    return "none"
  }

  /// Two amounts per unit, thousand or million units, whichever reads best for both.
  private func perUnit(
    _ before: Rational, _ after: Rational
  ) -> (texts: (String, String), unit: String)? {
    for (factor, unit) in [(1, "credits each"), (1000, "credits per 1K")] {
      guard let old = try? before * Rational(factor), let new = try? after * Rational(factor)
      else { return nil }
      let isPlain = [old, new].allSatisfy { amount in
        factor == 1
          ? amount.description.utf8.count <= 5 && !amount.description.contains("/")
          : amount.denominator == 1
      }
      if isPlain { return ((old.description, new.description), unit) }
    }
    guard let old = try? before * Rational(1_000_000), let new = try? after * Rational(1_000_000)
    else { return nil }
    return ((old.description, new.description), "credits per 1M")
  }

  /// How much more, such as `+20%`; nil from nothing or to nothing that is said.
  private func percent(_ before: Rational?, _ after: Rational?) -> String? {
    guard let before, let after, before != .zero, before != after,
      let change = try? (after - before) / before * Rational(100),
      let rounded = try? change.rounded(decimals: 1, .halfUp)
    else { return nil }
    if rounded.isZero { return change < .zero ? "less than 0.1% down" : "less than 0.1% up" }
    return "\(rounded.isNegative ? "" : "+")\(rounded)%"
  }
}

extension Rate {
  /// Whether both charge for the same quantity, rounded and bounded alike.
  fileprivate func hasSameQuantity(as other: Rate) -> Bool {
    rounding == other.rounding && atLeast == other.atLeast && atMost == other.atMost
  }
}
