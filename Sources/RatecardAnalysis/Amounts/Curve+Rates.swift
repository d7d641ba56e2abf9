import RatecardEngine
import RatecardValues

extension Curve {
  /// The amount that a rate whose bands count from 0 comes to, of the attribute's whole quantity.
  init(_ rate: RatePlan) throws(Overflow) {
    let schedule: [Piece] =
      switch rate.schedule {
      case .linear(let each):
        [Piece(upper: nil, line: Line(slope: each, intercept: .zero))]
      case .volume(let bands):
        bands.map { Piece(upper: $0.end, line: Line(slope: $0.rate, intercept: .zero)) }
      case .graduated(let bands, _): try Self.graduated(bands)
      }
    self.init(
      try Self.bounded(schedule, rate.atLeast, rate.atMost),
      steps: rate.rounding.map { Steps(unit: $0.multiple, $0.mode) }, isFreeAtZero: true)
  }

  /// The rounded and bounded quantity itself.
  init(quantityOf rate: RatePlan) throws(Overflow) {
    let itself = [Piece(upper: nil, line: Line(slope: .one, intercept: .zero))]
    self.init(
      try Self.bounded(itself, rate.atLeast, rate.atMost),
      steps: rate.rounding.map { Steps(unit: $0.multiple, $0.mode) }, isFreeAtZero: true)
  }

  /// What all units from the first to a number cost in graduated bands.
  init(totalOf bands: [RatePlan.Band]) throws(Overflow) {
    self.init(try Self.graduated(bands))
  }

  /// An amount brought to at least `minimum`, then to at most `maximum`; nil: there is neither.
  init?(minimum: Rational?, maximum: Rational?) throws(Overflow) {
    if minimum == nil, maximum == nil { return nil }
    let itself = [Piece(upper: nil, line: Line(slope: .one, intercept: .zero))]
    self.init(try Self.bounded(itself, minimum, maximum))
  }

  /// An amount rounded by some steps.
  init(_ steps: Steps) {
    let itself = [Piece(upper: nil, line: Line(slope: .one, intercept: .zero))]
    self.init(itself, steps: steps)
  }

  private static func graduated(_ bands: [RatePlan.Band]) throws(Overflow) -> [Piece] {
    var pieces: [Piece] = []
    var total = Rational.zero
    var start = Rational.zero
    for band in bands {
      let line = Line(slope: band.rate, intercept: try total - band.rate * start)
      pieces.append(Piece(upper: band.end, line: line))
      guard let bound = band.bound else { break }
      total = try line(bound)
      start = bound
    }
    return pieces
  }

  /// The pieces of an amount whose number is first brought to at least `least`, then to at most
  /// `most`.
  private static func bounded(
    _ pieces: [Piece], _ least: Rational?, _ most: Rational?
  ) throws(Overflow) -> [Piece] {
    var pieces = pieces
    if let most {
      let place = Nudged(most)
      if let last = pieces.firstIndex(where: { $0.upper.map { place <= $0 } ?? true }) {
        let level = try pieces[last].line(most)
        pieces =
          pieces[..<last] + [
            Piece(upper: place, line: pieces[last].line),
            Piece(upper: nil, line: Line(slope: .zero, intercept: level)),
          ]
      }
    }
    if let least, least > .zero {
      // Past the last band not even the least quantity has an amount.
      guard let first = pieces.firstIndex(where: { $0.upper.map { Nudged(least) <= $0 } ?? true })
      else { return [] }
      let level = Line(slope: .zero, intercept: try pieces[first].line(least))
      pieces = [Piece(upper: Nudged(least), line: level)] + pieces[first...]
    }
    return pieces
  }
}

extension RatePlan.Band {
  /// The last number of the band.
  var end: Nudged? {
    bound.map { isInclusive ? Nudged($0) : Nudged($0).justBelow }
  }
}
