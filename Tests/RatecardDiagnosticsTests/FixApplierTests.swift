import RatecardDiagnostics
import Testing

@Suite struct FixApplierTests {
  private func apply(_ fixes: [(Int, Int, String)], to text: String) -> (String, Int) {
    let file = SourceFile(path: "a.yaml", bytes: Array(text.utf8))
    let diagnostics = fixes.map { start, end, replacement in
      let span = Span(file: FileID(0), start: start, end: end)
      return Diagnostic(
        Sample.error, "wrong", at: span, fix: .init("put right", replacing: span, with: replacement)
      )
    }
    let (bytes, applied) = FixApplier.apply(diagnostics, to: file, as: FileID(0))
    return (String(decoding: bytes, as: UTF8.self), applied)
  }

  @Test(
    arguments: [
      ([(0, 1, "X")], "Xbcd\r\n# é\t\n", 1),
      ([(1, 2, "[é]"), (3, 4, "")], "a[é]c\r\n# é\t\n", 2),
      ([(3, 4, ""), (1, 2, "[é]")], "a[é]c\r\n# é\t\n", 2),
      ([(0, 2, "X"), (1, 3, "Y")], "Xcd\r\n# é\t\n", 1),
      ([(0, 2, "X"), (2, 4, "Y")], "XY\r\n# é\t\n", 2),
      ([(0, 2, "X"), (0, 2, "X")], "Xcd\r\n# é\t\n", 1),
      ([(1, 1, "X"), (1, 1, "X")], "aXbcd\r\n# é\t\n", 1),
      ([(99, 100, "X")], "abcd\r\n# é\t\n", 0),
      ([], "abcd\r\n# é\t\n", 0),
    ] as [([(Int, Int, String)], String, Int)])
  func bytesOutsideStay(_ fixes: [(Int, Int, String)], _ expected: String, _ count: Int) {
    let (text, applied) = apply(fixes, to: "abcd\r\n# é\t\n")
    #expect(Array(text.utf8) == Array(expected.utf8))
    #expect(applied == count)
  }

  @Test func fixesOfOtherFilesAreLeft() {
    let span = Span(file: FileID(1), start: 0, end: 1)
    let diagnostic = Diagnostic(
      Sample.error, "wrong", at: span, fix: .init("put right", replacing: span, with: "X"))
    let file = SourceFile(path: "a.yaml", bytes: [0x61])
    #expect(FixApplier.apply([diagnostic], to: file, as: FileID(0)).bytes == [0x61])
  }
}
