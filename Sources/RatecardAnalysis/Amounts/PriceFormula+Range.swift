import RatecardCompiler
import RatecardModel
import RatecardValues

extension PriceFormula {
  /// Bounds of the price before its rounding for the requests of a box, where they are easily seen:
  /// each quantity is taken by itself.
  func range(in box: Box, of space: Space) throws(Overflow) -> Interval {
    var own = try own.range(in: box, of: space)
    if let ownBounds { own = try own.mapped(by: ownBounds) }
    let added = try added.range(in: box, of: space)
    var total = try own.adding(added, times: .one).scaled(by: factor)
    if let bounds { total = try total.mapped(by: bounds) }
    return total
  }
}

extension PriceFormula.Sum {
  fileprivate func range(in box: Box, of space: Space) throws(Overflow) -> Interval {
    var total = Interval(lower: Nudged(flat), upper: Nudged(flat))
    let parts = Set(charges.flatMap(\.innerParts))
    for charge in charges where !parts.contains(charge.attribute) {
      var sum = Interval.zero
      var cheapest: Rational?
      for member in family(of: charge) {
        sum = try sum.adding(member.range(in: box, of: space), times: member.factor)
        if case .rate(let each) = member.shape {
          let each = try each * member.factor
          cheapest = min(cheapest ?? each, each)
        } else {
          cheapest = .zero
        }
      }
      // Every unit of the whole costs what it costs in some part at the least.
      let whole = try QuantityRange(of: space.card[charge.attribute], in: box, of: space).hull
      sum.lower = max(sum.lower, try whole.lower * (cheapest ?? .zero))
      total = try total.adding(sum, times: .one)
    }
    return total
  }

  /// A charge with those of all parts that are rated beside it.
  private func family(of charge: PriceFormula.Charge) -> [PriceFormula.Charge] {
    charge.innerParts.reduce([charge]) { family, part in
      charges.first { $0.attribute == part }.map { family + self.family(of: $0) } ?? family
    }
  }
}

extension PriceFormula.Charge {
  fileprivate func range(in box: Box, of space: Space) throws(Overflow) -> Interval {
    let whole = try QuantityRange(of: space.card[attribute], in: box, of: space).hull
    switch shape {
    case .rate(let each):
      var (least, greatest) = (whole.lower, whole.upper)
      for part in innerParts {
        let inner = try QuantityRange(of: space.card[part], in: box, of: space).hull
        greatest = try greatest.map { (end) throws(Overflow) in try end - inner.lower }
        if let end = inner.upper { least = try least - end } else { least = .zero }
      }
      return try Interval(lower: max(.zero, least), upper: greatest).scaled(by: each)
    case .curve(let curve):
      guard let domain = try curve.domain() else { return .everything }
      let range = whole.intersection(domain)
      return try range.isEmpty ? .everything : range.mapped(by: curve)
    case .marginal: return .everything
    }
  }
}

extension QuantityRange {
  /// All values and what lies between them.
  fileprivate var hull: Interval {
    guard let first = stretches.first, let last = stretches.last else { return .everything }
    return Interval(lower: first.lower, upper: last.upper)
  }
}

extension Interval {
  fileprivate func adding(_ other: Interval, times factor: Rational) throws(Overflow) -> Interval {
    let other = try other.scaled(by: factor)
    var sum: Nudged?
    if let upper, let end = other.upper { sum = try upper + end }
    return Interval(lower: try lower + other.lower, upper: sum)
  }

  fileprivate func scaled(by factor: Rational) throws(Overflow) -> Interval {
    // Nothing times an amount without a bound is nothing.
    if factor == .zero { return .zero }
    let upper = try upper.map { (upper) throws(Overflow) in try upper * factor }
    return Interval(lower: try lower * factor, upper: upper)
  }

  /// The amounts that a curve makes of its numbers, which all have one.
  fileprivate func mapped(by curve: Curve) throws(Overflow) -> Interval {
    guard try curve.isRising(on: self) else { return .everything }
    var greatest = curve.isUnbounded ? nil : curve.pieces.last.map { Nudged($0.line.intercept) }
    if let upper { greatest = Nudged(try curve.value(at: upper)) }
    return Interval(lower: Nudged(try curve.value(at: lower)), upper: greatest)
  }
}
