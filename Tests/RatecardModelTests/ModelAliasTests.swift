import RatecardDiagnostics
import RatecardModel
import RatecardTestSupport
import Testing

/// Which aliases may stand together: a text must never be two models.
@Suite struct ModelAliasTests {
  /// Two lists of aliases, of the models `a` and `b`, that do not tie.
  static let apart: [(String, String)] = [
    ("[gpt-4*]", "[gpt-4-turbo*]"),
    ("[claude-*]", "[\"*-sonnet\", \"claude-*-sonnet\", claude-sonnet]"),
    ("[x-*]", "[y-*]"),
    ("[\"*-x\"]", "[\"*-y\"]"),
    // All that both would take is a model's own name or taken by a longer glob.
    ("[q*]", "[\"*q\", \"q*q\", q]"),
    ("[\"*\"]", "[\"*-mini\"]"),
    ("['\\*']", "[\"*\"]"),
  ]

  @Test(arguments: apart)
  func loads(_ first: String, _ second: String) {
    let sample = Sample("models:\n  a: {aliases: \(first)}\n  b: {aliases: \(second)}\n")
    let (card, diagnostics) = sample.check()
    #expect(diagnostics.isEmpty, "\(sample.describe(diagnostics))")
    #expect(card != nil)
  }

  /// The same that do, with a text that would be both.
  static let tied: [(String, String, String)] = [
    ("[gpt-*]", "[\"*-pro\"]", "`gpt-pro`"),
    ("[\"*ab*\"]", "[\"*ba*\"]", "`aba`"),
    ("[\"*\"]", "[\"*\"]", "`*`"),
    ("[m-1]", "[m-1]", "`m-1`"),
    ("[m-1]", "['m-1']", "`m-1`"),
    ("[b]", "[c]", "`b`"),
    ("[q*]", "[\"*q\", \"q*q\"]", "`q`"),
    // An accent on a star does not keep it from being one.
    ("[x*]", "[\"*\u{301}\", 'x\\*\u{301}']", "`x\u{301}`"),
  ]

  @Test(arguments: tied)
  func isRefused(_ first: String, _ second: String, _ text: String) throws {
    let sample = Sample("models:\n  a: {aliases: \(first)}\n  b: {aliases: \(second)}\n")
    let (card, diagnostics) = sample.check()
    #expect(card == nil)
    let only = try #require(diagnostics.first)
    #expect(diagnostics.count == 1)
    #expect(only.code == .aliasTie)
    #expect(only.message.contains(text), "\(only.message)")
  }
}
