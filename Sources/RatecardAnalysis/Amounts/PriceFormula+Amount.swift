import RatecardModel
import RatecardValues

extension PriceFormula {
  /// The price before its rounding of a request with these quantities, 0 where one is missing; the
  /// request has a price.
  func amount(_ quantities: [AttributeID: Number?]) throws(Overflow) -> Rational {
    func bounded(_ amount: Rational, _ bounds: Curve?) throws(Overflow) -> Rational {
      try bounds?.value(at: Nudged(amount)) ?? amount
    }
    let own = try bounded(own.amount(quantities), ownBounds)
    return try bounded((own + added.amount(quantities)) * factor, bounds)
  }
}

extension PriceFormula.Sum {
  fileprivate func amount(_ quantities: [AttributeID: Number?]) throws(Overflow) -> Rational {
    func quantity(_ attribute: AttributeID) throws(Overflow) -> Rational {
      try Rational(quantities[attribute].flatMap(\.self) ?? .zero)
    }
    var total = flat
    for charge in charges {
      var number = try quantity(charge.attribute)
      var amount: Rational
      switch charge.shape {
      case .rate(let each):
        for part in charge.innerParts { number = try number - quantity(part) }
        amount = try number * each
      case .curve(let curve): amount = try curve.value(at: Nudged(number))
      case .marginal(let curve, let sum, let after):
        let start = try quantity(after)
        let end = try start + curve.value(at: Nudged(number))
        amount = try sum.value(at: Nudged(end)) - sum.value(at: Nudged(start))
      }
      total = try total + amount * charge.factor
    }
    return total
  }
}
