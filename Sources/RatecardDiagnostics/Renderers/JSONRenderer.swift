public import RatecardJSON

/// Diagnostics as one JSON document for programs; columns count UTF-8 bytes from 1.
public enum JSONRenderer {
  /// `{"diagnostics":[…],"summary":{"errors":0,"warnings":0,"files":3}}` and a line break.
  ///
  /// Ends are exclusive. `help` and `fix` are null where there is none, and so is the place of a
  /// note that has none.
  public static func render(_ diagnostics: [Diagnostic], files: [SourceFile]) -> String {
    var writer = JSONWriter()
    writer.beginObject()
    writer.key("diagnostics")
    write(diagnostics, files: files, to: &writer)
    writer.key("summary")
    writer.beginObject()
    writer.member("errors", diagnostics.count { $0.severity == .error })
    writer.member("warnings", diagnostics.count { $0.severity == .warning })
    writer.member("files", files.count)
    writer.endObject()
    writer.endObject()
    return writer.text + "\n"
  }

  /// Writes the array of the diagnostics alone.
  public static func write(
    _ diagnostics: [Diagnostic], files: [SourceFile], to writer: inout JSONWriter
  ) {
    writer.beginArray()
    for diagnostic in diagnostics { write(diagnostic, files, to: &writer) }
    writer.endArray()
  }

  private static func write(
    _ diagnostic: Diagnostic, _ files: [SourceFile], to writer: inout JSONWriter
  ) {
    writer.beginObject()
    writer.member("code", diagnostic.code.id)
    writer.member("name", diagnostic.code.name)
    writer.member("severity", diagnostic.severity.rawValue)
    writer.member("message", diagnostic.message)
    writePlace(diagnostic.span, files, to: &writer)
    writer.key("help")
    if let help = diagnostic.help { writer.string(help) } else { writer.null() }
    writer.key("notes")
    writer.beginArray()
    for note in diagnostic.notes {
      writer.beginObject()
      writer.member("message", note.message)
      writePlace(note.span, files, to: &writer)
      writer.endObject()
    }
    writer.endArray()
    writer.key("fix")
    if let fix = diagnostic.fix {
      writer.beginObject()
      writer.member("message", fix.message)
      writePlace(fix.span, files, to: &writer)
      writer.member("replacement", fix.replacement)
      writer.endObject()
    } else {
      writer.null()
    }
    writer.endObject()
  }

  private static func writePlace(
    _ span: Span?, _ files: [SourceFile], to writer: inout JSONWriter
  ) {
    guard let span else {
      for name in ["file", "line", "column", "end_line", "end_column"] {
        writer.key(name)
        writer.null()
      }
      return
    }
    let place = Place(span, files)
    writer.member("file", place.path)
    writer.member("line", place.line)
    writer.member("column", place.column)
    writer.member("end_line", place.endLine)
    writer.member("end_column", place.endColumn)
  }
}
