import RatecardValues

/// The rounding of a number to a multiple of a unit, seen from both sides: which multiple a number
/// becomes, and which numbers become a multiple.
struct Steps: Hashable, Sendable {
  /// Above zero.
  let unit: Rational
  let mode: RoundingMode

  /// The rounding of a price to some decimals.
  init(decimals: Int, _ mode: RoundingMode) throws(Overflow) {
    unit = try Rational(Number(significand: 1, exponent: -decimals) ?? .one)
    self.mode = mode
  }

  init(unit: Rational, _ mode: RoundingMode) {
    self.unit = unit
    self.mode = mode
  }

  /// How many units a number that is not negative becomes.
  func count(_ number: Nudged) throws(Overflow) -> Int128 {
    let quotient = try number.value / unit
    var whole = quotient.floor
    var rest = Nudged(try quotient - Rational(integer: whole), nudge: number.nudge)
    if rest < .zero {
      whole -= 1
      rest = Nudged(.one, nudge: number.nudge)
    }
    let half = Nudged(try Rational.one / Rational(2))
    switch mode {
    case .up: return rest == .zero ? whole : whole + 1
    case .down: return whole
    case .halfUp: return rest < half ? whole : whole + 1
    case .halfEven:
      if rest == half { return whole % 2 == 0 ? whole : whole + 1 }
      return rest < half ? whole : whole + 1
    }
  }

  func rounded(_ number: Nudged) throws(Overflow) -> Rational {
    try unit * Rational(integer: try count(number))
  }

  /// The last number that becomes `count` units or fewer.
  func lastNumber(ofStep count: Int128) throws(Overflow) -> Nudged {
    let level = try unit * Rational(integer: count)
    switch mode {
    case .up: return Nudged(level)
    case .down: return Nudged(try level + unit).justBelow
    case .halfUp: return Nudged(try level + unit / Rational(2)).justBelow
    case .halfEven:
      let middle = Nudged(try level + unit / Rational(2))
      return count % 2 == 0 ? middle : middle.justBelow
    }
  }

  /// The first number whose rounding is at least `least` (or above it).
  func firstNumber(reaching least: Rational, orAbove isAbove: Bool) throws(Overflow) -> Nudged {
    let quotient = Nudged(try least / unit)
    let count = isAbove ? quotient.floor + 1 : quotient.ceiling
    return try lastNumber(ofStep: count - 1).justAbove
  }

  /// How far below and above a number its rounding may lie.
  var reach: (below: Rational, above: Rational) {
    get throws(Overflow) {
      switch mode {
      case .up: (.zero, unit)
      case .down: (unit, .zero)
      case .halfUp, .halfEven: (try unit / Rational(2), try unit / Rational(2))
      }
    }
  }

  /// The same for the numbers of a grid, where they are few between two steps.
  func reach(on grid: Grid) throws(Overflow) -> (below: Rational, above: Rational) {
    // Even and odd steps may differ, so that it takes two to see all.
    let period = try unit * Rational(2)
    let spacing = try Rational.greatestCommonUnit(grid.spacing, period)
    guard try period / spacing <= Rational(Self.mostPlaces) else { return try reach }
    var (below, above) = (try Rational.zero - unit, try Rational.zero - unit)
    var place = try grid.start - period * Rational(integer: (grid.start / period).floor)
    let end = try place + period
    while place < end {
      let offset = try rounded(Nudged(place)) - place
      above = max(above, offset)
      below = max(below, try Rational.zero - offset)
      place = try place + spacing
    }
    return (below, above)
  }

  /// The most numbers within two steps that are looked at one by one.
  private static let mostPlaces = 64
}
