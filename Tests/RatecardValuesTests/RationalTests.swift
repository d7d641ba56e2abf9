import RatecardTestSupport
import RatecardValues
import Testing

/// `Rational` against the second arithmetic: equal where the true result fits, `Overflow` exactly
/// where it does not.
@Suite struct RationalTests {
  typealias Operation = @Sendable (Rational, Rational) throws -> Rational
  typealias BigOperation = @Sendable (BigRational, BigRational) -> BigRational

  static func random(_ generator: inout SplitMix) -> Rational {
    while true {
      let denominator = generator.integer()
      guard denominator != 0 else { continue }
      // Denominators are often powers of ten or small, as in rate cards.
      let below: Int128 =
        switch generator.below(4) {
        case 0: 1
        case 1: [10, 100, 1000, 1_000_000, 3600, 60][generator.below(6)]
        default: denominator
        }
      if let value = try? Rational(numerator: generator.integer(), denominator: below) {
        return value
      }
    }
  }

  static let operations: [(String, Operation, BigOperation)] = [
    ("+", { try $0 + $1 }, { $0 + $1 }), ("-", { try $0 - $1 }, { $0 - $1 }),
    ("*", { try $0 * $1 }, { $0 * $1 }), ("/", { try $0 / $1 }, { $0 / $1 }),
  ]

