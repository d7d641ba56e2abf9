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
    if (leftNumerator | leftDenominator | rightNumerator | rightDenominator) >> 63 == 0 {
      return smallProduct(
        isNegative: isNegative, UInt64(truncatingIfNeeded: leftNumerator),
        UInt64(truncatingIfNeeded: leftDenominator), UInt64(truncatingIfNeeded: rightNumerator),
        UInt64(truncatingIfNeeded: rightDenominator))
    }
    let first = greatestCommonDivisor(leftNumerator, rightDenominator)
    let second = greatestCommonDivisor(rightNumerator, leftDenominator)
    let (numerator, tooHigh) = quotient(leftNumerator, first)
      .multipliedReportingOverflow(by: quotient(rightNumerator, second))
    let (denominator, tooDeep) = quotient(leftDenominator, second)
      .multipliedReportingOverflow(by: quotient(rightDenominator, first))
    if tooHigh || tooDeep { throw Overflow() }
    return try Rational(isNegative: isNegative, numerator, denominator)
  }

  /// The same for parts below 2⁶³, as amounts have them: nothing can overflow.
  private static func smallProduct(
    isNegative: Bool, _ leftNumerator: UInt64, _ leftDenominator: UInt64,
    _ rightNumerator: UInt64, _ rightDenominator: UInt64
  ) -> Rational {
    var above = (leftNumerator, rightNumerator)
    var below = (leftDenominator, rightDenominator)
    if below.1 != 1, above.0 != 1 {
      let first = greatestCommonDivisor(above.0, below.1)
      if first != 1 { (above.0, below.1) = (above.0 / first, below.1 / first) }
    }
    if below.0 != 1, above.1 != 1 {
      let second = greatestCommonDivisor(above.1, below.0)
      if second != 1 { (above.1, below.0) = (above.1 / second, below.0 / second) }
    }
    let numerator = Int128(truncatingIfNeeded: above.0) &* Int128(truncatingIfNeeded: above.1)
    return Rational(
      lowestNumerator: isNegative ? 0 &- numerator : numerator,
      denominator: Int128(truncatingIfNeeded: below.0) &* Int128(truncatingIfNeeded: below.1))
  }

  /// The sum for parts below 2⁶², as amounts have them; nil when the sum's are too large for the
  /// short way.
  private static func smallSum(_ left: Rational, _ right: Rational) -> Rational? {
    let below = (
      UInt64(truncatingIfNeeded: left.denominator), UInt64(truncatingIfNeeded: right.denominator)
    )
    let shared = below.0 == below.1 ? below.0 : greatestCommonDivisor(below.0, below.1)
    let leftRest = below.0 / shared
    let rightRest = below.1 / shared
    let total =
      left.numerator &* Int128(truncatingIfNeeded: rightRest)
      &+ right.numerator &* Int128(truncatingIfNeeded: leftRest)
    if total == 0 { return .zero }
    if shared == 1 {
      return Rational(
        lowestNumerator: total,
        denominator: Int128(truncatingIfNeeded: leftRest) &* Int128(truncatingIfNeeded: below.1))
    }
    guard total.magnitude >> 63 == 0 else { return nil }
    let short = Int64(truncatingIfNeeded: total)
    let divisor = greatestCommonDivisor(short.magnitude, shared)
    return Rational(
      lowestNumerator: Int128(truncatingIfNeeded: short / Int64(truncatingIfNeeded: divisor)),
      denominator: Int128(truncatingIfNeeded: leftRest)
        &* Int128(truncatingIfNeeded: below.1 / divisor))
  }

  /// With g the divisor that the denominators share, the sum's denominator is the product of what
  /// is left of both and the part of g that the new numerator does not share.
  @usableFromInline
  static func sum(
    _ left: Rational, _ right: Rational, isDifference: Bool
  ) throws(Overflow) -> Rational {
    let bits =
      left.numerator.magnitude | right.numerator.magnitude
      | left.denominator.magnitude | right.denominator.magnitude
    if bits >> 62 == 0 {
      let addend =
        isDifference
        ? Rational(lowestNumerator: 0 &- right.numerator, denominator: right.denominator) : right
      if let sum = smallSum(left, addend) { return sum }
    }
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
