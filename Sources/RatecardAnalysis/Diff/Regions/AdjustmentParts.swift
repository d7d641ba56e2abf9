import RatecardModel
import RatecardValues

/// What some adjustments that apply together do, joined stage by stage.
///
/// The order in which they stand means nothing, and neither does how they are shared out: two
/// factors are as good as their product.
struct AdjustmentParts {
  private(set) var factor = Rational.one
  private(set) var factors: [Adjustment.Component: Rational] = [:]
  private(set) var added = Rational.zero
  /// The `add` maps of rates, in an order of their own.
  private(set) var rates: [[Rate]] = []
  private(set) var minimum: Rational?
  private(set) var maximum: Rational?

  /// Joins adjustments that are joined already.
  init(_ joined: [Adjustment]) {
    // One of each kind at the most, so that nothing has to be worked out.
    for adjustment in joined {
      switch adjustment.action {
      case .multiply(let own): factor = own
      case .multiplyComponents(let own, let components):
        for component in components { factors[component] = own }
      case .add(let amount): added = amount
      case .addRates(let own): rates.append(own)
      case .minimum(let bound): minimum = bound
      case .maximum(let bound): maximum = bound
      }
    }
  }

  /// Joins adjustments, as far as they touch prices that have these components.
  init(
    _ adjustments: [Adjustment], touching components: Set<Adjustment.Component>
  ) throws(Overflow) {
    for adjustment in adjustments {
      switch adjustment.action {
      case .multiply(let own): factor = try factor * own
      case .multiplyComponents(let own, let named):
        for component in named where components.contains(component) {
          factors[component] = try (factors[component] ?? .one) * own
        }
      case .add(let amount): added = try added + amount
      case .addRates(let own): rates.append(own)
      case .minimum(let bound): minimum = max(minimum ?? bound, bound)
      case .maximum(let bound): maximum = min(maximum ?? bound, bound)
      }
    }
    if rates.count > 1 {
      let texts = rates.map { (rates: $0, text: String(describing: $0)) }
      rates = texts.sorted { $0.text < $1.text }.map(\.rates)
    }
  }

  /// The same as adjustments, stage by stage; those that change nothing are left out.
  var stages: [[Adjustment]] {
    let touched = factors.filter { $0.value != .one }
    let ofComponents = Set(touched.values).sorted().map { factor in
      Adjustment.Action.multiplyComponents(
        factor, of: touched.filter { $0.value == factor }.keys.sorted())
    }
    let stages: [[Adjustment.Action]] = [
      ofComponents, added == .zero ? [] : [.add(added)], rates.map { .addRates($0) },
      factor == .one ? [] : [.multiply(factor)],
      minimum.map { $0 == .zero ? [] : [.minimum($0)] } ?? [], maximum.map { [.maximum($0)] } ?? [],
    ]
    return stages.map { $0.map { Adjustment(group: nil, action: $0) } }
  }
}
