import RatecardValues

/// A number, or a place beside it: `value` + `nudge` × ε, where ε is above zero and smaller than
/// every number.
///
/// With such places every end of a range is a closed one: above 5 is at least 5 + ε.
struct Nudged: Hashable, Comparable, Sendable {
  let value: Rational
  let nudge: Rational

  static let zero = Nudged(.zero)

  init(_ value: Rational, nudge: Rational = .zero) {
    self.value = value
    self.nudge = nudge
  }

  /// The place just after this end of a range.
  var justAbove: Nudged { Nudged(value, nudge: nudge < .zero ? .zero : .one) }

  /// The place just before this end of a range.
  var justBelow: Nudged {
    Nudged(value, nudge: nudge > .zero ? .zero : Rational(-1))
  }

  static func < (left: Nudged, right: Nudged) -> Bool {
    left.value == right.value ? left.nudge < right.nudge : left.value < right.value
  }

  static func + (left: Nudged, right: Nudged) throws(Overflow) -> Nudged {
    Nudged(try left.value + right.value, nudge: try left.nudge + right.nudge)
  }

  static func - (left: Nudged, right: Nudged) throws(Overflow) -> Nudged {
    Nudged(try left.value - right.value, nudge: try left.nudge - right.nudge)
  }

  static func * (left: Nudged, right: Rational) throws(Overflow) -> Nudged {
    Nudged(try left.value * right, nudge: try left.nudge * right)
  }

  /// The greatest integer that is not above it.
  var floor: Int128 {
    let floor = value.floor
    return nudge < .zero && value.denominator == 1 ? floor - 1 : floor
  }

  /// The least integer that is not below it.
  var ceiling: Int128 {
    let floor = value.floor
    return value.denominator == 1 && nudge <= .zero ? floor : floor + 1
  }
}

extension Rational {
  /// The greatest integer that is not above it.
  var floor: Int128 {
    let quotient = numerator / denominator
    return numerator < 0 && quotient * denominator != numerator ? quotient - 1 : quotient
  }

  /// The fraction that equals an integer.
  init(integer: Int128) throws(Overflow) {
    self = try Rational(numerator: integer, denominator: 1)
  }

  /// The greatest number that both are multiples of; neither is negative.
  static func greatestCommonUnit(
    _ left: Rational, _ right: Rational
  ) throws(Overflow) -> Rational {
    var (larger, smaller) = (max(left, right), min(left, right))
    while smaller != .zero {
      let times = try (larger / smaller).floor
      (larger, smaller) = (smaller, try larger - smaller * Rational(integer: times))
    }
    return larger
  }
}
