import RatecardTestSupport
import RatecardValues
import Testing

@Suite struct NumberTests {
  @Test(arguments: [
    ("25", "25"), ("0.33", "0.33"), ("200_000", "200000"), ("200K", "200000"), ("1M", "1000000"),
    ("4e-07", "0.0000004"), ("0", "0"), ("000", "0"), ("0.000", "0"), ("007", "7"), ("0K", "0"),
    ("1.50", "1.5"), ("1.5K", "1500"), ("2.5B", "2500000000"), ("0.0001M", "100"), ("1e3", "1000"),
    ("1E3", "1000"), ("1e+3", "1000"), ("12.5e-1", "1.25"), ("1_0.2_5", "10.25"), ("0e60", "0"),
    ("100e-2", "1"), ("1e59", "1" + String(repeating: "0", count: 59)),
    ("0.1e-59", "0." + String(repeating: "0", count: 59) + "1"),
    (String(repeating: "9", count: 38), String(repeating: "9", count: 38)),
    (String(repeating: "0", count: 60), "0"),
    ("1234567890123456789.0123456789", "1234567890123456789.0123456789"),
    ("10000000000000000000", "10000000000000000000"),
    ("18446744073709551616", "18446744073709551616"),
    ("1.0000000000000000000000000000000000001", "1.0000000000000000000000000000000000001"),
  ])
  func reads(text: String, plain: String) throws {
    let number = try Number(parsing: text)
    #expect(number.description == plain)
    #expect(try Number(parsing: plain) == number)
  }

  @Test(arguments: [
    ("", "a number is missing"), (".5", "a digit must stand before the point"),
    ("5.", "a digit must stand after the point"), ("5.e3", "a digit must stand after the point"),
    ("1_", "`_` must stand between two digits"), ("_1", "`_` must stand between two digits"),
    ("1__0", "`_` must stand between two digits"), ("1_.5", "`_` must stand between two digits"),
    ("1._5", "`_` must stand between two digits"), ("1_K", "`_` must stand between two digits"),
    ("1_e5", "`_` must stand between two digits"), ("1e5_0", "`_` is not part of a number"),
    ("200k", "`k` is written as a capital, `K`"), ("2m", "`m` is written as a capital, `M`"),
    ("+5", "a number has no `+` before it"), ("-5", "it must not be negative"),
    ("1e", "digits must follow the `e` of an exponent"),
    ("1e-", "digits must follow the `e` of an exponent"),
    ("1eK", "digits must follow the `e` of an exponent"),
    ("1e3K", "an exponent and `K` cannot stand together"), ("1KK", "`K` is not part of a number"),
    ("1K5", "`5` is not part of a number"),
    ("1,000", "digits are grouped with `_`, not with a comma"),
    ("1.2.3", "a number has one point"), ("0x10", "`x` is not part of a number"),
    ("1 ", "` ` is not part of a number"), (" 1", "` ` is not part of a number"),
    ("NaN", "`N` is not part of a number"), ("١", "`١` is not part of a number"),
    ("1€", "`€` is not part of a number"), ("12:30", "`:` is not part of a number"),
    ("-", "it must not be negative"), ("~", "`~` is not part of a number"),
    ("1\u{0}", "`\u{0}` is not part of a number"),
  ])
  func refuses(text: String, reason: String) {
    #expect(throws: Number.Failure.malformed(reason)) { try Number(parsing: text) }
  }

  @Test(arguments: [
    (String(repeating: "0", count: 61), Number.Failure.tooManyDigits),
    ("0." + String(repeating: "0", count: 61), .tooManyDigits),
    ("1" + String(repeating: "0", count: 60), .tooManyDigits),
    ("1e61", .exponentOutOfRange), ("1e-61", .exponentOutOfRange),
    ("0e999999999999999999999", .exponentOutOfRange),
    (String(repeating: "9", count: 39), .tooPrecise),
    ("1" + String(repeating: "0", count: 37) + "1", .tooPrecise),
    ("1.00000000000000000000000000000000000001", .tooPrecise),
  ])
  func refusesWhatIsPastTheLimits(text: String, failure: Number.Failure) {
    #expect(throws: failure) { try Number(parsing: text) }
    #expect(!failure.reason.isEmpty)
  }

