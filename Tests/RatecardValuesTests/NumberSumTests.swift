import RatecardTestSupport
import RatecardValues
import Testing

/// Sums, against fractions.
struct NumberSumTests {
  private func number(_ text: String) throws -> Number { try Number(parsing: text, signed: true) }

  @Test func equalTheSumsOfFractions() throws {
    var random = SplitMix(seed: 3)
    for _ in 0..<5000 {
      let numbers = (0..<2).map { _ in
        Number(
          significand: Int128(random.below(2_000_001) - 1_000_000), exponent: random.below(13) - 6)
          ?? .zero
      }
      let sum = try Rational(numbers[0] + numbers[1])
      #expect(try sum == Rational(numbers[0]) + Rational(numbers[1]))
      let difference = try Rational(numbers[0] - numbers[1])
      #expect(try difference == Rational(numbers[0]) - Rational(numbers[1]))
    }
  }

  @Test func fitOrSayThatTheyDoNot() throws {
    let most = String(repeating: "9", count: 38)
    #expect(try number(most) + number("-\(most)") == .zero)
    #expect(try number("1e60") + number("0") == number("1e60"))
    #expect(
      try number("1e37") + number("1") == number("1" + String(repeating: "0", count: 36) + "1"))
    // 39 digits, of which the last is a zero that need not be held.
    #expect(
      try number(most) + number("11111111111111111111111111111111111111")
        == number("1" + String(repeating: "1", count: 36) + "10"))
    #expect(throws: Overflow()) { try number(most) + number("1e38") }
    #expect(throws: Overflow()) { try number("1e38") + number("1") }
    #expect(throws: Overflow()) { try number("1e60") - number("1e-60") }
  }
}
