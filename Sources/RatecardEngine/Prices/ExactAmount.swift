import RatecardValues

/// The exact arithmetic of a price, in the fixed stages of the language: components, their sum, the
/// rule's bounds, what is added, what multiplies, the adjustments' bounds.
struct ExactAmount {
  /// The adjustments that apply, as the card lists them.
  let applied: [AdjustmentPlan]

  /// A price that no quantity decides, before its one rounding; nil: quantities do, or it is too
  /// large.
  static func flat(_ plan: PricePlan, _ applied: [AdjustmentPlan]) -> Rational? {
    let addsRates = applied.contains { if case .addRates = $0 { true } else { false } }
    guard plan.rates.isEmpty, !addsRates else { return nil }
    return try? ExactAmount(applied: applied).total(of: plan) { _ in .zero }
  }

  /// The price of a request before its one rounding.
  func total(of plan: PricePlan, _ request: borrowing Request) throws -> Rational {
    try total(of: plan) { rate in try charge(for: rate, request) }
  }

  private func total(
    of plan: PricePlan, charge: (RatePlan) throws -> Rational
  ) throws -> Rational {
    var total = Rational.zero
    if let credits = plan.credits { total = try multiplied(credits, component: -1) }
    for rate in plan.rates {
      total = try total + multiplied(charge(rate), component: rate.attribute)
    }
    if let minimum = plan.minimum, total < minimum { total = minimum }
    if let maximum = plan.maximum, total > maximum { total = maximum }
    for adjustment in applied {
      switch adjustment {
      case .add(let amount): total = try total + amount
      case .addRates(let rates): for rate in rates { total = try total + charge(rate) }
      default: break
      }
    }
    for case .multiply(let factor) in applied { total = try total * factor }
    return bounded(total)
  }

  private func multiplied(_ amount: Rational, component: Int) throws -> Rational {
    var amount = amount
    for case .multiplyComponents(let factor, let components) in applied
    where components.contains(component) {
      amount = try amount * factor
    }
    return amount
  }

  private func bounded(_ amount: Rational) -> Rational {
    var minimum: Rational?
    var maximum: Rational?
    for adjustment in applied {
      switch adjustment {
      case .minimum(let bound): minimum = max(minimum ?? bound, bound)
      case .maximum(let bound): maximum = min(maximum ?? bound, bound)
      default: break
      }
    }
    var amount = amount
    if let minimum, amount < minimum { amount = minimum }
    if let maximum, amount > maximum { amount = maximum }
    return amount
  }

  /// What is charged of a rate's attribute, rounded and within its bounds; nil: nothing.
  func quantity(for rate: RatePlan, _ request: borrowing Request) throws -> Rational? {
    guard request.has(rate.attribute) else { return nil }
    var quantity = try request.quantities[rate.attribute].rational
    if quantity == .zero { return nil }
    for part in rate.innerParts where request.has(part) {
      quantity = try quantity - request.quantities[part].rational
    }
    if quantity == .zero { return nil }
    if let rounding = rate.rounding {
      quantity = try quantity.rounded(toMultipleOf: rounding.multiple, rounding.mode)
    }
    if let atLeast = rate.atLeast, quantity < atLeast { quantity = atLeast }
    if let atMost = rate.atMost, quantity > atMost { quantity = atMost }
    return quantity
  }

  /// What a rate's attribute comes to.
  private func charge(for rate: RatePlan, _ request: borrowing Request) throws -> Rational {
    guard let quantity = try quantity(for: rate, request) else { return .zero }
    switch rate.schedule {
    case .linear(let each):
      return try quantity * each
    case .volume(let bands):
      guard let band = bands.first(where: { $0.holds(quantity) }) else {
        throw Evaluator.Failure.pastLastBand(attribute: rate.attribute)
      }
      return try quantity * band.rate
    case .graduated(let bands, let after):
      guard after >= 0 else { return try graduated(quantity, from: .zero, bands, rate.attribute) }
      guard request.has(after) else {
        throw Evaluator.Failure.afterMissing(attribute: after)
      }
      let used = try request.quantities[after].rational
      return try graduated(quantity, from: used, bands, rate.attribute)
    }
  }

  /// The price of the stretch from `start` to `start` + `quantity`, each part at its band's rate.
  private func graduated(
    _ quantity: Rational, from start: Rational, _ bands: [RatePlan.Band], _ attribute: Int
  ) throws -> Rational {
    let end = try start + quantity
    guard let last = bands.last, last.holds(end) else {
      throw Evaluator.Failure.pastLastBand(attribute: attribute)
    }
    var total = Rational.zero
    var lower = Rational.zero
    for band in bands {
      let from = max(lower, start)
      let to = band.bound.map { min($0, end) } ?? end
      if from < to { total = try total + (to - from) * band.rate }
      guard let bound = band.bound, bound < end else { break }
      lower = bound
    }
    return total
  }
}

extension RatePlan.Band {
  /// Whether a quantity is no higher than the band.
  func holds(_ quantity: Rational) -> Bool {
    guard let bound else { return true }
    return isInclusive ? quantity <= bound : quantity < bound
  }
}
