import RatecardCompiler
import RatecardModel
import RatecardValues

/// Says what changes in a price, part by part, and which way the amount goes.
struct PriceComparison {
  private let card: Card
  /// For each attribute, the one that includes it, as each card sees it.
  private let wholes: Both<[AttributeID: AttributeID]>

  init(_ pair: CardPair) {
    card = pair.card
    wholes = pair.sides.map { side in
      side.card.attributes.reduce(into: [:]) { wholes, attribute in
        if let whole = attribute.partOf {
          wholes[side.ids[attribute.id.index]] = side.ids[whole.index]
        }
      }
    }
  }

  /// The parts that differ: the flat one, the rates by name, then bounds.
  func components(_ before: PriceMeaning, _ after: PriceMeaning) -> [ComponentChange] {
    var changes: [ComponentChange] = []
    let (old, new) = (before.price, after.price)
    if old.credits != new.credits {
      changes.append(.credits(before: old.credits, after: new.credits))
    }
    let hasSameRates = old.rates.map(\.attribute) == new.rates.map(\.attribute)
    for attribute in rated(old, new) {
      let rates = Both(rate(of: attribute, in: old), rate(of: attribute, in: new))
      if rates.old != rates.new {
        changes.append(.rate(attribute, before: rates.old, after: rates.new))
      } else if hasSameRates, let apart = apart(attribute, before),
        let other = self.apart(attribute, after), apart != other
      {
        // The cards see other parts in it; otherwise the rates of the parts say so.
        changes.append(.chargedApart(attribute, before: apart, after: other))
      }
    }
    if old.minimum != new.minimum {
      changes.append(.minimum(before: old.minimum, after: new.minimum))
    }
    if old.maximum != new.maximum {
      changes.append(.maximum(before: old.maximum, after: new.maximum))
    }
    if old.isAdjustable != new.isAdjustable {
      changes.append(.adjustability(before: old.isAdjustable, after: new.isAdjustable))
    }
    return changes
  }

  /// Which way the price goes for some quantities; both ways where parts cannot be compared.
  func trend(_ before: PriceMeaning, _ after: PriceMeaning) -> Trend {
    let (old, new) = (before.price, after.price)
    var trend = Trend(old.credits ?? .zero, new.credits ?? .zero)
    trend.formUnion(rates(old.rates, new.rates))
    trend.formUnion(Trend(old.minimum ?? .zero, new.minimum ?? .zero))
    trend.formUnion(ofMaxima(old.maximum, new.maximum))
    if old.isAdjustable != new.isAdjustable { trend = [.rises, .falls] }
    return trend
  }

  private func rated(_ old: Price, _ new: Price) -> [AttributeID] {
    Set((old.rates + new.rates).map(\.attribute)).sorted {
      ExactText(card[$0].name) < ExactText(card[$1].name)
    }
  }

  private func rate(of attribute: AttributeID, in price: Price) -> Rate? {
    price.rates.first { $0.attribute == attribute }
  }

  private func apart(_ attribute: AttributeID, _ meaning: PriceMeaning) -> [AttributeID]? {
    zip(meaning.price.rates, meaning.chargedApart).first { $0.0.attribute == attribute }?.1
  }

  /// Which way an upper bound lets an amount go; nil: there is none.
  private func ofMaxima(_ before: Rational?, _ after: Rational?) -> Trend {
    switch (before, after) {
    case (nil, nil): []
    case (nil, _?): .falls
    case (_?, nil): .rises
    case (let before?, let after?): Trend(before, after)
    }
  }

  // MARK: Rates

  /// Each unit is charged at its innermost rated attribute, so attributes are compared by what a
  /// unit of them costs, which may be the rate of a whole.
  private func rates(_ old: [Rate], _ new: [Rate]) -> Trend {
    var trend: Trend = []
    for attribute in Set((old + new).map(\.attribute)) {
      let before = charge(for: attribute, in: old, wholes.old)
      let after = charge(for: attribute, in: new, wholes.new)
      trend.formUnion(rate(before, after))
    }
    return trend
  }

  private func charge(
    for attribute: AttributeID, in rates: [Rate], _ wholes: [AttributeID: AttributeID]
  ) -> Rate? {
    var place: AttributeID? = attribute
    while let attribute = place {
      if let rate = rates.first(where: { $0.attribute == attribute }) { return rate }
      place = wholes[attribute]
    }
    return nil
  }

  private func rate(_ before: Rate?, _ after: Rate?) -> Trend {
    guard let before, let after else {
      if before == nil, after == nil { return [] }
      return after == nil ? .falls : .rises
    }
    guard before.rounding == after.rounding else { return [.rises, .falls] }
    var trend = Trend(before.atLeast ?? .zero, after.atLeast ?? .zero)
    switch (before.atMost, after.atMost) {
    case (nil, nil): break
    case (nil, _?): trend.formUnion(.falls)
    case (_?, nil): trend.formUnion(.rises)
    case (let before?, let after?): trend.formUnion(Trend(before, after))
    }
    return trend.union(schedule(before.schedule, after.schedule))
  }

  private func schedule(_ before: Rate.Schedule, _ after: Rate.Schedule) -> Trend {
    switch (before, after) {
    case (.linear(let old), .linear(let new)): return Trend(old, new)
    case (.graduated(let old, let oldAfter), .graduated(let new, let newAfter))
    where oldAfter == newAfter:
      return bands(old, new)
    case (.volume(let old), .volume(let new)): return bands(old, new)
    default: return [.rises, .falls]
    }
  }

  private func bands(_ before: [Rate.Band], _ after: [Rate.Band]) -> Trend {
    let isAlike =
      before.count == after.count
      && zip(before, after).allSatisfy { $0.bound == $1.bound && $0.isInclusive == $1.isInclusive }
    guard isAlike else { return [.rises, .falls] }
    return zip(before, after).reduce(into: Trend()) {
      $0.formUnion(Trend($1.0.rate, $1.1.rate))
    }
  }

  // MARK: Adjustments

  /// Which way adjusted prices go.
  func trend(_ before: [Adjustment], _ after: [Adjustment]) -> Trend {
    let (old, new) = (AdjustmentParts(before), AdjustmentParts(after))
    var trend = Trend(old.factor, new.factor)
    for component in Set(old.factors.keys).union(new.factors.keys) {
      trend.formUnion(Trend(old.factors[component] ?? .one, new.factors[component] ?? .one))
    }
    trend.formUnion(Trend(old.added, new.added))
    if old.rates != new.rates {
      trend.formUnion(
        old.rates.count < 2 && new.rates.count < 2
          ? rates(old.rates.first ?? [], new.rates.first ?? []) : [.rises, .falls])
    }
    trend.formUnion(Trend(old.minimum ?? .zero, new.minimum ?? .zero))
    return trend.union(ofMaxima(old.maximum, new.maximum))
  }
}

extension Trend {
  fileprivate init(_ before: Number, _ after: Number) {
    self = before < after ? .rises : after < before ? .falls : []
  }
}
