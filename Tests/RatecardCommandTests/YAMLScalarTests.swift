import Ratecard
import RatecardModel
import RatecardTestSupport
import Testing

@testable import RatecardCommand

/// A text comes back from a card as it went in, in a block and between braces.
@Suite struct YAMLScalarTests {
  @Test(arguments: [
    ("chat", "chat", "chat"), ("", "\"\"", "\"\""), ("a b", "a b", "a b"),
    ("a, b", "a, b", "\"a, b\""),
    ("a: b", "\"a: b\"", "\"a: b\""), ("a:b", "a:b", "a:b"), ("a:", "\"a:\"", "\"a:\""),
    ("x #1", "\"x #1\"", "\"x #1\""), ("x#1", "x#1", "x#1"), ("-1", "\"-1\"", "\"-1\""),
    ("- x", "\"- x\"", "\"- x\""), ("*-mini", "\"*-mini\"", "\"*-mini\""), ("a*", "a*", "a*"),
    ("25", "\"25\"", "\"25\""), ("200K", "\"200K\"", "\"200K\""), ("4o", "4o", "4o"),
    ("absent", "\"absent\"", "\"absent\""), ("true", "\"true\"", "\"true\""),
    ("it's", "it's", "it's"), ("'x", "\"'x\"", "\"'x\""), ("a\"b", "a\"b", "a\"b"),
    ("a\\b", "a\\b", "a\\b"), ("\\\"", "\\\"", "\\\""), (" a", "\" a\"", "\" a\""),
    ("a\nb", "\"a\\nb\"", "\"a\\nb\""), ("a\u{7F}", "\"a\\u007F\"", "\"a\\u007F\""),
    ("a[0]", "a[0]", "\"a[0]\""), ("é", "é", "é"), ("2026-01-01", "2026-01-01", "2026-01-01"),
  ])
  func isSpelled(_ text: String, _ block: String, _ flow: String) {
    let scalar = YAMLScalar(text)
    #expect(scalar.block == block)
    #expect(scalar.flow == flow)
  }

  @Test(arguments: 0..<40)
  func comesBack(_ seed: Int) throws {
    var random = SplitMix(seed: UInt64(seed))
    let alphabet = Array(
      "ab10 -:,#[]{}&*!|>'\"%@`?~.\\/\n\té\u{0}\u{85}\u{2028}\u{FEFF}😀=<+".unicodeScalars)
    for _ in 0..<50 {
      var text = String.UnicodeScalarView()
      for _ in 0..<random.below(7) { text.append(alphabet[random.below(alphabet.count)]) }
      let scalar = YAMLScalar(String(text))
      let sample = Sample(
        """
        costs: [{name: x, credits: 1}]
        tests:
          - name: n
            price: {customer: \(scalar.flow)}
            expect: {credits: 1}
          - name: m
            price:
              customer: \(scalar.block)
            expect: {credits: 1}
        """)
      let result = RateCard.load(files: sample.files)
      let tests = try #require(
        result.card, "\(Array(text)): \(sample.describe(result.report.diagnostics))"
      ).model.tests
      for test in tests {
        #expect(Array(test.inputs[0].text.unicodeScalars) == Array(text), "\(scalar)")
      }
    }
  }
}
