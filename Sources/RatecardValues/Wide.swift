/// A whole number of 256 bits, for what lies between two operations on 128 bits.
struct Wide: Equatable, Comparable {
  var high: UInt128
  var low: UInt128

  init(_ value: UInt128) {
    high = 0
    low = value
  }

  private init(high: UInt128, low: UInt128) {
    self.high = high
    self.low = low
  }

  /// The whole product.
  init(_ left: UInt128, times right: UInt128) {
    let product = left.multipliedFullWidth(by: right)
    high = product.high
    low = product.low
  }

  /// The value, when 128 bits hold it.
  var narrow: UInt128? { high == 0 ? low : nil }

  var isZero: Bool { high == 0 && low == 0 }

  static func < (left: Wide, right: Wide) -> Bool {
    left.high != right.high ? left.high < right.high : left.low < right.low
  }

  /// The sum; the callers' addends are below 2²⁵⁵, so it fits.
  static func + (left: Wide, right: Wide) -> Wide {
    let (low, carry) = left.low.addingReportingOverflow(right.low)
    return Wide(high: left.high &+ right.high &+ (carry ? 1 : 0), low: low)
  }

  /// The difference of a number and one that is not larger.
  static func - (left: Wide, right: Wide) -> Wide {
    let (low, borrow) = left.low.subtractingReportingOverflow(right.low)
    return Wide(high: left.high &- right.high &- (borrow ? 1 : 0), low: low)
  }

  func quotientAndRemainder(dividingBy divisor: UInt128) -> (quotient: Wide, remainder: UInt128) {
    let first = high.quotientAndRemainder(dividingBy: divisor)
    let second = divisor.dividingFullWidth((first.remainder, low))
    return (Wide(high: first.quotient, low: second.quotient), second.remainder)
  }

  /// Bit by bit: only numbers that no card is likely to have come here.
  func quotientAndRemainder(dividingBy divisor: Wide) -> (quotient: Wide, remainder: Wide) {
    if let narrow = divisor.narrow {
      let (quotient, remainder) = quotientAndRemainder(dividingBy: narrow)
      return (quotient, Wide(remainder))
    }
    var quotient = Wide(0)
    var remainder = Wide(0)
    for bit in stride(from: 255, through: 0, by: -1) {
      let carry = remainder.high >> 127
      let next = (bit >= 128 ? high >> UInt128(bit - 128) : low >> UInt128(bit)) & 1
      remainder = Wide(
        high: remainder.high << 1 | remainder.low >> 127, low: remainder.low << 1 | next)
      if carry == 1 || remainder >= divisor {
        remainder = remainder - divisor
        if bit >= 128 {
          quotient.high |= 1 << UInt128(bit - 128)
        } else {
          quotient.low |= 1 << UInt128(bit)
        }
      }
    }
    return (quotient, remainder)
  }
}

/// The greatest common divisor; that of zero and a number is the number.
package func greatestCommonDivisor(_ left: UInt64, _ right: UInt64) -> UInt64 {
  if left == 0 { return right }
  if right == 0 { return left }
  // One division first: amounts' denominators mostly divide one another, and it brings a large
  // number down to the size of a small one.
  var odd = min(left, right)
  var rest = max(left, right) % odd
  if rest == 0 { return odd }
  let shift = UInt64(truncatingIfNeeded: (odd | rest).trailingZeroBitCount)
  odd &>>= UInt64(truncatingIfNeeded: odd.trailingZeroBitCount)
  while rest != 0 {
    rest &>>= UInt64(truncatingIfNeeded: rest.trailingZeroBitCount)
    let difference = odd > rest ? odd &- rest : rest &- odd
    odd = min(odd, rest)
    rest = difference
  }
  return odd &<< shift
}

/// The greatest common divisor; that of zero and a number is the number.
func greatestCommonDivisor(_ left: UInt128, _ right: UInt128) -> UInt128 {
  var left = left
  var right = right
  while right > UInt128(UInt64.max) {
    (left, right) = (right, left % right)
  }
  if right == 0 { return left }
  let rest = left > UInt128(UInt64.max) ? left % right : left
  return UInt128(
    truncatingIfNeeded: greatestCommonDivisor(
      UInt64(truncatingIfNeeded: rest), UInt64(truncatingIfNeeded: right)))
}
