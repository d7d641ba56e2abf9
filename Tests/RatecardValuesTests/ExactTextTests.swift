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

  @Test func readsAsItsText() {
    #expect("\(ExactText("e\u{301}"))".utf8.elementsEqual("e\u{301}".utf8))
    #expect(String(reflecting: [ExactText("a\"b")]) == #"["a\"b"]"#)
  }
}
