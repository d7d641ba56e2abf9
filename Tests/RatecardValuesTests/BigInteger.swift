/// An integer of any size, as a school book has it: the tests' second arithmetic.
struct BigInteger: Equatable, Comparable {
  /// 32 bits each, lowest first, without zeros at the top.
  private(set) var limbs: [UInt32]
  private(set) var isNegative: Bool

  init(_ value: Int128) {
    limbs = []
    isNegative = value < 0
    var rest = value.magnitude
    while rest != 0 {
      limbs.append(UInt32(truncatingIfNeeded: rest))
      rest >>= 32
    }
  }

  private init(limbs: [UInt32], isNegative: Bool) {
    self.limbs = limbs
    while self.limbs.last == 0 { self.limbs.removeLast() }
    self.isNegative = isNegative && !self.limbs.isEmpty
  }

  var isZero: Bool { limbs.isEmpty }
  var magnitude: BigInteger { BigInteger(limbs: limbs, isNegative: false) }
  static prefix func - (value: BigInteger) -> BigInteger {
    BigInteger(limbs: value.limbs, isNegative: !value.isNegative)
  }

  /// The value as an `Int128`, when it is one.
  var narrow: Int128? {
    guard limbs.count <= 4 else { return nil }
    let bits = limbs.reversed().reduce(UInt128(0)) { $0 << 32 | UInt128($1) }
    if isNegative {
      return bits <= Int128.min.magnitude ? 0 &- Int128(truncatingIfNeeded: bits) : nil
    }
    return Int128(exactly: bits)
  }

  static func power(_ base: Int128, _ exponent: Int) -> BigInteger {
    (0..<exponent).reduce(BigInteger(1)) { power, _ in power * BigInteger(base) }
  }

  static func < (left: BigInteger, right: BigInteger) -> Bool {
    if left.isNegative != right.isNegative { return left.isNegative }
    let isLess = precedes(left.limbs, right.limbs)
    return left.isNegative ? precedes(right.limbs, left.limbs) : isLess
  }

  private static func precedes(_ left: [UInt32], _ right: [UInt32]) -> Bool {
    if left.count != right.count { return left.count < right.count }
    return left.reversed().lexicographicallyPrecedes(right.reversed())
  }

  static func + (left: BigInteger, right: BigInteger) -> BigInteger {
    if left.isNegative == right.isNegative {
      var sum: [UInt32] = []
      var carry: UInt64 = 0
      for index in 0..<max(left.limbs.count, right.limbs.count) {
        carry += index < left.limbs.count ? UInt64(left.limbs[index]) : 0
        carry += index < right.limbs.count ? UInt64(right.limbs[index]) : 0
        sum.append(UInt32(truncatingIfNeeded: carry))
        carry >>= 32
      }
      sum.append(UInt32(carry))
      return BigInteger(limbs: sum, isNegative: left.isNegative)
    }
    if precedes(left.limbs, right.limbs) { return right + left }
    var difference: [UInt32] = []
    var borrow: Int64 = 0
    for index in left.limbs.indices {
      borrow += Int64(left.limbs[index])
      borrow -= index < right.limbs.count ? Int64(right.limbs[index]) : 0
      difference.append(UInt32(truncatingIfNeeded: borrow))
      borrow >>= 32
    }
    return BigInteger(limbs: difference, isNegative: left.isNegative)
  }

  static func - (left: BigInteger, right: BigInteger) -> BigInteger { left + -right }

  static func * (left: BigInteger, right: BigInteger) -> BigInteger {
    var product = [UInt32](repeating: 0, count: left.limbs.count + right.limbs.count)
    for (place, limb) in left.limbs.enumerated() {
      var carry: UInt64 = 0
      for (offset, other) in right.limbs.enumerated() {
        carry += UInt64(limb) * UInt64(other) + UInt64(product[place + offset])
        product[place + offset] = UInt32(truncatingIfNeeded: carry)
        carry >>= 32
      }
      product[place + right.limbs.count] = UInt32(carry)
    }
    return BigInteger(limbs: product, isNegative: left.isNegative != right.isNegative)
  }

  /// Quotient and remainder of magnitudes, by long division.
  ///
  /// Each limb of the quotient is added up from guesses that are never too large: the top of the
  /// rest by more than the divisor's top.
  func magnitudeDivided(by divisor: BigInteger) -> (quotient: BigInteger, remainder: BigInteger) {
    let divisor = divisor.magnitude
    let top = divisor.limbs.count - 1
    var quotient: [UInt32] = []
    var rest = BigInteger(0)
    for limb in limbs.reversed() {
      rest = BigInteger(limbs: [limb] + rest.limbs, isNegative: false)
      var times: UInt64 = 0
      while !(rest < divisor) {
        let above = rest.limbs.count > top + 1 ? UInt64(rest.limbs[top + 1]) : 0
        let guess = max(
          1, (above << 32 | UInt64(rest.limbs[top])) / (UInt64(divisor.limbs[top]) + 1))
        rest = rest - divisor * BigInteger(Int128(guess))
        times += guess
      }
      quotient.append(UInt32(times))
    }
    return (BigInteger(limbs: quotient.reversed(), isNegative: false), rest)
  }

  static func greatestCommonDivisor(_ left: BigInteger, _ right: BigInteger) -> BigInteger {
    var (left, right) = (left.magnitude, right.magnitude)
    while !right.isZero { (left, right) = (right, left.magnitudeDivided(by: right).remainder) }
    return left
  }
}