  @Test func signs() throws {
    #expect(try Number(parsing: "-3", signed: true).description == "-3")
    #expect(try Number(parsing: "-0.0", signed: true) == .zero)
    #expect(try Number(parsing: "-1.5K", signed: true) == Number(-1500))
    for text in ["--1", "-.5", "- 1", "-", "+1"] {
      #expect(throws: Number.Failure.self) { try Number(parsing: text, signed: true) }
    }
  }

  @Test(arguments: [
    ("1E+5", "100000"), ("-3.0", "-3"), ("0", "0"), ("-0", "0"), ("0.10", "0.1"), ("1e-3", "0.001"),
  ])
  func readsJSON(text: String, plain: String) throws {
    #expect(try Number(json: text).description == plain)
  }

  @Test(arguments: [
    "", "-", "01", "-01", "00", ".5", "5.", "1_0", "1K", "+1", "1e", "1 ", "0x1", "1e1.5",
  ])
  func refusesWhatIsNoJSON(text: String) {
    #expect(throws: Number.Failure.self) { try Number(json: text) }
  }

  @Test func textsAndValuesRoundTrip() throws {
    var generator = SplitMix(seed: 1)
    for _ in 0..<5000 {
      let exponent = generator.below(241) - 120
      guard let number = Number(significand: generator.integer(), exponent: exponent) else {
        continue
      }
      let text = number.description
      let sides = text.drop { $0 == "-" }.split(separator: ".")
      if sides.contains(where: { $0.count > 60 }) {
        #expect(throws: Number.Failure.tooManyDigits) { try Number(parsing: text, signed: true) }
      } else {
        #expect(try Number(parsing: text, signed: true) == number)
        #expect(try Number(json: text) == number)
      }
      #expect(number.decimals == (sides.count > 1 ? sides[1].count : 0))
      #expect(number.isInteger == (sides.count == 1))
    }
  }

  @Test func comparesLikeBigIntegers() {
    var generator = SplitMix(seed: 2)
    for _ in 0..<4000 {
      let spread = generator.pick([3, 40, 121])
      let pair = (0..<2).compactMap { _ in
        Number(significand: generator.integer(), exponent: generator.below(spread))
      }
      guard pair.count == 2 else { continue }
      let wide = pair.map { BigInteger($0.significand) * BigInteger.power(10, $0.exponent + 40) }
      #expect((pair[0] < pair[1]) == (wide[0] < wide[1]), "\(pair)")
      #expect((pair[0] == pair[1]) == (wide[0] == wide[1]), "\(pair)")
      #expect(
        (pair[0].asInteger() != nil)
          == (BigInteger(pair[0].significand)
          * BigInteger.power(10, pair[0].exponent)).narrow.map { _ in true } ?? false)
    }
  }

  @Test func canonicalForm() {
    #expect(Number(significand: 1000, exponent: -2) == Number(10))
    #expect(Number(significand: 0, exponent: 99_999) == .zero)
    #expect(Number(significand: .max, exponent: 0) == nil)
    #expect(Number(significand: .min, exponent: 0) == nil)
    #expect(Number(significand: 1, exponent: 121) == nil)
    #expect(Number(significand: 10, exponent: .max) == nil)
    #expect(Number(significand: 1, exponent: .min) == nil)
    #expect(Number(Int.min).description == String(Int.min))
    #expect(Number(Int.max).description == String(Int.max))
  }

  @Test func anyBytesAreReadWithoutATrap() {
    var generator = SplitMix(seed: 3)
    let alphabet = Array("0123456789012345.__eE+-KMBk, \u{0}é".utf8) + [0x80, 0xFF]
    for _ in 0..<20_000 {
      let bytes = (0..<generator.below(90)).map { _ in generator.pick(alphabet) }
      bytes.withUnsafeBufferPointer { bytes in
        let signed = try? Number(parsing: bytes, signed: true)
        let unsigned = try? Number(parsing: bytes, signed: false)
        if let unsigned { #expect(signed == unsigned) }
        if let json = try? Number(json: bytes) { #expect(signed == json) }
      }
    }
  }
}
