extension Number {
  /// The exact sum; throws `Overflow` only when a number cannot hold it.
  public static func + (left: Number, right: Number) throws(Overflow) -> Number {
    if left.isZero { return right }
    if right.isZero { return left }
    let common = min(left.exponent, right.exponent)
    // What overflows here is at least 2 × 10³⁸, and the other is less than 10³⁸: the sum has more
    // digits than there may be, since the number that was not scaled does not end in a zero.
    let first = try left.magnitude(at: common)
    let second = try right.magnitude(at: common)
    let isNegative: Bool
    let magnitude: UInt128
    if left.isNegative == right.isNegative {
      isNegative = left.isNegative
      magnitude = first + second
    } else {
      isNegative = first > second ? left.isNegative : right.isNegative
      magnitude = first > second ? first - second : second - first
    }
    // Zeros at its end may be all that is too much.
    let (canonical, zeros) = strippingTrailingZeros(magnitude)
    guard canonical < UInt128(powerOfTen(Number.digitLimit)) else { throw Overflow() }
    let signed = Int128(canonical)
    guard let sum = Number(significand: isNegative ? -signed : signed, exponent: common + zeros)
    else { throw Overflow() }
    return sum
  }

  /// The exact difference; throws `Overflow` only when a number cannot hold it.
  public static func - (left: Number, right: Number) throws(Overflow) -> Number {
    try left + Number(canonicalSignificand: -right.significand, exponent: right.exponent)
  }

  /// The magnitude as a multiple of 10^`exponent`, which is not above its own; below 2 × 10³⁸.
  private func magnitude(at exponent: Int) throws(Overflow) -> UInt128 {
    let zeros = self.exponent - exponent
    guard zeros <= Number.digitLimit else { throw Overflow() }
    let (product, overflow) = significand.magnitude.multipliedReportingOverflow(
      by: UInt128(powerOfTen(zeros)))
    guard !overflow, product < 2 * UInt128(powerOfTen(Number.digitLimit)) else { throw Overflow() }
    return product
  }
}
