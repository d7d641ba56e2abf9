/// A span as machines are told of it: path, lines and columns from 1, the end exclusive.
struct Place {
  let path: String
  let line: Int
  let column: Int
  let endLine: Int
  let endColumn: Int

  /// Columns count UTF-8 bytes.
  init(_ span: Span, _ files: [SourceFile]) {
    let file = files[Int(span.file.index)]
    path = file.path
    (line, column) = file.position(at: Int(span.start))
    (endLine, endColumn) = file.position(at: Int(span.end))
  }

  private init(_ bytes: Place, column: Int, endColumn: Int) {
    path = bytes.path
    (line, endLine) = (bytes.line, bytes.endLine)
    (self.column, self.endColumn) = (column, endColumn)
  }

  /// The same with columns that count code points.
  func inCodePoints(_ files: [SourceFile], _ file: FileID) -> Place {
    func count(_ line: Int, _ column: Int) -> Int {
      let bytes = files[Int(file.index)].line(line).prefix(column - 1)
      // Continuation bytes begin no code point; columns past the line are its line break's.
      let continuations = bytes.count { $0 & 0xC0 == 0x80 }
      return column - continuations
    }
    return Place(self, column: count(line, column), endColumn: count(endLine, endColumn))
  }
}
