import RatecardJSON

/// Diagnostics as a SARIF 2.1.0 log, which code scanning services read.
public enum SARIFRenderer {
  /// One run with the kinds of findings that occur as its rules; columns count code points.
  public static func render(
    _ diagnostics: [Diagnostic], files: [SourceFile], toolVersion: String? = nil
  ) -> String {
    let rules = Set(diagnostics.map(\.code)).sorted { $0.id < $1.id }
    let numbers = Dictionary(uniqueKeysWithValues: rules.enumerated().map { ($1, $0) })
    var writer = JSONWriter(pretty: true)
    writer.beginObject()
    writer.member("$schema", "https://json.schemastore.org/sarif-2.1.0.json")
    writer.member("version", "2.1.0")
    writer.key("runs")
    writer.beginArray()
    writer.beginObject()
    writeTool(rules, version: toolVersion, to: &writer)
    writer.member("columnKind", "unicodeCodePoints")
    writer.key("results")
    writer.beginArray()
    for diagnostic in diagnostics {
      write(diagnostic, rule: numbers[diagnostic.code] ?? -1, files, to: &writer)
    }
    writer.endArray()
    writer.endObject()
    writer.endArray()
    writer.endObject()
    return writer.text + "\n"
  }

  private static func writeTool(
    _ rules: [DiagnosticCode], version: String?, to writer: inout JSONWriter
  ) {
    writer.key("tool")
    writer.beginObject()
    writer.key("driver")
    writer.beginObject()
    writer.member("name", "ratecard")
    if let version { writer.member("version", version) }
    writer.key("rules")
    writer.beginArray()
    for code in rules {
      writer.beginObject()
      writer.member("id", code.id)
      writer.member("name", code.name)
      writeText("shortDescription", code.summary, to: &writer)
      writeText("fullDescription", code.reason, to: &writer)
      writer.key("defaultConfiguration")
      writer.beginObject()
      writer.member("level", code.severity.rawValue)
      writer.endObject()
      writer.endObject()
    }
    writer.endArray()
    writer.endObject()
    writer.endObject()
  }

  private static func write(
    _ diagnostic: Diagnostic, rule: Int, _ files: [SourceFile], to writer: inout JSONWriter
  ) {
    writer.beginObject()
    writer.member("ruleId", diagnostic.code.id)
    writer.member("ruleIndex", rule)
    writer.member("level", diagnostic.severity.rawValue)
    let help = diagnostic.help.map { "; " + $0 } ?? ""
    writeText("message", diagnostic.message + help, to: &writer)
    writer.key("locations")
    writer.beginArray()
    writer.beginObject()
    writeLocation(diagnostic.span, files, to: &writer)
    writer.endObject()
    writer.endArray()
    if !diagnostic.notes.isEmpty {
      writer.key("relatedLocations")
      writer.beginArray()
      for (number, note) in diagnostic.notes.enumerated() {
        writer.beginObject()
        writer.member("id", number)
        if let span = note.span { writeLocation(span, files, to: &writer) }
        writeText("message", note.message, to: &writer)
        writer.endObject()
      }
      writer.endArray()
    }
    if let fix = diagnostic.fix { write(fix, files, to: &writer) }
    writer.endObject()
  }

  private static func write(
    _ fix: Diagnostic.Fix, _ files: [SourceFile], to writer: inout JSONWriter
  ) {
    writer.key("fixes")
    writer.beginArray()
    writer.beginObject()
    writeText("description", fix.message, to: &writer)
    writer.key("artifactChanges")
    writer.beginArray()
    writer.beginObject()
    writeArtifact(Place(fix.span, files), to: &writer)
    writer.key("replacements")
    writer.beginArray()
    writer.beginObject()
    writeRegion("deletedRegion", fix.span, files, to: &writer)
    writeText("insertedContent", fix.replacement, to: &writer)
    writer.endObject()
    writer.endArray()
    writer.endObject()
    writer.endArray()
    writer.endObject()
    writer.endArray()
  }

  private static func writeLocation(
    _ span: Span, _ files: [SourceFile], to writer: inout JSONWriter
  ) {
    writer.key("physicalLocation")
    writer.beginObject()
    writeArtifact(Place(span, files), to: &writer)
    writeRegion("region", span, files, to: &writer)
    writer.endObject()
  }

  private static func writeRegion(
    _ name: String, _ span: Span, _ files: [SourceFile], to writer: inout JSONWriter
  ) {
    let place = Place(span, files).inCodePoints(files, span.file)
    writer.key(name)
    writer.beginObject()
    writer.member("startLine", place.line)
    writer.member("startColumn", place.column)
    writer.member("endLine", place.endLine)
    writer.member("endColumn", place.endColumn)
    writer.endObject()
  }

  private static func writeArtifact(_ place: Place, to writer: inout JSONWriter) {
    writer.key("artifactLocation")
    writer.beginObject()
    writer.member("uri", uri(place.path))
    writer.endObject()
  }

  private static func writeText(_ name: String, _ text: String, to writer: inout JSONWriter) {
    writer.key(name)
    writer.beginObject()
    writer.member("text", text)
    writer.endObject()
  }

  /// A path as a URI reference: what a URI does not allow is percent-encoded.
  private static func uri(_ path: String) -> String {
    var text = path.hasPrefix("/") ? "file://" : ""
    for byte in path.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
        UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: "/"):
        text.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        let digits = String(byte, radix: 16, uppercase: true)
        text += "%" + (digits.count < 2 ? "0" : "") + digits
      }
    }
    return text
  }
}
