extension Rational {
  /// The sum.
  @inlinable
  public static func + (left: Rational, right: Rational) throws(Overflow) -> Rational {
    if left.denominator == 1, right.denominator == 1 {
      let (sum, overflow) = left.numerator.addingReportingOverflow(right.numerator)
      if overflow { throw Overflow() }
      return Rational(lowestNumerator: sum, denominator: 1)
    }
    return try sum(left, right, isDifference: false)
  }

  /// The difference.
  @inlinable
  public static func - (left: Rational, right: Rational) throws(Overflow) -> Rational {
    if left.denominator == 1, right.denominator == 1 {
      let (difference, overflow) = left.numerator.subtractingReportingOverflow(right.numerator)
      if overflow { throw Overflow() }
      return Rational(lowestNumerator: difference, denominator: 1)
    }
    return try sum(left, right, isDifference: true)
  }

  /// The product.
  @inlinable
  public static func * (left: Rational, right: Rational) throws(Overflow) -> Rational {
    if left.denominator == 1, right.denominator == 1 {
      let (product, overflow) = left.numerator.multipliedReportingOverflow(by: right.numerator)
      if overflow { throw Overflow() }
      return Rational(lowestNumerator: product, denominator: 1)
    }
    return try product(
      isNegative: (left.numerator < 0) != (right.numerator < 0),
      left.numerator.magnitude, left.denominator.magnitude,
      right.numerator.magnitude, right.denominator.magnitude)
  }

  /// The quotient; the divisor must not be zero.
  public static func / (left: Rational, right: Rational) throws(Overflow) -> Rational {
    precondition(right.numerator != 0, "nothing can be divided by zero")
    return try product(
      isNegative: (left.numerator < 0) != (right.numerator < 0),
      left.numerator.magnitude, left.denominator.magnitude,
      right.denominator.magnitude, right.numerator.magnitude)
  }

  /// The product of two fractions, each in lowest terms: what one's numerator shares with the
  /// other's denominator goes before anything is multiplied, so that the result is in lowest terms.
  @usableFromInline
  static func product(
    isNegative: Bool, _ leftNumerator: UInt128, _ leftDenominator: UInt128,
    _ rightNumerator: UInt128, _ rightDenominator: UInt128
  ) throws(Overflow) -> Rational {
    guard leftNumerator != 0, rightNumerator != 0 else { return .zero }
    let first = greatestCommonDivisor(leftNumerator, rightDenominator)
    let second = greatestCommonDivisor(rightNumerator, leftDenominator)
    let (numerator, tooHigh) = quotient(leftNumerator, first)
      .multipliedReportingOverflow(by: quotient(rightNumerator, second))
    let (denominator, tooDeep) = quotient(leftDenominator, second)
      .multipliedReportingOverflow(by: quotient(rightDenominator, first))
    if tooHigh || tooDeep { throw Overflow() }
    return try Rational(isNegative: isNegative, numerator, denominator)
  }

  /// With g the divisor that the denominators share, the sum's denominator is the product of what
  /// is left of both and the part of g that the new numerator does not share.
  @usableFromInline
  static func sum(
    _ left: Rational, _ right: Rational, isDifference: Bool
  ) throws(Overflow) -> Rational {
    let shared = greatestCommonDivisor(left.denominator.magnitude, right.denominator.magnitude)
    let leftRest = quotient(left.denominator.magnitude, shared)
    let rightRest = quotient(right.denominator.magnitude, shared)
    let first = Wide(left.numerator.magnitude, times: rightRest)
    let second = Wide(right.numerator.magnitude, times: leftRest)
    let isLeftNegative = left.numerator < 0
    let isRightNegative = (right.numerator < 0) != isDifference
    let total: Wide
    let isNegative: Bool
    if isLeftNegative == isRightNegative {
      total = first + second
      isNegative = isLeftNegative
    } else if first < second {
      total = second - first
      isNegative = isRightNegative
    } else {
      total = first - second
      isNegative = isLeftNegative
    }
    if total.isZero { return .zero }
    let divisor =
      shared == 1
      ? 1
      : greatestCommonDivisor(shared, total.quotientAndRemainder(dividingBy: shared).remainder)
    let lowest = divisor == 1 ? total : total.quotientAndRemainder(dividingBy: divisor).quotient
    let (denominator, tooDeep) = leftRest.multipliedReportingOverflow(
      by: quotient(right.denominator.magnitude, divisor))
    guard let numerator = lowest.narrow, !tooDeep else { throw Overflow() }
    return try Rational(isNegative: isNegative, numerator, denominator)
  }

  /// A division that often has nothing to do.
  private static func quotient(_ value: UInt128, _ divisor: UInt128) -> UInt128 {
    if divisor == 1 { return value }
    if value <= UInt128(UInt64.max), divisor <= UInt128(UInt64.max) {
      return UInt128(
        truncatingIfNeeded: UInt64(truncatingIfNeeded: value)
          / UInt64(truncatingIfNeeded: divisor))
    }
    return value / divisor
  }
}
