import RatecardEngine
import RatecardTestSupport
import RatecardValues
import Testing

@testable import RatecardAnalysis

/// Curves are held against the amounts that rates come to, number by number.
@Suite struct CurveTests {
  @Test(arguments: 0..<200)
  func linesLieAround(_ seed: Int) throws {
    var random = SplitMix(seed: UInt64(seed) &+ 9)
    let rate = try Self.rate(&random)
    let curve = try Curve(rate)
    let domain = try #require(try curve.domain())
    for _ in 0..<20 {
      let lower = random.below(40)
      let upper = lower + random.below(30)
      let whole = Interval(
        lower: Nudged(try Rational(numerator: Int128(lower), denominator: 4)),
        upper: random.oneIn(6)
          ? nil : Nudged(try Rational(numerator: Int128(upper), denominator: 4)))
      let range = whole.intersection(domain)
      if range.isEmpty { continue }
      let lines = try curve.lines(on: range)
      let isRising = try curve.isRising(on: range)
      var last = Rational.zero
      for quarter in lower...(upper + 12) {
        let number = try Rational(numerator: Int128(quarter), denominator: 4)
        guard range.contains(Nudged(number)) else { continue }
        let value = try #require(try Self.amount(of: number, rate))
        #expect(try curve.value(at: Nudged(number)) == value)
        #expect(
          try lines.lower(number) <= value && value <= lines.upper(number), "\(rate) \(number)")
        if isRising { #expect(last <= value, "\(rate) at \(number)") }
        last = value
      }
      // Cutting comes to an end where the curve is a line.
      if range.upper != nil {
        var rest = range
        var cuts = 0
        while let place = try curve.cut(of: rest, near: rest.lower)?.place, cuts < 200 {
          #expect(rest.contains(place) && rest.upper.map { place < $0 } ?? true)
          rest.lower = place.justAbove
          cuts += 1
        }
        let (below, above) = try curve.lines(on: rest)
        #expect(below == above && cuts < 200)
      }
    }
  }

  @Test(arguments: 0..<200)
  func noAmountLiesPastTheDomain(_ seed: Int) throws {
    var random = SplitMix(seed: UInt64(seed) &+ 9)
    let rate = try Self.rate(&random)
    let domain = try #require(try Curve(rate).domain())
    for quarter in 0..<60 {
      let number = try Rational(numerator: Int128(quarter), denominator: 4)
      #expect(
        domain.contains(Nudged(number)) == (try Self.amount(of: number, rate) != nil),
        "\(rate) at \(number)")
    }
  }

  @Test func roundingsHaveExactEnds() throws {
    for mode in RoundingMode.allCases {
      let steps = Steps(unit: try Rational(numerator: 1, denominator: 2), mode)
      for count in 1...6 {
        let level = try steps.unit * Rational(count)
        let first = try steps.firstNumber(reaching: level, orAbove: false)
        #expect(try steps.rounded(first) >= level)
        #expect(try steps.rounded(first.justBelow) < level)
      }
    }
  }

  /// How far rounding goes is known exactly for numbers at equal distances.
  @Test(arguments: RoundingMode.allCases)
  func roundingOfAGridReachesNoFurther(_ mode: RoundingMode) throws {
    let steps = Steps(unit: .one, mode)
    for denominator in [1, 2, 3, 4, 5, 10] {
      for start in 0..<10 {
        let grid = Grid(
          start: try Rational(numerator: Int128(start), denominator: 10),
          spacing: try Rational(numerator: 1, denominator: Int128(denominator)))
        var offsets: [Rational] = []
        for count in 0..<(4 * denominator) {
          let number = try grid.start + grid.spacing * Rational(count)
          offsets.append(try steps.rounded(Nudged(number)) - number)
        }
        let (below, above) = try steps.reach(on: grid)
        #expect(offsets.max() == above)
        #expect(try offsets.min() == Rational.zero - below)
      }
    }
  }

  private static func rate(_ random: inout SplitMix) throws -> RatePlan {
    func number(_ least: Int, _ most: Int) -> Rational { Rational(least + random.below(most)) }
    var bands: [RatePlan.Band] = []
    var bound = 0
    for _ in 0..<(1 + random.below(3)) {
      bound += 1 + random.below(4)
      bands.append(
        RatePlan.Band(
          bound: Rational(bound), isInclusive: random.oneIn(2), rate: number(0, 5)))
    }
    if random.below(3) > 0 {
      bands.append(RatePlan.Band(bound: nil, isInclusive: true, rate: number(0, 5)))
    }
    let schedule: RatePlan.Schedule =
      switch random.below(3) {
      case 0: .linear(number(0, 5))
      case 1: .graduated(bands, after: -1)
      default: .volume(bands)
      }
    let modes: [RoundingMode] = [.up, .down, .halfUp]
    return RatePlan(
      attribute: 0, innerParts: [],
      rounding: random.oneIn(2)
        ? RatePlan.Rounding(mode: modes[random.below(3)], multiple: number(1, 3)) : nil,
      atLeast: random.oneIn(3) ? number(1, 4) : nil, atMost: random.oneIn(3) ? number(3, 8) : nil,
      schedule: schedule)
  }

  /// What the language says of a quantity; nil past the last band.
  private static func amount(of quantity: Rational, _ rate: RatePlan) throws -> Rational? {
    if quantity == .zero { return .zero }
    var quantity = quantity
    if let rounding = rate.rounding {
      quantity = try quantity.rounded(toMultipleOf: rounding.multiple, rounding.mode)
    }
    if let least = rate.atLeast { quantity = max(quantity, least) }
    if let most = rate.atMost { quantity = min(quantity, most) }
    func isIn(_ band: RatePlan.Band) -> Bool {
      band.bound.map { quantity < $0 || band.isInclusive && quantity == $0 } ?? true
    }
    switch rate.schedule {
    case .linear(let each): return try quantity * each
    case .volume(let bands):
      return try bands.first(where: isIn).map { try quantity * $0.rate }
    case .graduated(let bands, _):
      guard bands.contains(where: isIn) else { return nil }
      var total = Rational.zero
      var start = Rational.zero
      for band in bands {
        let end = min(band.bound ?? quantity, quantity)
        if start < end { total = try total + (end - start) * band.rate }
        start = max(start, end)
      }
      return total
    }
  }
}
