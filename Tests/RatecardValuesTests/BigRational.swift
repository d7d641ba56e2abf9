import RatecardValues

/// A fraction of any size, not reduced until asked: the tests' second arithmetic.
struct BigRational {
  let numerator: BigInteger
  /// Above zero.
  let denominator: BigInteger

  init(_ numerator: BigInteger, _ denominator: BigInteger) {
    self.numerator = denominator.isNegative ? -numerator : numerator
    self.denominator = denominator.magnitude
  }

  init(_ value: Rational) {
    self.init(BigInteger(value.numerator), BigInteger(value.denominator))
  }

  static func + (left: BigRational, right: BigRational) -> BigRational {
    BigRational(
      left.numerator * right.denominator + right.numerator * left.denominator,
      left.denominator * right.denominator)
  }

  static func - (left: BigRational, right: BigRational) -> BigRational {
    left + BigRational(-right.numerator, right.denominator)
  }

  static func * (left: BigRational, right: BigRational) -> BigRational {
    BigRational(left.numerator * right.numerator, left.denominator * right.denominator)
  }

  static func / (left: BigRational, right: BigRational) -> BigRational {
    BigRational(left.numerator * right.denominator, left.denominator * right.numerator)
  }

  static func < (left: BigRational, right: BigRational) -> Bool {
    left.numerator * right.denominator < right.numerator * left.denominator
  }

  /// The parts in lowest terms, when `Rational` can hold them.
  var narrow: [Int128]? {
    let divisor = BigInteger.greatestCommonDivisor(numerator, denominator)
    let above = numerator.magnitudeDivided(by: divisor).quotient
    let below = denominator.magnitudeDivided(by: divisor).quotient
    guard let numerator = (self.numerator.isNegative ? -above : above).narrow,
      let denominator = below.narrow
    else { return nil }
    return [numerator, denominator]
  }

  /// The integer that the mode picks.
  func rounded(_ mode: RoundingMode) -> BigInteger {
    let (below, rest) = numerator.magnitudeDivided(by: denominator)
    let above = below + BigInteger(1)
    let twice = rest + rest
    let isEven = below.magnitudeDivided(by: BigInteger(2)).remainder.isZero
    let picked: BigInteger =
      switch mode {
      case .down: below
      case .up: rest.isZero ? below : above
      case .halfUp: twice < denominator ? below : above
      case .halfEven:
        twice == denominator ? (isEven ? below : above) : (twice < denominator ? below : above)
      }
    return numerator.isNegative ? -picked : picked
  }
}
