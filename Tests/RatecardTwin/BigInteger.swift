/// An integer of any size, so that the twin never overflows: a sign and base 2^32 digits.
package struct BigInteger: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// Below 0; false for 0.
  package private(set) var isNegative: Bool
  /// The digits of the magnitude, least significant first, without leading zeros.
  private var digits: [UInt32]

  package static let zero = BigInteger(0)
  package static let one = BigInteger(1)

  private init(isNegative: Bool, digits: [UInt32]) {
    var digits = digits
    while digits.last == 0 { digits.removeLast() }
    self.digits = digits
    self.isNegative = isNegative && !digits.isEmpty
  }

  package init(_ value: some BinaryInteger) {
    var magnitude = value.magnitude
    var digits: [UInt32] = []
    while magnitude != 0 {
      digits.append(UInt32(truncatingIfNeeded: magnitude))
      magnitude = magnitude / 65536 / 65536
    }
    self.init(isNegative: value < 0, digits: digits)
  }

  package var isZero: Bool { digits.isEmpty }
  package var isOdd: Bool { (digits.first ?? 0) & 1 == 1 }
  package var magnitude: BigInteger { BigInteger(isNegative: false, digits: digits) }

  /// 10 to a power that is not negative.
  package static func powerOfTen(_ exponent: Int) -> BigInteger { powersOfTen[exponent] }

  private static let powersOfTen: [BigInteger] = (0..<160).reduce(into: [.one]) { powers, _ in
    powers.append(powers[powers.count - 1] * BigInteger(10))
  }

  package static prefix func - (value: BigInteger) -> BigInteger {
    BigInteger(isNegative: !value.isNegative, digits: value.digits)
  }

  package static func + (left: BigInteger, right: BigInteger) -> BigInteger {
    if left.isNegative == right.isNegative {
      return BigInteger(isNegative: left.isNegative, digits: sum(left.digits, right.digits))
    }
    if precedes(left.digits, right.digits) {
      return BigInteger(
        isNegative: right.isNegative, digits: difference(right.digits, left.digits))
    }
    return BigInteger(isNegative: left.isNegative, digits: difference(left.digits, right.digits))
  }

  package static func - (left: BigInteger, right: BigInteger) -> BigInteger { left + -right }

  package static func * (left: BigInteger, right: BigInteger) -> BigInteger {
    var product = [UInt32](repeating: 0, count: left.digits.count + right.digits.count)
    for (i, a) in left.digits.enumerated() {
      var carry: UInt64 = 0
      for (j, b) in right.digits.enumerated() {
        let total = UInt64(a) * UInt64(b) + UInt64(product[i + j]) + carry
        product[i + j] = UInt32(truncatingIfNeeded: total)
        carry = total >> 32
      }
      product[i + right.digits.count] = UInt32(carry)
    }
    return BigInteger(isNegative: left.isNegative != right.isNegative, digits: product)
  }

  package static func < (left: BigInteger, right: BigInteger) -> Bool {
    if left.isNegative != right.isNegative { return left.isNegative }
    return left.isNegative
      ? precedes(right.digits, left.digits) : precedes(left.digits, right.digits)
  }

  /// The quotient towards minus infinity, and what is left, which is 0 or more; the divisor is
  /// above 0.
  package func dividedDown(by divisor: BigInteger) -> (quotient: BigInteger, rest: BigInteger) {
    precondition(!divisor.isZero && !divisor.isNegative, "the twin divides by what is above 0")
    let (quotient, rest) = Self.divide(digits, divisor.digits)
    let down = BigInteger(isNegative: isNegative, digits: quotient)
    let left = BigInteger(isNegative: isNegative, digits: rest)
    return left.isNegative ? (down - .one, left + divisor) : (down, left)
  }

  /// The greatest common divisor of two magnitudes, by Euclid.
  package static func commonDivisor(_ left: BigInteger, _ right: BigInteger) -> BigInteger {
    var (a, b) = (left.magnitude, right.magnitude)
    while !b.isZero { (a, b) = (b, a.dividedDown(by: b).rest) }
    return a
  }

  package var description: String {
    var text = ""
    var rest = magnitude
    while !rest.isZero {
      let (quotient, digit) = rest.dividedDown(by: BigInteger(10))
      text = "\(digit.digits.first ?? 0)" + text
      rest = quotient
    }
    return (isNegative ? "-" : "") + (text.isEmpty ? "0" : text)
  }

  private static func precedes(_ left: [UInt32], _ right: [UInt32]) -> Bool {
    if left.count != right.count { return left.count < right.count }
    for (a, b) in zip(left.reversed(), right.reversed()) where a != b { return a < b }
    return false
  }

  private static func sum(_ left: [UInt32], _ right: [UInt32]) -> [UInt32] {
    var result: [UInt32] = []
    var carry: UInt64 = 0
    for i in 0..<max(left.count, right.count) {
      let a = i < left.count ? UInt64(left[i]) : 0
      let b = i < right.count ? UInt64(right[i]) : 0
      carry += a + b
      result.append(UInt32(truncatingIfNeeded: carry))
      carry >>= 32
    }
    result.append(UInt32(carry))
    return result
  }

  private static func difference(_ left: [UInt32], _ right: [UInt32]) -> [UInt32] {
    var result = left
    var borrow: Int64 = 0
    for i in 0..<left.count {
      let value = Int64(left[i]) - (i < right.count ? Int64(right[i]) : 0) + borrow
      result[i] = UInt32(truncatingIfNeeded: value)
      borrow = value < 0 ? -1 : 0
    }
    return result
  }

  /// Division as by hand, a bit at a time where the divisor is longer than one digit.
  private static func divide(
    _ dividend: [UInt32], _ divisor: [UInt32]
  ) -> (quotient: [UInt32], rest: [UInt32]) {
    if precedes(dividend, divisor) { return ([], dividend) }
    if divisor.count == 1 { return divide(dividend, byDigit: UInt64(divisor[0])) }
    if dividend.count <= 4, let a = narrow(dividend), let b = narrow(divisor) {
      return (BigInteger(a / b).digits, BigInteger(a % b).digits)
    }
    var quotient = [UInt32](repeating: 0, count: dividend.count)
    var rest: [UInt32] = []
    for place in dividend.indices.reversed() {
      for bit in (0..<32).reversed() {
        var carry = (dividend[place] >> UInt32(bit)) & 1
        for i in rest.indices {
          let high = rest[i] >> 31
          rest[i] = rest[i] << 1 | carry
          carry = high
        }
        if carry != 0 { rest.append(carry) }
        if !precedes(rest, divisor) {
          rest = difference(rest, divisor)
          while rest.last == 0 { rest.removeLast() }
          quotient[place] |= 1 << UInt32(bit)
        }
      }
    }
    return (quotient, rest)
  }

  private static func divide(
    _ dividend: [UInt32], byDigit divisor: UInt64
  ) -> (quotient: [UInt32], rest: [UInt32]) {
    var quotient = dividend
    var rest: UInt64 = 0
    for place in dividend.indices.reversed() {
      let value = rest << 32 | UInt64(dividend[place])
      quotient[place] = UInt32(value / divisor)
      rest = value % divisor
    }
    return (quotient, [UInt32(rest)])
  }

  private static func narrow(_ digits: [UInt32]) -> UInt128? {
    digits.count > 4 ? nil : digits.reversed().reduce(0) { $0 << 32 | UInt128($1) }
  }
}
