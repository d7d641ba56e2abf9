package import RatecardValues

/// An exact number of any size, in lowest terms.
package struct Fraction: Hashable, Comparable, Sendable, CustomStringConvertible {
  package let numerator: BigInteger
  /// Above 0.
  package let denominator: BigInteger

  package static let zero = Fraction(0)
  package static let one = Fraction(1)

  package init(_ numerator: BigInteger, over denominator: BigInteger) {
    if denominator == .one {
      (self.numerator, self.denominator) = (numerator, denominator)
      return
    }
    let divisor = BigInteger.commonDivisor(numerator, denominator)
    let sign = denominator.isNegative ? BigInteger(-1) : .one
    self.numerator = sign * Self.exactly(numerator, divisor)
    self.denominator = denominator.magnitude.dividedDown(by: divisor).quotient
  }

  package init(_ value: some BinaryInteger) {
    numerator = BigInteger(value)
    denominator = .one
  }

  package init(_ number: Number) {
    let significand = BigInteger(number.significand)
    let power = BigInteger.powerOfTen(abs(number.exponent))
    self =
      number.exponent < 0
      ? Fraction(significand, over: power) : Fraction(significand * power, over: .one)
  }

  package init(_ rational: Rational) {
    self.init(BigInteger(rational.numerator), over: BigInteger(rational.denominator))
  }

  package var isInteger: Bool { denominator == .one }
  package var isZero: Bool { numerator.isZero }
  package var floor: Fraction {
    Fraction(numerator.dividedDown(by: denominator).quotient, over: .one)
  }
  package var ceiling: Fraction { Fraction.zero - (Fraction.zero - self).floor }

  package static func + (left: Fraction, right: Fraction) -> Fraction {
    Fraction(
      left.numerator * right.denominator + right.numerator * left.denominator,
      over: left.denominator * right.denominator)
  }

  package static func - (left: Fraction, right: Fraction) -> Fraction {
    left + Fraction(-right.numerator, over: right.denominator)
  }

  package static func * (left: Fraction, right: Fraction) -> Fraction {
    Fraction(left.numerator * right.numerator, over: left.denominator * right.denominator)
  }

  package static func / (left: Fraction, right: Fraction) -> Fraction {
    Fraction(left.numerator * right.denominator, over: left.denominator * right.numerator)
  }

  package static func < (left: Fraction, right: Fraction) -> Bool {
    left.numerator * right.denominator < right.numerator * left.denominator
  }

  /// The nearest integer as the mode says; only for numbers of 0 or more.
  package func roundedToInteger(_ mode: RoundingMode) -> Fraction {
    let rest = self - floor
    let half = Fraction(.one, over: BigInteger(2))
    let goesUp =
      switch mode {
      case .down: false
      case .up: !rest.isZero
      case .halfUp: rest >= half
      case .halfEven: rest > half || rest == half && floor.numerator.isOdd
      }
    return goesUp ? floor + .one : floor
  }

  /// The nearest multiple of a number above 0.
  package func rounded(toMultipleOf multiple: Fraction, _ mode: RoundingMode) -> Fraction {
    (self / multiple).roundedToInteger(mode) * multiple
  }

  package var description: String {
    for decimals in 0...60 {
      let scaled = self * Fraction(BigInteger.powerOfTen(decimals), over: .one)
      guard scaled.isInteger else { continue }
      var digits = scaled.numerator.magnitude.description
      if decimals == 0 { return scaled.numerator.description }
      digits = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
      let point = digits.index(digits.endIndex, offsetBy: -decimals)
      return (numerator.isNegative ? "-" : "") + digits[..<point] + "." + digits[point...]
    }
    return "\(numerator)/\(denominator)"
  }

  private static func exactly(_ value: BigInteger, _ divisor: BigInteger) -> BigInteger {
    value.dividedDown(by: divisor).quotient
  }
}
