import RatecardValues

/// What an amount is of one number: straight pieces one after another, of the number itself or of
/// its rounding.
///
/// It never falls within a piece; between two it may jump, up or down.
struct Curve: Hashable, Sendable {
  /// `slope` × number + `intercept`.
  struct Line: Hashable, Sendable {
    let slope: Rational
    let intercept: Rational

    func callAsFunction(_ number: Rational) throws(Overflow) -> Rational {
      try slope * number + intercept
    }
  }

  struct Piece: Hashable, Sendable {
    /// The last rounded number of the piece; nil: it has no end.
    let upper: Nudged?
    let line: Line
  }

  /// A piece, or the part of one, between two numbers, with lines that it lies between.
  private struct Stretch {
    let range: Interval
    /// What the amount is of the rounded number.
    let line: Line
    let lower: Line
    let upper: Line

    /// A part where the amount is a line of the number itself.
    init(_ range: Interval, _ line: Line) {
      self.init(range, line, line, line)
    }

    init(_ range: Interval, _ line: Line, _ lower: Line, _ upper: Line) {
      self.range = range
      self.line = line
      self.lower = lower
      self.upper = upper
    }
  }

  /// Whether 0 comes to nothing, whatever the pieces say.
  let isFreeAtZero: Bool
  /// The rounding of the number; nil: none.
  let steps: Steps?
  /// By their ends; after the last there is no amount.
  let pieces: [Piece]

  init(_ pieces: [Piece], steps: Steps? = nil, isFreeAtZero: Bool = false) {
    self.pieces = pieces
    self.steps = steps
    // Where the first piece begins at nothing anyway, 0 needs no place of its own.
    let startsAtNothing = steps == nil && pieces.first?.line.intercept == .zero
    self.isFreeAtZero = isFreeAtZero && !startsAtNothing
  }

  /// The numbers that have an amount; nil: there are none.
  func domain() throws(Overflow) -> Interval? {
    guard let last = pieces.last else { return isFreeAtZero ? .zero : nil }
    let end = try last.upper.map { (upper) throws(Overflow) in try lastNumber(upTo: upper) }
    if let end, end < .zero { return isFreeAtZero ? .zero : nil }
    return Interval(lower: .zero, upper: end)
  }

  /// The amount of a number of the domain.
  func value(at number: Nudged) throws(Overflow) -> Rational {
    if isFreeAtZero, number == .zero { return .zero }
    let rounded = try steps?.rounded(number) ?? number.value
    let place = steps == nil ? number : Nudged(rounded)
    let piece = pieces.first { $0.upper.map { place <= $0 } ?? true } ?? pieces.last
    return try piece?.line(rounded) ?? .zero
  }

  /// Lines that the amounts of a range lie between; equal ones where they are one line.
  ///
  /// With a grid only the amounts of its numbers count.
  func lines(
    on range: Interval, _ grid: Grid? = nil
  ) throws(Overflow) -> (lower: Line, upper: Line) {
    let stretches = try stretches(on: range, grid)
    guard let first = stretches.first, let last = stretches.last, stretches.count > 1 else {
      let none = Line(slope: .zero, intercept: .zero)
      return (stretches.first?.lower ?? none, stretches.first?.upper ?? none)
    }
    var slope = last.upper.slope
    if let end = range.upper {
      slope = .zero
      if end.value != range.lower.value {
        let rise = try last.upper(end.value) - first.lower(range.lower.value)
        slope = try rise / (end.value - range.lower.value)
      }
    }
    var least: Rational?
    var greatest: Rational?
    for stretch in stretches {
      for end in [stretch.range.lower, stretch.range.upper].compactMap({ $0?.value }) {
        let low = try stretch.lower(end) - slope * end
        let high = try stretch.upper(end) - slope * end
        least = min(least ?? low, low)
        greatest = max(greatest ?? high, high)
      }
    }
    return (
      Line(slope: slope, intercept: least ?? .zero),
      Line(slope: slope, intercept: greatest ?? .zero)
    )
  }

