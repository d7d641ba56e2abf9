import RatecardValues

/// A price of plain rates under some adjustments, as sums of products of exact fractions.
///
/// The factor of the adjustments is above nothing, so it goes into every part of the sum and into the
/// bounds of the rule's own price.
struct LinearPrice {
  private struct Sum {
    var constant = Rational.zero
    var rates: [Int: Rational] = [:]

    /// Charges a rate's attribute, less what its parts are charged for themselves.
    mutating func add(_ rate: RatePlan, times factor: Rational) -> Bool {
      guard rate.rounding == nil, rate.atLeast == nil, rate.atMost == nil,
        case .linear(let each) = rate.schedule, let amount = try? each * factor
      else { return false }
      for attribute in [rate.attribute] + rate.innerParts {
        let old = rates[attribute] ?? .zero
        guard let sum = try? attribute == rate.attribute ? old + amount : old - amount else {
          return false
        }
        rates[attribute] = sum
      }
      return true
    }
  }

  private var own = Sum()
  private var added = Sum()
  private var ownBounds: (lower: Rational?, upper: Rational?) = (nil, nil)
  private var bounds: (lower: Rational?, upper: Rational?) = (nil, nil)
  private let unit: Rational
  /// The least number of which all parts, in units, are fractions.
  private var denominator: Int64 = 1

  /// Nil: the price is none of plain rates.
  init?(_ plan: PricePlan, _ adjustments: [AdjustmentPlan], decimals: Int) {
    guard let unit = try? Rational(Number(units: 1, decimals: decimals)) else { return nil }
    self.unit = unit
    do {
      var whole = Rational.one
      for case .multiply(let factor) in adjustments { whole = try whole * factor }
      guard whole >= .zero else { return nil }
      func factor(of component: Int) throws -> Rational {
        var product = whole
        for case .multiplyComponents(let factor, let components) in adjustments
        where components.contains(component) {
          product = try product * factor
        }
        return product
      }
      if let credits = plan.credits { own.constant = try credits * factor(of: -1) }
      for rate in plan.rates {
        guard own.add(rate, times: try factor(of: rate.attribute)) else { return nil }
      }
      ownBounds = (try plan.minimum.map { try $0 * whole }, try plan.maximum.map { try $0 * whole })
      for adjustment in adjustments {
        switch adjustment {
        case .add(let amount): added.constant = try added.constant + amount * whole
        case .addRates(let rates):
          for rate in rates { guard added.add(rate, times: whole) else { return nil } }
        case .minimum(let bound): bounds.lower = max(bounds.lower ?? bound, bound)
        case .maximum(let bound): bounds.upper = min(bounds.upper ?? bound, bound)
        case .multiply, .multiplyComponents: break
        }
      }
    } catch {
      return nil
    }
    guard let common = commonDenominator else { return nil }
    denominator = common
    guard parts.allSatisfy({ scaled($0) != nil }) else { return nil }
  }

  private var parts: [Rational] {
    [own.constant, added.constant] + own.rates.values + added.rates.values
      + [ownBounds.lower, ownBounds.upper, bounds.lower, bounds.upper].compactMap(\.self)
  }

  /// The least number of which all parts, in units, are fractions; nil: it is too large.
  private var commonDenominator: Int64? {
    var common: Int64 = 1
    for part in parts {
      guard let scaled = try? part / unit, let below = Int64(exactly: scaled.denominator) else {
        return nil
      }
      let shared = greatestCommonDivisor(common.magnitude, below.magnitude)
      let (product, isTooLarge) = (common / Int64(shared)).multipliedReportingOverflow(by: below)
      if isTooLarge { return nil }
      common = product
    }
    return common
  }

  private func scaled(_ part: Rational) -> Int64? {
    guard let scaled = try? part / unit * Rational(whole: Int128(denominator))
    else { return nil }
    return Int64(exactly: scaled.numerator)
  }

  /// The price in integers, its terms after others.
  func laid(into terms: inout [PriceTable.Term]) -> PriceTable.Linear {
    func integer(_ part: Rational) -> Int64 {
      guard let integer = scaled(part) else { preconditionFailure("every part was seen to fit") }
      return integer
    }
    func lay(_ sum: Sum) {
      for (attribute, rate) in sum.rates.sorted(by: { $0.key < $1.key }) where rate != .zero {
        terms.append(PriceTable.Term(attribute: Int32(attribute), factor: integer(rate)))
      }
    }
    var form = PriceTable.Linear()
    form.denominator = denominator
    form.constant = integer(own.constant)
    form.added = integer(added.constant)
    form.firstTerm = Int32(terms.count)
    lay(own)
    form.firstAdded = Int32(terms.count)
    lay(added)
    form.endOfTerms = Int32(terms.count)
    if let bound = ownBounds.lower { form.lower = integer(bound) }
    if let bound = ownBounds.upper { form.upper = integer(bound) }
    if let bound = bounds.lower { form.lowest = integer(bound) }
    if let bound = bounds.upper { form.highest = integer(bound) }
    return form
  }
}
