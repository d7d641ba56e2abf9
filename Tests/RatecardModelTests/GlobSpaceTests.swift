import RatecardTestSupport
import RatecardValues
import Testing

@testable import RatecardModel

/// The exact questions about globs, against every short text.
@Suite struct GlobSpaceTests {
  /// Every text of up to five characters over three letters.
  static let texts: [String] = {
    var all = [""]
    var last = [""]
    for _ in 0..<5 {
      last = last.flatMap { text in ["a", "b", "x"].map { text + $0 } }
      all += last
    }
    return all
  }()

  static func randomGlob(_ generator: inout SplitMix) -> Glob {
    let length = Int.random(in: 0...4, using: &generator)
    let text = (0..<length).map { _ in ["a", "b", "*"].randomElement(using: &generator) ?? "*" }
    return Glob(parsing: text.joined())
  }

  @Test(arguments: UInt64(1)...300)
  func agreesWithEveryShortText(_ seed: UInt64) {
    var generator = SplitMix(seed: seed)
    let matched = (0..<Int.random(in: 1...2, using: &generator)).map { _ in
      Self.randomGlob(&generator)
    }
    let unmatched = (0..<Int.random(in: 0...3, using: &generator)).map { _ in
      Self.randomGlob(&generator)
    }
    func fits(_ text: String) -> Bool {
      matched.allSatisfy { $0.matches(text) } && !unmatched.contains { $0.matches(text) }
    }
    let short = Self.texts.first(where: fits)
    switch GlobSpace.text(matchedBy: matched, notBy: unmatched) {
    case .found(let text):
      #expect(fits(text), "\(matched) \(unmatched): \(text)")
      #expect(text.count <= short?.count ?? .max)
    case .none: #expect(short == nil, "\(matched) \(unmatched): \(short ?? "")")
    case .unknown: Issue.record("gave up on \(matched) \(unmatched)")
    }
    if matched.count == 2, short != nil { #expect(GlobSpace.mayMeet(matched[0], matched[1])) }
  }

  @Test func manyStarsEnd() {
    let left = Glob(parsing: "a*b*c*d*e*f*g*h")
    let right = Glob(parsing: "*h*g*f*e*d*c*b*a*h")
    guard case .found(let text) = GlobSpace.text(matchedBy: [left, right], notBy: []) else {
      Issue.record("no text found")
      return
    }
    #expect(left.matches(text) && right.matches(text))
  }

  @Test func otherScripts() {
    let answer = GlobSpace.text(
      matchedBy: [Glob(parsing: "modèle-*")], notBy: [Glob(parsing: "modèle-")])
    #expect(answer == .found("modèle-x"))
  }
}
