import RatecardValues

/// Numbers at equal distances: `start` plus multiples of `spacing`, or `start` alone where that is 0.
struct Grid: Hashable, Sendable {
  var start: Rational
  /// Not negative.
  var spacing: Rational

  static let integers = Grid(start: .zero, spacing: .one)

  /// A grid on which the numbers of both lie.
  func joined(with other: Grid) throws(Overflow) -> Grid {
    let difference = try start - other.start
    let distance = difference < .zero ? try Rational.zero - difference : difference
    let common = try Rational.greatestCommonUnit(spacing, other.spacing)
    return Grid(start: start, spacing: try Rational.greatestCommonUnit(common, distance))
  }

  /// A grid for sums of a number of this one and a multiple of a number of another.
  func adding(_ other: Grid, times factor: Rational) throws(Overflow) -> Grid {
    let size = factor < .zero ? try Rational.zero - factor : factor
    return Grid(
      start: try start + other.start * factor,
      spacing: try Rational.greatestCommonUnit(spacing, other.spacing * size))
  }
}
