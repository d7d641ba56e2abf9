import Testing

@testable import RatecardCommand

/// Signs are found by their scalars, whatever stands behind them.
@Suite struct MarkupTests {
  @Test(arguments: [
    ("plain", "plain"), ("a,b", "\"a,b\""), ("say \"hi\"", "\"say \"\"hi\"\"\""),
    ("a,\u{301}b", "\"a,\u{301}b\""), ("a\"\u{301}", "\"a\"\"\u{301}\""),
    ("two\r\nlines", "\"two\r\nlines\""), ("a\rb", "\"a\rb\""),
  ])
  func quotesACell(_ text: String, _ cell: String) {
    #expect(Array(Markup.csv(text).unicodeScalars) == Array(cell.unicodeScalars))
  }

  @Test(arguments: [
    ("a|b", "a\\|b"), ("a|\u{301}b", "a\\|\u{301}b"), ("<\u{338}i>", "\\<\u{338}i>"),
    ("two\nlines", "two lines"),
  ])
  func escapesMarkdown(_ text: String, _ cell: String) {
    #expect(Array(Markup.markdown(text).unicodeScalars) == Array(cell.unicodeScalars))
  }
}
