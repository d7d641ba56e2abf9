/// The answer of exact arithmetic that does not fit in 128 bits.
public struct Overflow: Error, Hashable, Sendable {
  /// Says that a result does not fit.
  public init() {}
}

/// An exact fraction in lowest terms.
///
/// An operation throws `Overflow` only when its result does not fit, whatever lies between.
@frozen
public struct Rational: Hashable, BitwiseCopyable, Sendable {
  /// The number above the line, with the sign.
  public let numerator: Int128
  /// The number below the line, above zero.
  public let denominator: Int128

  @inlinable
  init(lowestNumerator: Int128, denominator: Int128) {
    self.numerator = lowestNumerator
    self.denominator = denominator
  }

  /// 0.
  @inlinable
  public static var zero: Rational { Rational(lowestNumerator: 0, denominator: 1) }
  /// 1.
  @inlinable
  public static var one: Rational { Rational(lowestNumerator: 1, denominator: 1) }

  /// The fraction that equals an integer.
  @inlinable
  public init(_ integer: Int) {
    self.init(lowestNumerator: Int128(integer), denominator: 1)
  }

  /// The fraction that equals an integer.
  @inlinable
  public init(whole integer: Int128) {
    self.init(lowestNumerator: integer, denominator: 1)
  }

  /// The fraction that equals a decimal.
  @inlinable
  public init(_ number: Number) throws(Overflow) {
    if number.exponent == 0 {
      self.init(lowestNumerator: number.significand, denominator: 1)
    } else {
      self = try Rational.converting(number)
    }
  }

  /// A fraction of two integers, of which the second is not zero.
  public init(numerator: Int128, denominator: Int128) throws(Overflow) {
    precondition(denominator != 0, "a fraction has no zero below the line")
    let divisor = greatestCommonDivisor(numerator.magnitude, denominator.magnitude)
    self = try Rational(
      isNegative: (numerator < 0) != (denominator < 0),
      numerator.magnitude / divisor, denominator.magnitude / divisor)
  }

  /// A fraction from magnitudes in lowest terms.
  init(isNegative: Bool, _ numerator: UInt128, _ denominator: UInt128) throws(Overflow) {
    guard denominator <= Int128.max.magnitude,
      numerator <= (isNegative ? Int128.min.magnitude : Int128.max.magnitude)
    else { throw Overflow() }
    let bits = Int128(truncatingIfNeeded: numerator)
    self.init(
      lowestNumerator: isNegative ? 0 &- bits : bits,
      denominator: Int128(truncatingIfNeeded: denominator))
  }

  @usableFromInline
  static func converting(_ number: Number) throws(Overflow) -> Rational {
    if number.exponent >= 0 {
      guard let integer = number.asInteger() else { throw Overflow() }
      return Rational(lowestNumerator: integer, denominator: 1)
    }
    // The denominator is 2ⁿ5ⁿ less what the significand shares; it does not end in a zero digit,
    // so that is twos or fives, not both.
    let places = -number.exponent
    var numerator = number.significand.magnitude
    let twos = min(places, numerator.trailingZeroBitCount)
    numerator >>= UInt128(twos)
    var fives = 0
    while fives < places {
      let (quotient, remainder) = numerator.quotientAndRemainder(dividingBy: 5)
      if remainder != 0 { break }
      numerator = quotient
      fives += 1
    }
    var denominator: UInt128 = 1
    for _ in fives..<places {
      let (product, overflow) = denominator.multipliedReportingOverflow(by: 5)
      if overflow { throw Overflow() }
      denominator = product
    }
    guard places - twos < denominator.leadingZeroBitCount else { throw Overflow() }
    return try Rational(
      isNegative: number.isNegative, numerator, denominator << UInt128(places - twos))
  }

  /// Whether both are the same.
  @inlinable
  public static func == (left: Rational, right: Rational) -> Bool {
    left.numerator == right.numerator && left.denominator == right.denominator
  }

  /// Feeds what `==` compares to a hasher.
  @inlinable
  public func hash(into hasher: inout Hasher) {
    hasher.combine(numerator)
    hasher.combine(denominator)
  }
}

extension Rational: Comparable {
  /// Whether one fraction is smaller than another; exact for any two.
  @inlinable
  public static func < (left: Rational, right: Rational) -> Bool {
    if left.denominator == right.denominator { return left.numerator < right.numerator }
    return precedes(left, right)
  }

  @usableFromInline
  static func precedes(_ left: Rational, _ right: Rational) -> Bool {
    let leftSign = left.numerator.signum()
    let rightSign = right.numerator.signum()
    if leftSign != rightSign { return leftSign < rightSign }
    let scaledLeft = Wide(left.numerator.magnitude, times: right.denominator.magnitude)
    let scaledRight = Wide(right.numerator.magnitude, times: left.denominator.magnitude)
    return leftSign < 0 ? scaledRight < scaledLeft : scaledLeft < scaledRight
  }
}
