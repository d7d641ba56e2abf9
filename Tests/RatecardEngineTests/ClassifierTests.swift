import RatecardTestSupport
import RatecardValues
import Testing

@testable import RatecardEngine

/// Numbers and texts are sorted into atoms as a plain look at every cut and every glob sorts them.
struct ClassifierTests {
  private static func number(_ random: inout SplitMix) -> Number {
    let digits = Int128(random.below(2_000_001) - 1_000_000)
    let exponent = [-30, -3, -1, 0, 0, 0, 2, 13, 20, 30][random.below(10)]
    return Number(significand: digits, exponent: exponent) ?? .zero
  }

  @Test(arguments: 0..<60)
  func numbers(_ seed: UInt64) throws {
    var random = SplitMix(seed: seed)
    let arena = Arena()
    let values = Set((0..<random.below(40)).map { _ in Self.number(&random) }).sorted()
    let cuts = values.flatMap { value in
      // Before it, after it, or both.
      [[(value, false)], [(value, true)], [(value, false), (value, true)]][random.below(3)]
    }
    let classifier = NumberClassifier(cuts.map { (value: $0.0, isAfter: $0.1) }, in: arena)
    func plain(_ number: Number) -> Int32 {
      Int32(cuts.count { $0.1 ? $0.0 < number : $0.0 <= number })
    }
    var integers: [Int64] = [0, 1, -1, .max, .min, .max - 1, .min + 1]
    for value in values {
      guard let near = value.asInteger().flatMap({ Int64(exactly: $0) }), near.magnitude < 1 << 62
      else { continue }
      integers += [near - 1, near, near + 1]
    }
    for integer in integers {
      #expect(classifier.atom(of: integer) == plain(Number(Int(integer))), "\(integer) \(cuts)")
    }
    for number in values + (0..<40).map({ _ in Self.number(&random) }) {
      #expect(classifier.atom(of: number) == plain(number), "\(number) \(cuts)")
      let below = Int64(random.below(9) + 1)
      guard let above = number.asInteger(), above.magnitude < 1 << 100,
        let atom = classifier.atom(of: above, over: below)
      else { continue }
      let ratio = try Rational(numerator: above, denominator: Int128(below))
      #expect(try atom == classifier.atom(of: ratio), "\(above)/\(below) \(cuts)")
    }
  }

  @Test(arguments: 0..<80)
  func globs(_ seed: UInt64) {
    var random = SplitMix(seed: seed)
    let arena = Arena()
    let globs = Set(
      (0..<random.below(7)).map { _ in
        Glob(parsing: String((0..<random.below(5) + 1).map { _ in "ab**"[random.below(4)] }))
      }
    ).sorted { $0.description < $1.description }
    // An atom for each set of globs that may take a text, but for some.
    let combinations = (0..<(1 << globs.count)).compactMap { bits -> (globs: [Int], atom: Int)? in
      random.oneIn(9) ? nil : (globs.indices.filter { bits >> $0 & 1 == 1 }, bits)
    }
    let table = GlobTable(globs, combinations)
    let affixes = table.affixes(in: arena)
    var sure = 0
    for length in 0...5 {
      for bits in 0..<(1 << length) {
        let text = String((0..<length).map { bits >> $0 & 1 == 1 ? "a" : "b" })
        let bytes = Array(text.utf8) + [0]
        let atom = bytes.withUnsafeBufferPointer { buffer in
          buffer.baseAddress.map { affixes.atom($0, length) } ?? -2
        }
        if atom == -2 { continue }
        sure += 1
        #expect(atom == table.atom(of: text) ?? -1, "\(text) \(globs)")
      }
    }
    // What has one star, at an end, needs no closer look.
    if globs.allSatisfy({ $0.segments.count == 2 && $0.segments.contains([]) }) {
      #expect(sure == 63)
    }
  }
}

extension String {
  fileprivate subscript(_ place: Int) -> Character { self[index(startIndex, offsetBy: place)] }
}
