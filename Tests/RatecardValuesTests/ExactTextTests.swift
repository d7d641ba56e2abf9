import RatecardValues
import Testing

/// Texts as their bytes.
@Suite struct ExactTextTests {
  static let texts: [ExactText] = ["", "a", "e", "e\u{301}", "f", "\u{E9}", "\u{212A}", "K"]

  @Test func equalsItselfAlone() {
    for (i, left) in Self.texts.enumerated() {
      for (j, right) in Self.texts.enumerated() {
        #expect((left == right) == (i == j))
        #expect((left == right) == left.string.utf8.elementsEqual(right.string.utf8))
      }
    }
    #expect(Set(Self.texts).count == Self.texts.count)
  }

  @Test func sortsByBytes() {
    let sorted = Self.texts.shuffled().sorted().map { Array($0.string.utf8) }
    #expect(sorted == sorted.sorted { $0.lexicographicallyPrecedes($1) })
  }

  @Test func comparesLongTextsByBytes() {
    // Alike up to any place in a word of eight bytes, and of any length.
    let whole = Array("gemini-medium-1-2026-01-15".utf8)
    var texts: [[UInt8]] = []
    for count in 0...whole.count {
      texts.append(Array(whole.prefix(count)))
      for place in 0..<count {
        var other = Array(whole.prefix(count))
        other[place] ^= 1
        texts.append(other)
      }
    }
    for left in texts.filter({ $0.count > 6 && $0.count < 20 }) {
      let own = ExactText(String(decoding: left, as: UTF8.self))
      for right in texts {
        let other = ExactText(String(decoding: right, as: UTF8.self))
        #expect((own == other) == (left == right))
        #expect((own < other) == left.lexicographicallyPrecedes(right))
      }
    }
  }

  @Test func readsAsItsText() {
    #expect("\(ExactText("e\u{301}"))".utf8.elementsEqual("e\u{301}".utf8))
    #expect(String(reflecting: [ExactText("a\"b")]) == #"["a\"b"]"#)
  }
}
