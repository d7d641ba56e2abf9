import RatecardModel
import RatecardValues

/// An adjustment that applies, with its name.
struct Applying {
  let name: String
  let action: Adjustment.Action
}

/// The price of one request, worked out as the language reference says it in words.
struct Pricing {
  private let card: Card
  private let request: TwinRequest
  /// Every number met on the way.
  private(set) var numbers: [Fraction] = []

  init(_ card: Card, _ request: TwinRequest) {
    self.card = card
    self.request = request
  }

  /// The credits of a price under adjustments, rounded once.
  mutating func credits(_ price: Price, _ adjustments: [Applying]) throws(TwinError) -> Fraction {
    var total = Fraction.zero
    for (component, charge) in try components(price) {
      var charge = charge
      for case .multiplyComponents(let factor, let of) in adjustments.map(\.action)
      where of.contains(component) { charge = note(charge * Fraction(factor)) }
      total = note(total + charge)
    }
    total = bounded(
      total, price.minimum.map { [Fraction($0)] } ?? [], price.maximum.map { [Fraction($0)] } ?? [])
    var minimums: [Fraction] = []
    var maximums: [Fraction] = []
    var factors: [Fraction] = []
    for adjustment in adjustments {
      switch adjustment.action {
      case .multiplyComponents: break
      case .multiply(let factor): factors.append(Fraction(factor))
      case .add(let amount): total = note(total + Fraction(amount))
      case .addRates(let rates):
        for rate in rates { total = note(total + (try charge(rate, among: rates))) }
      case .minimum(let amount): minimums.append(Fraction(amount))
      case .maximum(let amount): maximums.append(Fraction(amount))
      }
    }
    for factor in factors { total = note(total * factor) }
    total = note(bounded(total, minimums, maximums))
    let smallest = Fraction(.one, over: .powerOfTen(card.credit.decimals))
    return total.rounded(toMultipleOf: smallest, card.credit.rounding)
  }

  private mutating func components(
    _ price: Price
  ) throws(TwinError) -> [(Adjustment.Component, Fraction)] {
    var found: [(Adjustment.Component, Fraction)] = []
    if let credits = price.credits { found.append((.credits, note(Fraction(credits)))) }
    for rate in price.rates {
      found.append((.attribute(rate.attribute), try charge(rate, among: price.rates)))
    }
    return found
  }

  private func bounded(
    _ value: Fraction, _ minimums: [Fraction], _ maximums: [Fraction]
  ) -> Fraction {
    min(max(value, minimums.max() ?? value), maximums.min() ?? max(value, minimums.max() ?? value))
  }

  /// What the quantity of one attribute costs, less its parts that the same rates charge.
  private mutating func charge(_ rate: Rate, among rates: [Rate]) throws(TwinError) -> Fraction {
    var quantity = carried(rate.attribute)
    for part in innermost(rate.attribute, Set(rates.map(\.attribute))) {
      quantity = quantity - carried(part)
    }
    if quantity.isZero { return .zero }
    if let rounding = rate.rounding {
      quantity = quantity.rounded(toMultipleOf: Fraction(rounding.multiple), rounding.mode)
    }
    if let least = rate.atLeast { quantity = max(quantity, Fraction(least)) }
    if let most = rate.atMost { quantity = min(quantity, Fraction(most)) }
    _ = note(quantity)
    switch rate.schedule {
    case .linear(let amount): return note(quantity * note(Fraction(amount)))
    case .volume(let bands):
      guard let band = bands.first(where: { holds($0, quantity) }) else { throw .unpriced }
      return note(quantity * Fraction(band.rate))
    case .graduated(let bands, let after):
      var start = Fraction.zero
      if let after {
        guard let used = request[after]?.number else { throw .invalidRequest }
        start = used
      }
      return try graduated(bands, from: start, to: note(start + quantity))
    }
  }

  private mutating func graduated(
    _ bands: [Rate.Band], from start: Fraction, to end: Fraction
  ) throws(TwinError) -> Fraction {
    guard bands.contains(where: { holds($0, end) }) else { throw .unpriced }
    var total = Fraction.zero
    var low = Fraction.zero
    for band in bands {
      let high = band.bound.map { Fraction($0) } ?? end
      let part = min(high, end) - max(low, start)
      if part > .zero { total = note(total + note(part * Fraction(band.rate))) }
      low = high
    }
    return total
  }

  private func holds(_ band: Rate.Band, _ quantity: Fraction) -> Bool {
    guard let bound = band.bound else { return true }
    return quantity < Fraction(bound) || band.isInclusive && quantity == Fraction(bound)
  }

  private func carried(_ id: AttributeID) -> Fraction { request[id]?.number ?? .zero }

  /// The nearest rated parts within an attribute.
  private func innermost(_ whole: AttributeID, _ rated: Set<AttributeID>) -> [AttributeID] {
    card.attributes.filter { $0.partOf == whole }.flatMap { part in
      rated.contains(part.id) ? [part.id] : innermost(part.id, rated)
    }
  }

  private mutating func note(_ number: Fraction) -> Fraction {
    numbers.append(number)
    return number
  }
}
