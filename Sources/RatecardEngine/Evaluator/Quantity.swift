import RatecardValues

/// A number that a request carries: `value` × 10^`exponent`, integers with the exponent 0 as far as
/// they fit.
struct Quantity: BitwiseCopyable, Sendable {
  let value: Int128
  let exponent: Int

  static var zero: Quantity { Quantity(0) }

  @inline(__always)
  init(_ integer: Int64) {
    value = Int128(truncatingIfNeeded: integer)
    exponent = 0
  }

  @inline(__always)
  init(_ number: Number) {
    if number.exponent > 0, let integer = number.asInteger() {
      (value, exponent) = (integer, 0)
    } else {
      (value, exponent) = (number.significand, number.exponent)
    }
  }

  @inline(__always)
  var isZero: Bool { value == 0 }

  /// The number as a short integer; nil when it is none.
  @inline(__always)
  var short: Int64? {
    exponent == 0 && value == Int128(truncatingIfNeeded: Int64(truncatingIfNeeded: value))
      ? Int64(truncatingIfNeeded: value) : nil
  }

  /// The same number in its canonical form.
  var number: Number {
    guard let number = Number(significand: value, exponent: exponent) else {
      preconditionFailure("a quantity was a number once")
    }
    return number
  }

  var rational: Rational {
    get throws(Overflow) {
      exponent == 0 ? Rational(whole: value) : try Rational(number)
    }
  }
}
