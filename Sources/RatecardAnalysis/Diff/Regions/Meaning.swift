import RatecardModel
import RatecardValues

/// Says what one card's outcomes mean in terms of the attributes of both.
struct Meaning {
  private let side: PairedCard
  /// The parts of each attribute of the card.
  private let parts: [AttributeID: [AttributeID]]

  init(_ side: PairedCard) {
    self.side = side
    var parts: [AttributeID: [AttributeID]] = [:]
    for attribute in side.card.attributes {
      if let whole = attribute.partOf { parts[whole, default: []].append(attribute.id) }
    }
    self.parts = parts
  }

  func answer(_ outcome: CostOutcome) -> RuleAnswer {
    switch outcome {
    case .deny(let text): .denied(text.string)
    case .price(let price):
      .price(
        PriceMeaning(
          price: Price(
            credits: price.credits, rates: rates(price.rates), minimum: price.minimum,
            maximum: price.maximum, isAdjustable: price.isAdjustable),
          chargedApart: chargedApart(price.rates)))
    }
  }

  func answer(_ outcome: RouteOutcome) -> RuleAnswer {
    switch outcome {
    case .deny(let text): .denied(text.string)
    case .route(let route):
      .route(
        Route(
          model: route.model, queue: route.queue, fallbacks: route.fallbacks,
          parameters: route.parameters,
          split: route.split.map { Route.Split(by: side.ids[$0.by.index], sides: $0.sides) }))
    }
  }

  func adjustment(_ adjustment: Adjustment) -> Adjustment {
    let action: Adjustment.Action =
      switch adjustment.action {
      case .multiplyComponents(let factor, let components):
        .multiplyComponents(factor, of: components.map(component).sorted())
      case .addRates(let added): .addRates(rates(added))
      case .multiply, .add, .minimum, .maximum: adjustment.action
      }
    return Adjustment(group: nil, action: action)
  }

  private func component(_ component: Adjustment.Component) -> Adjustment.Component {
    switch component {
    case .credits: .credits
    case .attribute(let attribute): .attribute(side.ids[attribute.index])
    }
  }

  private func rates(_ rates: [Rate]) -> [Rate] {
    rates.map { rate in
      Rate(
        attribute: side.ids[rate.attribute.index], rounding: rate.rounding,
        atLeast: rate.atLeast, atMost: rate.atMost, schedule: schedule(rate.schedule))
    }
  }

  private func schedule(_ schedule: Rate.Schedule) -> Rate.Schedule {
    guard case .graduated(let bands, let after?) = schedule else { return schedule }
    return .graduated(bands, after: side.ids[after.index])
  }

  /// For each rate, the rated attributes within its own with no rated attribute between.
  private func chargedApart(_ rates: [Rate]) -> [[AttributeID]] {
    if parts.isEmpty { return rates.map { _ in [] } }
    let rated = Set(rates.map(\.attribute))
    func outermost(_ whole: AttributeID) -> [AttributeID] {
      (parts[whole] ?? []).flatMap { rated.contains($0) ? [$0] : outermost($0) }
    }
    return rates.map { rate in outermost(rate.attribute).map { side.ids[$0.index] }.sorted() }
  }
}
