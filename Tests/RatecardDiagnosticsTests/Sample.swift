import RatecardDiagnostics

/// Findings with every part a diagnostic can have, at places that are hard to draw.
enum Sample {
  static let files = [
    SourceFile(
      path: "pricing/costs.yaml",
      bytes: Array(
        """
        costs:
          chat:     {gpt-4o-mnii: 1, gpt-4o: 1}
        \tindented: "日本語 🎈 e\u{301}", then
          text: "several
            lines"
          long: \(String(repeating: "abcdefghi ", count: 12))HERE\(String(repeating: " jihgfedcba", count: 12))
        end:

        """.utf8)),
    SourceFile(path: "pricing/odd name, 100%.yaml", bytes: Array("größe: 1\r\ngröße: 2".utf8)),
  ]

  static func span(_ file: Int, _ text: String, occurrence: Int = 1) -> Span {
    let bytes = files[file].bytes
    let wanted = Array(text.utf8)
    var left = occurrence
    for start in 0...(bytes.count - wanted.count)
    where Array(bytes[start..<(start + wanted.count)]) == wanted {
      left -= 1
      if left == 0 { return Span(file: FileID(file), start: start, end: start + wanted.count) }
    }
    preconditionFailure("the sample has no `\(text)`")
  }

  static let error = DiagnosticCode(
    "RC9001", "sample-error", summary: "A sample.", reason: "Samples show how it looks.",
    wrong: "", right: "")
  static let warning = DiagnosticCode(
    "RC9002", "sample-warning", .warning, summary: "A warning.", reason: "It warns.",
    wrong: "", right: "")

  private static func point(_ file: Int, _ offset: Int) -> Span {
    Span(file: FileID(file), start: offset, end: offset)
  }

  static let all: [Diagnostic] = [
    Diagnostic(
      error, "`gpt-4o-mnii` is not a known model", at: span(0, "gpt-4o-mnii"),
      help: "did you mean `gpt-4o-mini`?",
      fix: .init("write `gpt-4o-mini`", replacing: span(0, "gpt-4o-mnii"), with: "gpt-4o-mini")),
    Diagnostic(error, "a tab indents this line", at: span(0, "\t"), help: "indent with spaces"),
    Diagnostic(
      error, "a text ends early", at: span(0, "then"), help: "100%: quote it, please",
      notes: [
        .init("the text began here", at: span(0, "\"日本語 🎈 e\u{301}\"")),
        .init("a remark\nwithout a place"),
      ]),
    Diagnostic(warning, "a text has several lines", at: span(0, "\"several\n    lines\"")),
    Diagnostic(warning, "a line is long", at: span(0, "HERE"), help: "make it shorter"),
    Diagnostic(
      warning, "it is long from its beginning", at: span(0, "abcdefghi ", occurrence: 1),
      severity: .note),
    Diagnostic(error, "nothing is here", at: point(0, files[0].bytes.count - 1)),
    Diagnostic(error, "the file ends", at: point(0, files[0].bytes.count)),
    Diagnostic(
      error, "`größe` is given twice in this map", at: span(1, "größe", occurrence: 2),
      help: "keep one of them",
      notes: [.init("first given here", at: span(1, "größe"))]),
    Diagnostic(error, "here it ends", at: point(1, files[1].bytes.count)),
  ]
}
