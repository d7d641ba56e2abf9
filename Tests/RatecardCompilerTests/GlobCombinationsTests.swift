import RatecardTestSupport
import RatecardValues
import Testing

@testable import RatecardCompiler

/// Which globs a text can satisfy together, against every short text.
struct GlobCombinationsTests {
  @Test(arguments: 0..<60)
  func findsWhatShortTextsShow(seed: UInt64) throws {
    var random = SplitMix(seed: seed)
    let alphabet = ["a", "b", "*"]
    let globs = (0..<(1 + random.below(4))).map { _ in
      let text = (0..<(1 + random.below(4))).map { _ in alphabet[random.below(3)] }.joined()
      return Glob(parsing: text.contains("*") ? text : text + "*")
    }
    // Two letters that the globs name and one that they do not, up to six long.
    var texts = [""]
    var layer = [""]
    for _ in 0..<6 {
      layer = layer.flatMap { text in ["a", "b", "x"].map { text + $0 } }
      texts += layer
    }
    let excluded = Set(
      (texts.filter { _ in random.oneIn(6) } + texts.prefix(random.below(14))).map(ExactText.init))
    let found = try GlobCombinations(globs).realizable(excluding: excluded)
    for text in texts where !excluded.contains(ExactText(text)) {
      let combination = globs.indices.filter { globs[$0].matches(text) }
      #expect(found[combination] != nil, "\(globs) \(text)")
    }
    for (combination, example) in found {
      #expect(globs.indices.filter { globs[$0].matches(example) } == combination)
      #expect(!excluded.contains(ExactText(example)))
    }
  }

  @Test func findsNothingWhereEveryTextIsExcluded() throws {
    // "ab" alone begins with ab, ends with ab and is not longer than that.
    let globs = ["ab*", "*ab", "ab*ab", "aab*", "abb*", "*?"].map { Glob(parsing: $0) }
    let combination = [0, 1]
    let free = try GlobCombinations(globs).realizable(excluding: [])
    #expect(free[combination] == "ab")
    let taken = try GlobCombinations(globs).realizable(excluding: [ExactText("ab")])
    #expect(taken[combination] == nil)
  }

  @Test func refusesGlobsThatCombineTooFreely() {
    let globs = (0..<16).map { Glob(parsing: "*\($0)a\($0)b\($0)c*") }
    #expect(throws: GlobCombinations.TooMany.self) {
      try GlobCombinations(globs).realizable(excluding: [])
    }
  }
}