  @Test(arguments: 0..<4) func agreesWithBigArithmetic(index: Int) {
    let (name, operation, expected) = RationalTests.operations[index]
    var generator = SplitMix(seed: UInt64(index))
    var overflows = 0
    for _ in 0..<1500 {
      let left = RationalTests.random(&generator)
      let right = RationalTests.random(&generator)
      if name == "/", right == .zero { continue }
      let result = try? operation(left, right)
      let truth = expected(BigRational(left), BigRational(right)).narrow
      if truth == nil { overflows += 1 }
      #expect(
        result.map { [$0.numerator, $0.denominator] } == truth, "\(left) \(name) \(right)")
    }
    #expect(overflows > 100)
  }

  @Test func sumsFitThoughTheCrossProductsDoNot() throws {
    // Denominators that share much, and terms that nearly cancel.
    var generator = SplitMix(seed: 77)
    var fits = 0
    for _ in 0..<400 {
      let left = RationalTests.random(&generator)
      let small = try Rational(
        numerator: Int128(generator.below(9) - 4), denominator: left.denominator)
      guard let right = try? small - left else { continue }
      #expect(try left + right == small)
      fits += 1
    }
    #expect(fits > 200)
  }

  @Test func comparesExactly() {
    var generator = SplitMix(seed: 5)
    for _ in 0..<2000 {
      let left = RationalTests.random(&generator)
      let right = RationalTests.random(&generator)
      let isLess = BigRational(left) < BigRational(right)
      #expect((left < right) == isLess, "\(left) < \(right)")
      #expect((right > left) == isLess)
    }
  }

  @Test(arguments: RoundingMode.allCases) func roundsToDecimals(mode: RoundingMode) {
    var generator = SplitMix(seed: 9)
    for _ in 0..<1200 {
      let value = RationalTests.random(&generator)
      let decimals = generator.below(3) == 0 ? generator.below(39) : generator.below(11)
      let scale = BigInteger.power(10, decimals)
      let truth = (BigRational(value) * BigRational(scale, BigInteger(1))).rounded(mode)
      expectNumber(try? value.rounded(decimals: decimals, mode), equals: truth, decimals, value)
    }
  }

  private func expectNumber(
    _ number: Number?, equals scaled: BigInteger, _ decimals: Int, _ value: Rational
  ) {
    var significand = scaled
    var exponent = -decimals
    while !significand.isZero {
      let (quotient, rest) = significand.magnitudeDivided(by: BigInteger(10))
      guard rest.isZero else { break }
      significand = significand.isNegative ? -quotient : quotient
      exponent += 1
    }
    let fits = significand.magnitude < BigInteger.power(10, 38)
    #expect((number != nil) == fits, "\(value) to \(decimals)")
    guard let number, fits else { return }
    #expect(number.significand == significand.narrow, "\(value) to \(decimals)")
    #expect(number.exponent == (significand.isZero ? 0 : exponent), "\(value) to \(decimals)")
  }

  @Test(arguments: RoundingMode.allCases) func roundsToMultiples(mode: RoundingMode) {
    var generator = SplitMix(seed: 11)
    var overflows = 0
    for _ in 0..<800 {
      let value = RationalTests.random(&generator)
      let unit = RationalTests.random(&generator)
      guard unit > .zero else { continue }
      let times = (BigRational(value) / BigRational(unit)).rounded(mode)
      let truth = (BigRational(times, BigInteger(1)) * BigRational(unit)).narrow
      if truth == nil { overflows += 1 }
      let result = try? value.rounded(toMultipleOf: unit, mode)
      #expect(
        result.map { [$0.numerator, $0.denominator] } == truth, "\(value) to \(unit) \(mode)")
    }
    #expect(overflows > 5)
  }

  @Test func tiesAndSigns() throws {
    let table: [(String, Int, [String])] = [
      // halfUp, halfEven, up, down
      ("0.5", 0, ["1", "0", "1", "0"]), ("1.5", 0, ["2", "2", "2", "1"]),
      ("2.5", 0, ["3", "2", "3", "2"]), ("-0.5", 0, ["-1", "0", "-1", "0"]),
      ("-2.5", 0, ["-3", "-2", "-3", "-2"]), ("0.005", 2, ["0.01", "0", "0.01", "0"]),
      ("0.0051", 2, ["0.01", "0.01", "0.01", "0"]), ("9.995", 2, ["10", "10", "10", "9.99"]),
      ("9.985", 2, ["9.99", "9.98", "9.99", "9.98"]), ("7", 3, ["7", "7", "7", "7"]),
    ]
    for (text, decimals, expected) in table {
      let value = try Rational(Number(parsing: text, signed: true))
      for (mode, result) in zip(RoundingMode.allCases, expected) {
        #expect(
          try value.rounded(decimals: decimals, mode).description == result, "\(text) \(mode)")
      }
    }
  }

  @Test func convertsEveryNumberThatFits() {
    var generator = SplitMix(seed: 13)
    for _ in 0..<1500 {
      let exponent = generator.below(2) == 0 ? -generator.below(121) : generator.below(241) - 120
      guard let number = Number(significand: generator.integer(), exponent: exponent) else {
        continue
      }
      let power = BigInteger.power(10, abs(number.exponent))
      let significand = BigInteger(number.significand)
      let truth =
        number.exponent < 0
        ? BigRational(significand, power) : BigRational(significand * power, BigInteger(1))
      let result = try? Rational(number)
      #expect(result.map { [$0.numerator, $0.denominator] } == truth.narrow, "\(number)")
    }
  }

  @Test(
    arguments: [
      (0, 1, "0"), (-3, 1, "-3"), (271, 50_000, "0.00542"), (13, 2400, "13/2400"), (1, 3, "1/3"),
      (-1, 8, "-0.125"), (-13, 2400, "-13/2400"), (10, -4, "-2.5"), (0, -7, "0"),
    ] as [(Int128, Int128, String)])
  func describes(numerator: Int128, denominator: Int128, text: String) throws {
    #expect(try Rational(numerator: numerator, denominator: denominator).description == text)
  }

  @Test func edgesOfTheRange() throws {
    let lowest = try Rational(numerator: .min, denominator: 1)
    #expect(try lowest + .zero == lowest)
    #expect(throws: Overflow.self) { try lowest - .one }
    #expect(throws: Overflow.self) { try .zero - lowest }
    #expect(throws: Overflow.self) { try Rational(numerator: .min, denominator: -1) }
    #expect(throws: Overflow.self) { try Rational(numerator: 1, denominator: .min) }
    #expect(try Rational(numerator: .min, denominator: .min) == .one)
    #expect(try Rational(numerator: .min, denominator: 2).numerator == Int128.min / 2)
    #expect(try Rational(numerator: 2, denominator: .min).denominator == 1 << 126)
  }
}