  /// The grid that the amounts of a range lie on, whose numbers lie on `grid`; nil: they lie on none.
  func grid(on range: Interval, of grid: Grid?) throws(Overflow) -> Grid? {
    var result: Grid?
    for stretch in try stretches(on: range) {
      let line = stretch.line
      var own = Grid(start: line.intercept, spacing: .zero)
      if line.slope > .zero {
        // Rounded numbers are multiples, whatever they were before.
        let numbers = steps.map { Grid(start: .zero, spacing: $0.unit) } ?? grid
        guard let numbers else { return nil }
        own = Grid(start: try line(numbers.start), spacing: try numbers.spacing * line.slope)
      }
      result = try result?.joined(with: own) ?? own
    }
    return result
  }

  /// A place to cut a range at, so that less of the curve is left around a number.
  struct Cut {
    /// The last number of the lower part.
    let place: Nudged
    /// Whether it only sets one step of many apart from those that follow.
    let isStep: Bool
  }

  /// Nil: the curve is one line there.
  func cut(of range: Interval, near number: Nudged) throws(Overflow) -> Cut? {
    let stretches = try stretches(on: range)
    if stretches.count > 1 {
      let ends = stretches.dropLast().compactMap(\.range.upper)
      return (ends.first { number <= $0 } ?? ends.last).map { Cut(place: $0, isStep: false) }
    }
    guard let only = stretches.first, only.lower != only.upper, let steps else { return nil }
    let step = try steps.count(number)
    let end = try steps.lastNumber(ofStep: step)
    if range.upper.map({ end < $0 }) ?? true { return Cut(place: end, isStep: true) }
    let start = try steps.lastNumber(ofStep: step - 1)
    return range.lower <= start ? Cut(place: start, isStep: true) : nil
  }

  /// Whether a greater number of a range never has a smaller amount.
  func isRising(on range: Interval) throws(Overflow) -> Bool {
    // Amounts are not negative, so that a free 0 is never above what follows.
    for (piece, next) in zip(pieces, pieces.dropFirst()) {
      guard let upper = piece.upper, try next.line(upper.value) < piece.line(upper.value) else {
        continue
      }
      let end = try lastNumber(upTo: upper)
      if range.contains(end), range.upper.map({ end < $0 }) ?? true { return false }
    }
    return true
  }

  /// Whether it rises without an end where numbers do.
  var isUnbounded: Bool {
    guard let last = pieces.last else { return false }
    return last.upper == nil && last.line.slope > .zero
  }

  /// The greatest number whose rounding is no more than `rounded`.
  private func lastNumber(upTo rounded: Nudged) throws(Overflow) -> Nudged {
    guard let steps else { return rounded }
    let count = Nudged(try rounded.value / steps.unit, nudge: rounded.nudge).floor
    return try steps.lastNumber(ofStep: count)
  }

  private func stretches(
    on range: Interval, _ grid: Grid? = nil
  ) throws(Overflow) -> [Stretch] {
    var result: [Stretch] = []
    var rest = range
    if isFreeAtZero, rest.lower <= .zero {
      let nothing = Line(slope: .zero, intercept: .zero)
      result.append(Stretch(.zero, nothing))
      rest.lower = Nudged.zero.justAbove
    }
    for piece in pieces where !rest.isEmpty {
      let end = try piece.upper.map { (upper) throws(Overflow) in try lastNumber(upTo: upper) }
      if let end, end < rest.lower { continue }
      let part = rest.intersection(Interval(lower: rest.lower, upper: end))
      result.append(try stretch(piece.line, on: part, grid))
      guard let end else { break }
      rest.lower = end.justAbove
    }
    return result
  }

  private func stretch(
    _ line: Line, on range: Interval, _ grid: Grid?
  ) throws(Overflow) -> Stretch {
    guard let steps else { return Stretch(range, line) }
    let first = try steps.count(range.lower)
    if let upper = range.upper, try steps.count(upper) == first {
      let level = Line(slope: .zero, intercept: try line(steps.unit * Rational(integer: first)))
      return Stretch(range, level)
    }
    let (below, above) =
      if let grid { try steps.reach(on: grid) } else { try steps.reach }
    return Stretch(
      range, line,
      Line(slope: line.slope, intercept: try line.intercept - line.slope * below),
      Line(slope: line.slope, intercept: try line.intercept + line.slope * above))
  }
}
