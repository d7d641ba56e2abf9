import RatecardTwin
import RatecardValues
import Testing

/// The engine's numbers, patterns and windows against the twin's own.
@Suite struct ValuesTests {
  private func number(_ random: inout SeededRandom, digits: Int) -> Number {
    let limit = (0..<Int.random(in: 1...digits, using: &random)).reduce(Int128(1)) { power, _ in
      power * 10
    }
    let significand = Int128.random(in: -limit...limit, using: &random)
    let exponent = Int.random(in: -12...6, using: &random)
    return Number(significand: significand, exponent: exponent) ?? .zero
  }

  private func sameOrOverflow(_ wanted: Fraction, _ result: () throws -> Rational) -> Bool {
    let limit = BigInteger.powerOfTen(38)
    guard let got = try? result() else {
      return wanted.numerator.magnitude > limit || wanted.denominator > limit
    }
    return Fraction(got) == wanted
  }

  @Test func arithmetic() throws {
    var random = SeededRandom(seed: 1)
    var overflows = 0
    for _ in 0..<4000 {
      let digits = random.pick([2, 6, 12, 18])
      let (a, b) = (number(&random, digits: digits), number(&random, digits: digits))
      guard let left = try? Rational(a), let right = try? Rational(b) else { continue }
      let (x, y) = (Fraction(a), Fraction(b))
      #expect((left < right) == (x < y))
      #expect(
        (a < b) == (x < y),
        "\(a) \(a.significand)e\(a.exponent) \(x) < \(b) \(b.significand)e\(b.exponent) \(y)")
      #expect(sameOrOverflow(x + y) { try left + right }, "\(x) + \(y)")
      #expect(sameOrOverflow(x - y) { try left - right }, "\(x) - \(y)")
      #expect(sameOrOverflow(x * y) { try left * right }, "\(x) × \(y)")
      if !b.isZero { #expect(sameOrOverflow(x / y) { try left / right }, "\(x) / \(y)") }
      if (try? left * right) == nil { overflows += 1 }
    }
    #expect(overflows < 2000)
  }

  @Test(arguments: [RoundingMode.halfUp, .halfEven, .up, .down])
  func rounding(_ mode: RoundingMode) throws {
    var random = SeededRandom(seed: 2)
    for _ in 0..<1500 {
      let numerator = Int128.random(in: 0...100_000, using: &random)
      let denominator = random.pick([1, 2, 3, 4, 7, 8, 10, 16, 1000, 20_000])
      let value = try Rational(numerator: numerator, denominator: Int128(denominator))
      let decimals = Int.random(in: 0...10, using: &random)
      let unit = Fraction(.one, over: .powerOfTen(decimals))
      let rounded = try value.rounded(decimals: decimals, mode)
      #expect(Fraction(rounded) == Fraction(value).rounded(toMultipleOf: unit, mode))
      let multiple = try Rational(numerator: Int128(random.pick([1, 3, 60])), denominator: 10)
      let whole = try value.rounded(toMultipleOf: multiple, mode)
      #expect(Fraction(whole) == Fraction(value).rounded(toMultipleOf: Fraction(multiple), mode))
    }
  }

  @Test func globs() {
    var random = SeededRandom(seed: 3)
    let letters = ["a", "b", "*", "\\*", "\\", "é", "e\u{301}", "**"]
    for _ in 0..<4000 {
      let pattern = (0..<Int.random(in: 0...5, using: &random)).map { _ in random.pick(letters) }
        .joined()
      let glob = Glob(parsing: pattern)
      for _ in 0..<6 {
        let text = (0..<Int.random(in: 0...5, using: &random))
          .map { _ in random.pick(["a", "b", "*", "\\", "é", "e\u{301}"]) }.joined()
        #expect(
          glob.matches(text) == Stars(glob).matches(TwinText(text)), "`\(pattern)` and `\(text)`")
      }
    }
  }

  @Test func samplesShowEveryWayToMatch() {
    var random = SeededRandom(seed: 4)
    for _ in 0..<60 {
      let patterns = (0..<3).map { _ in
        Stars(
          Glob(
            parsing: (0..<Int.random(in: 1...4, using: &random))
              .map { _ in random.pick(["a", "b", "*"]) }.joined()))
      }
      let shown = Set(sampleTexts(patterns).map { text in patterns.map { $0.matches(text) } })
      var texts = [""]
      for _ in 0..<6 { texts += texts.flatMap { text in ["a", "b", "c"].map { text + $0 } } }
      for text in Set(texts) {
        #expect(shown.contains(patterns.map { $0.matches(TwinText(text)) }))
      }
    }
  }

  @Test func windows() throws {
    var random = SeededRandom(seed: 5)
    let names = [
      "UTC", "Europe/Berlin", "America/New_York", "Asia/Shanghai", "Australia/Lord_Howe",
      "Asia/Kathmandu", "America/Los_Angeles", "Pacific/Apia", "America/Sao_Paulo",
    ]
    let zones = names.compactMap { testZones.zone($0) }
    #expect(zones.count == names.count)
    for _ in 0..<150 {
      let hours = (0..<Int.random(in: 0...2, using: &random)).compactMap { _ -> Window.Hours? in
        let start = random.pick([0, 900, 3600, 5400, 7200, 7200 + 900, 9000, 43_200, 82_800])
        let end = random.pick([0, 3600, 5400, 7200, 9000, 10_800, 82_800, 86_400])
        return start == end ? nil : Window.Hours(start: start, end: end)
      }
      let days: Set<Weekday>? =
        random.chance(50) ? nil : Set(random.some(Array(Weekday.allCases), 1...4))
      let except = ["2026-03-29", "2026-11-01", "2026-04-05"]
        .compactMap { try? CivilDate(parsing: $0) }
      let window = Window(
        hours: hours, zone: random.pick(zones), days: days,
        daysZone: random.chance(50) ? nil : random.pick(zones),
        except: random.chance(40) ? except : [])
      let twin = TwinWindow(window)
      for _ in 0..<60 {
        // Around the changes of clocks in spring and autumn, midnights and any other time.
        let base = random.pick([
          1_774_746_000, 1_792_976_400, 1_772_953_200, 1_793_511_000, 1_775_314_800, 0,
          1_325_203_200,
          1_518_919_200,
        ])
        var seconds = base + Int.random(in: -90_000...90_000, using: &random)
        if random.chance(30) { seconds = Int.random(in: 0...4_000_000_000, using: &random) }
        if random.chance(50) { seconds -= seconds % 900 }
        let nanoseconds = Int128(max(0, seconds)) * 1_000_000_000
        let instant = try #require(Instant(nanoseconds: nanoseconds))
        #expect(
          window.contains(instant) == twin.contains(nanoseconds),
          "\(instant): \(window.hours) \(window.zone.name) \(window.daysZone.name) \(String(describing: window.days)) \(window.except)"
        )
      }
    }
  }
}
