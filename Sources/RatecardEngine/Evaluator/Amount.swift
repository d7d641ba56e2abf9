import RatecardValues

/// The exact arithmetic of a price, in the fixed stages of the language: components, their sum, the
/// rule's bounds, what is added, what multiplies, the adjustments' bounds.
struct Amount {
  private let adjustments: [AdjustmentPlan]
  private let request: Request

  init(_ table: RuleTable, _ request: Request) {
    adjustments = table.adjustments.plans
    self.request = request
  }

  private var applied: some Sequence<AdjustmentPlan> {
    request.applied.lazy.map { adjustments[Int($0)] }
  }

  /// The price before its one rounding.
  func total(of plan: PricePlan) throws -> Rational {
    var total = Rational.zero
    if let credits = plan.credits { total = try multiplied(credits, component: -1) }
    for rate in plan.rates {
      total = try total + multiplied(charge(for: rate), component: rate.attribute)
    }
    if let minimum = plan.minimum, total < minimum { total = minimum }
    if let maximum = plan.maximum, total > maximum { total = maximum }
    for adjustment in applied {
      switch adjustment {
      case .add(let amount): total = try total + amount
      case .addRates(let rates): for rate in rates { total = try total + charge(for: rate) }
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
  func quantity(for rate: RatePlan) throws -> Rational? {
    guard let value = request.number(rate.attribute), !value.isZero else { return nil }
    var quantity = try Rational(value)
    for part in rate.innerParts {
      if let inner = request.number(part) { quantity = try quantity - Rational(inner) }
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
  private func charge(for rate: RatePlan) throws -> Rational {
    guard let quantity = try quantity(for: rate) else { return .zero }
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
      guard let used = request.number(after) else {
        throw Evaluator.Failure.afterMissing(attribute: after)
      }
      return try graduated(quantity, from: Rational(used), bands, rate.attribute)
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
