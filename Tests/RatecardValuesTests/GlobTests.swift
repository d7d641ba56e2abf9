import RatecardTestSupport
import RatecardValues
import Testing

@Suite struct GlobTests {
  /// The definition, tried out character by character.
  private func matches(_ pattern: ArraySlice<Character>, _ text: ArraySlice<Character>) -> Bool {
    guard let first = pattern.first else { return text.isEmpty }
    let rest = pattern.dropFirst()
    if first == "*" {
      return (0...text.count).contains { matches(rest, text.dropFirst($0)) }
    }
    if first == "\\", rest.first == "*" {
      return text.first == "*" && matches(rest.dropFirst(), text.dropFirst())
    }
    return text.first == first && matches(rest, text.dropFirst())
  }

  @Test func agreesWithTheDefinition() {
    var generator = SplitMix(seed: 4)
    var taken = 0
    for _ in 0..<6000 {
      let pattern = (0..<generator.below(7)).map { _ in generator.pick(Array("aab*\\é")) }
      let text = (0..<generator.below(9)).map { _ in generator.pick(Array("aaab*\\é")) }
      let glob = Glob(parsing: String(pattern))
      let expected = matches(pattern[...], text[...])
      #expect(glob.matches(String(text)) == expected, "\(String(pattern)) on \(String(text))")
      #expect(Glob(parsing: glob.description) == glob, "\(String(pattern))")
      if let literal = glob.literal { #expect(glob.matches(literal)) }
      if expected { taken += 1 }
    }
    #expect(taken > 300)
  }

  @Test(
    arguments: [
      ("claude-*", nil, 7, ["claude-", ""]), ("*-mini", nil, 5, ["", "-mini"]),
      ("gpt-4o", "gpt-4o", 6, ["gpt-4o"]), ("a\\*b", "a*b", 3, ["a*b"]),
      ("a\\b", "a\\b", 3, ["a\\b"]), ("a\\\\*", "a\\*", 3, ["a\\*"]), ("*", nil, 0, ["", ""]),
      ("a**b", nil, 2, ["a", "b"]), ("**", nil, 0, ["", ""]), ("", "", 0, [""]),
      ("é*b*", nil, 2, ["é", "b", ""]), ("\\", "\\", 1, ["\\"]),
    ] as [(String, String?, Int, [String])])
  func parts(text: String, literal: String?, characters: Int, segments: [String]) {
    let glob = Glob(parsing: text)
    #expect(glob.literal == literal)
    #expect(glob.literalCharacters == characters)
    #expect(glob.segments == segments.map { Array($0.utf8) })
  }

  @Test(arguments: ["", "a", "*", "a*b", "\\*", "*\u{301}"])
  func literals(_ text: String) {
    let glob = Glob(literal: text)
    #expect(glob.literal == text)
    #expect(Glob(parsing: glob.description) == glob)
  }

  @Test(.timeLimit(.minutes(20))) func manyStarsStayQuick() {
    let glob = Glob(parsing: String(repeating: "a*", count: 2000) + "b")
    #expect(!glob.matches(String(repeating: "a", count: 20_000)))
  }
}
