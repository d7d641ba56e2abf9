import RatecardEngine
import RatecardModel
import RatecardValues

/// A rule's price together with the adjustments that apply, as arithmetic on quantities alone.
struct PriceFormula: Sendable {
  /// What an attribute comes to.
  struct Charge: Sendable {
    enum Shape: Sendable {
      /// So much a unit of what the inner parts leave.
      case rate(Rational)
      /// Whatever the curve says of the whole quantity.
      case curve(Curve)
      /// The rise of `total` from where `after` is by the quantity.
      case marginal(quantity: Curve, total: Curve, after: AttributeID)
    }

    let attribute: AttributeID
    let innerParts: [AttributeID]
    let shape: Shape
    /// The product of what multiplies this component.
    let factor: Rational
  }

  /// An amount and what attributes add to it.
  struct Sum: Sendable {
    var flat = Rational.zero
    var charges: [Charge] = []
  }

  /// The rule's own price.
  private(set) var own = Sum()
  /// The rule's own bounds.
  private(set) var ownBounds: Curve?
  /// What adjustments add.
  private(set) var added = Sum()
  /// The product of what multiplies the whole.
  private(set) var factor = Rational.one
  /// The bounds of adjustments.
  private(set) var bounds: Curve?
  /// The one rounding.
  let steps: Steps

  /// The price of `plan` under `adjustments`; `attributes` tells what the plan's places stand for.
  init(
    _ plan: PricePlan, _ adjustments: [AdjustmentPlan], steps: Steps,
    _ attributes: (Int) -> AttributeID
  ) throws(Overflow) {
    self.steps = steps
    func multiplier(of component: Int) throws(Overflow) -> Rational {
      var product = Rational.one
      for case .multiplyComponents(let factor, let components) in adjustments
      where components.contains(component) { product = try product * factor }
      return product
    }
    own.flat = try (plan.credits ?? .zero) * multiplier(of: -1)
    for rate in plan.rates {
      let charge = try Charge(rate, factor: multiplier(of: rate.attribute), attributes)
      own.charges.append(charge)
    }
    ownBounds = try Curve(minimum: plan.minimum, maximum: plan.maximum)
    var minimum: Rational?
    var maximum: Rational?
    for adjustment in adjustments {
      switch adjustment {
      case .multiplyComponents: break
      case .multiply(let number): factor = try factor * number
      case .add(let amount): added.flat = try added.flat + amount
      case .addRates(let rates):
        for rate in rates { added.charges.append(try Charge(rate, factor: .one, attributes)) }
      case .minimum(let amount): minimum = max(minimum ?? amount, amount)
      case .maximum(let amount): maximum = min(maximum ?? amount, amount)
      }
    }
    bounds = try Curve(minimum: minimum, maximum: maximum)
  }

  /// All that attributes come to.
  var charges: [Charge] { own.charges + added.charges }

  /// The attributes that the price depends on.
  var attributes: Set<AttributeID> {
    var result: Set<AttributeID> = []
    for charge in charges {
      result.insert(charge.attribute)
      if case .marginal(_, _, let after) = charge.shape { result.insert(after) }
    }
    return result
  }

  /// Whether one unit more of an attribute, and no less of any other, never costs less.
  ///
  /// False where that takes a closer look.
  func plainlyRises(in attribute: AttributeID) throws(Overflow) -> Bool {
    guard try own.plainlyRises(in: attribute) else { return false }
    return try added.plainlyRises(in: attribute)
  }
}

extension PriceFormula.Sum {
  fileprivate func plainlyRises(in attribute: AttributeID) throws(Overflow) -> Bool {
    var slope = Rational.zero
    for charge in charges {
      switch charge.shape {
      case .rate(let each):
        if charge.attribute == attribute { slope = try slope + each * charge.factor }
        if charge.innerParts.contains(attribute) { slope = try slope - each * charge.factor }
      case .curve(let curve):
        if charge.attribute == attribute, try !curve.isRising(on: .everything) { return false }
      case .marginal(_, _, let after):
        if after == attribute { return false }
      }
    }
    return slope >= .zero
  }
}

extension PriceFormula.Charge {
  fileprivate init(
    _ rate: RatePlan, factor: Rational, _ attributes: (Int) -> AttributeID
  ) throws(Overflow) {
    attribute = attributes(rate.attribute)
    innerParts = rate.innerParts.map(attributes)
    self.factor = factor
    switch rate.schedule {
    case .linear(let each)
    where rate.rounding == nil && rate.atLeast == nil && rate.atMost == nil:
      shape = .rate(each)
    case .graduated(let bands, let after) where after >= 0:
      shape = .marginal(
        quantity: try Curve(quantityOf: rate), total: try Curve(totalOf: bands),
        after: attributes(after))
    default:
      shape = .curve(try Curve(rate))
    }
  }
}
