import RatecardValues

/// Linear conditions on variables with a least value each, and the search for a point that meets
/// them all.
///
/// The dual simplex method over exact fractions: what is minimised, a sum of variables, is least to
/// begin with, and each pivot brings it up as little as one of the broken conditions needs.
struct LinearProgram {
  private let lowers: [Nudged]
  /// The factors of the variables in each condition `Σ factor × variable ≤ bound`.
  private var rows: [[Rational]] = []
  private var bounds: [Nudged] = []

  /// A program over variables that are no less than `lowers`.
  init(lowers: [Nudged]) { self.lowers = lowers }

  /// Adds the condition that a form of the variables is at most `bound`.
  mutating func require(_ form: LinearForm, atMost bound: Nudged) throws(Overflow) {
    var row = [Rational](repeating: .zero, count: lowers.count)
    var rest = try bound - Nudged(form.constant)
    for term in form.terms {
      row[term.symbol] = term.factor
      rest = try rest - lowers[term.symbol] * term.factor
    }
    rows.append(row)
    bounds.append(rest)
  }

  /// Adds the condition that a form of the variables is at least `bound`.
  mutating func require(_ form: LinearForm, atLeast bound: Nudged) throws(Overflow) {
    try require(form * Rational(-1), atMost: bound * Rational(-1))
  }

  /// A point that meets all conditions, of those one where the first `count` variables have the
  /// least sum; nil: there is none.
  consuming func point(leastSumOf count: Int) throws(Overflow) -> [Nudged]? {
    let width = lowers.count
    // Variables are numbered first, then the slack of each condition. A column belongs to the
    // variable outside the basis, a row to the one in it.
    var columns = Array(0..<width)
    var members = rows.indices.map { width + $0 }
    var costs = (0..<width).map { $0 < count ? Rational.one : .zero }
    // The least numbers are chosen (R. G. Bland, 1977), so that no basis comes again.
    while let row = rows.indices.filter({ bounds[$0] < .zero }).min(by: {
      members[$0] < members[$1]
    }) {
      guard let column = try entering(rows[row], costs, columns) else { return nil }
      try pivot(row, column, &costs)
      swap(&members[row], &columns[column])
    }
    var values = lowers
    for (row, member) in members.enumerated() where member < width {
      values[member] = try values[member] + bounds[row]
    }
    return values
  }

  private func entering(
    _ row: [Rational], _ costs: [Rational], _ columns: [Int]
  ) throws(Overflow) -> Int? {
    var best: (column: Int, ratio: Rational)?
    for column in row.indices where row[column] < .zero {
      let ratio = try costs[column] / (row[column] * Rational(-1))
      let isBetter =
        best.map { best in
          ratio < best.ratio || ratio == best.ratio && columns[column] < columns[best.column]
        } ?? true
      if isBetter { best = (column, ratio) }
    }
    return best?.column
  }

  private mutating func pivot(
    _ row: Int, _ column: Int, _ costs: inout [Rational]
  ) throws(Overflow) {
    let inverse = try Rational.one / rows[row][column]
    for other in rows[row].indices where other != column {
      rows[row][other] = try rows[row][other] * inverse
    }
    rows[row][column] = inverse
    bounds[row] = try bounds[row] * inverse
    let chosen = rows[row]
    for other in rows.indices where other != row {
      let factor = rows[other][column]
      if factor == .zero { continue }
      for place in chosen.indices where place != column && chosen[place] != .zero {
        rows[other][place] = try rows[other][place] - factor * chosen[place]
      }
      rows[other][column] = try Rational.zero - factor * inverse
      bounds[other] = try bounds[other] - bounds[row] * factor
    }
    let cost = costs[column]
    if cost == .zero { return }
    for place in chosen.indices where place != column && chosen[place] != .zero {
      costs[place] = try costs[place] - cost * chosen[place]
    }
    costs[column] = try Rational.zero - cost * inverse
  }
}
