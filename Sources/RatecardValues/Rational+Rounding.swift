extension Rational {
  /// The decimal with at most `decimals` digits after the point (0 to 38) that `mode` picks.
  ///
  /// Throws `Overflow` only when that decimal has more digits than a `Number` holds.
  public func rounded(decimals: Int, _ mode: RoundingMode) throws(Overflow) -> Number {
    precondition(decimals >= 0 && decimals <= 38, "digits after the point go from 0 to 38")
    let below = denominator.magnitude
    let isNegative = numerator < 0
    if below == 1 { return try Rational.number(isNegative, numerator.magnitude, exponent: 0) }
    if let number = roundedShort(decimals, mode) { return number }
    let (whole, rest) = numerator.magnitude.quotientAndRemainder(dividingBy: below)
    // The rest is below one, so its scaled quotient is below 10^decimals.
    let (scaled, left) = Wide(rest, times: UInt128(powerOfTen(decimals)))
      .quotientAndRemainder(dividingBy: below)
    let isOdd = decimals == 0 ? whole & 1 == 1 : scaled.low & 1 == 1
    var fraction = scaled.low
    if mode.roundsUp(isOdd: isOdd, rest: Wide(left), of: Wide(below)) { fraction += 1 }
    let (digits, zeros) = strippingTrailingZeros(fraction)
    if fraction == 0 { return try Rational.number(isNegative, whole, exponent: 0) }
    // Rounding up may carry into the whole part: then no place is left.
    let places = decimals - zeros
    let (shifted, tooHigh) = whole.multipliedReportingOverflow(by: UInt128(powerOfTen(places)))
    let (significand, carry) = shifted.addingReportingOverflow(digits)
    if tooHigh || carry { throw Overflow() }
    return try Rational.number(isNegative, significand, exponent: -places)
  }

  /// The same where everything fits in 63 bits, as it nearly always does; nil where it does not.
  private func roundedShort(_ decimals: Int, _ mode: RoundingMode) -> Number? {
    guard decimals <= 18, (numerator.magnitude | denominator.magnitude) >> 62 == 0 else {
      return nil
    }
    let below = UInt64(truncatingIfNeeded: denominator)
    let magnitude = UInt64(truncatingIfNeeded: numerator.magnitude)
    let (scaled, overflow) = magnitude.multipliedReportingOverflow(by: smallPowersOfTen[decimals])
    if overflow { return nil }
    var (quotient, rest) = scaled.quotientAndRemainder(dividingBy: below)
    let other = below - rest
    let goesUp =
      switch mode {
      case .up: rest != 0
      case .down: false
      case .halfUp: rest >= other
      case .halfEven: rest > other || (rest == other && quotient & 1 == 1)
      }
    if goesUp { quotient += 1 }
    if quotient == 0 { return .zero }
    rest = quotient
    var exponent = -decimals
    while rest % 10 == 0 {
      rest /= 10
      exponent += 1
    }
    let significand = Int128(truncatingIfNeeded: rest)
    return Number(
      canonicalSignificand: numerator < 0 ? 0 &- significand : significand, exponent: exponent)
  }

  /// The multiple of `unit` (above zero) that `mode` picks.
  public func rounded(
    toMultipleOf unit: Rational, _ mode: RoundingMode
  ) throws(Overflow) -> Rational {
    precondition(unit.numerator > 0, "a multiple is of something above zero")
    // How often the unit goes into the magnitude, as a fraction of wide numbers in lowest terms.
    let above = greatestCommonDivisor(numerator.magnitude, unit.numerator.magnitude)
    let below = greatestCommonDivisor(denominator.magnitude, unit.denominator.magnitude)
    let dividend = Wide(numerator.magnitude / above, times: unit.denominator.magnitude / below)
    let divisor = Wide(denominator.magnitude / below, times: unit.numerator.magnitude / above)
    var (times, rest) = dividend.quotientAndRemainder(dividingBy: divisor)
    if mode.roundsUp(isOdd: times.low & 1 == 1, rest: rest, of: divisor) { times = times + Wide(1) }
    if times.isZero { return .zero }
    // times × unit, in lowest terms.
    let shared = greatestCommonDivisor(
      unit.denominator.magnitude,
      times.quotientAndRemainder(dividingBy: unit.denominator.magnitude).remainder)
    guard let factor = times.quotientAndRemainder(dividingBy: shared).quotient.narrow else {
      throw Overflow()
    }
    let (product, tooHigh) = factor.multipliedReportingOverflow(by: unit.numerator.magnitude)
    if tooHigh { throw Overflow() }
    return try Rational(
      isNegative: numerator < 0, product, unit.denominator.magnitude / shared)
  }

  private static func number(
    _ isNegative: Bool, _ magnitude: UInt128, exponent: Int
  ) throws(Overflow) -> Number {
    let exact = try Rational(isNegative: isNegative, magnitude, 1)
    guard let number = Number(significand: exact.numerator, exponent: exponent) else {
      throw Overflow()
    }
    return number
  }
}

extension RoundingMode {
  /// Whether the magnitude grows, where `rest` of `whole` lies above the lower candidate.
  func roundsUp(isOdd: Bool, rest: Wide, of whole: Wide) -> Bool {
    if rest.isZero { return false }
    switch self {
    case .up: return true
    case .down: return false
    case .halfUp: return rest >= whole - rest
    case .halfEven:
      let other = whole - rest
      return rest == other ? isOdd : rest > other
    }
  }
}

extension Rational: CustomStringConvertible {
  /// The decimal text when it ends (`0.00542`), else the fraction (`13/2400`).
  public var description: String {
    let below = denominator.magnitude
    var others = below >> UInt128(below.trailingZeroBitCount)
    while others % 5 == 0 { others /= 5 }
    guard others == 1 else { return "\(numerator)/\(denominator)" }
    let (whole, fraction) = numerator.magnitude.quotientAndRemainder(dividingBy: below)
    var text = "\(numerator < 0 ? "-" : "")\(whole)"
    var rest = fraction
    if rest != 0 { text += "." }
    while rest != 0 {
      let (digit, left) = Wide(rest, times: 10).quotientAndRemainder(dividingBy: below)
      text += "\(digit.low)"
      rest = left
    }
    return text
  }
}
