/// Diagnostics as text for a person: place, message and code, then the line with a caret.
///
///     pricing/costs.yaml:12:18: error: `gpt-4o-mnii` is not a known model [RC0203 unknown-value]
///        12 |       chat:     {gpt-4o-mnii: 1, gpt-4o: 1}
///           |                  ^~~~~~~~~~~ did you mean `gpt-4o-mini`?
public struct TextRenderer: Sendable {
  /// Whether the source line is shown with a caret; without, help stands on a line of its own.
  public var showsSource: Bool
  /// Whether ANSI colours are used.
  public var usesColour: Bool
  /// The columns of a source line that are shown before it is cut on both sides of the place.
  public var sourceColumns = 100

  /// Starts with carets and without colours.
  public init(showsSource: Bool = true, usesColour: Bool = false) {
    self.showsSource = showsSource
    self.usesColour = usesColour
  }

  /// The text of all diagnostics in the order given, each ending with a line break.
  ///
  /// `files` is the list that the spans' file ids index.
  public func render(_ diagnostics: [Diagnostic], files: [SourceFile]) -> String {
    var text = ""
    for diagnostic in diagnostics { append(diagnostic, files, to: &text) }
    return text
  }

  private func append(_ diagnostic: Diagnostic, _ files: [SourceFile], to text: inout String) {
    let label = diagnostic.severity.rawValue
    let colour = Colour(diagnostic.severity)
    text += paint(place(diagnostic.span, files) + ":", .strong)
    text += " " + paint(label + ":", colour) + " " + indented(diagnostic.message)
    text += " " + paint("[\(diagnostic.code.id) \(diagnostic.code.name)]", .faint) + "\n"
    appendSource(diagnostic.span, files, help: diagnostic.help, colour, to: &text)
    for note in diagnostic.notes {
      guard let span = note.span else {
        text += showsSource ? "      " + paint("=", .faint) + " " : "  "
        text += "note: " + indented(note.message) + "\n"
        continue
      }
      text += paint(place(span, files) + ":", .strong)
      text += " " + paint("note:", .note) + " " + indented(note.message) + "\n"
      appendSource(span, files, help: nil, .note, to: &text)
    }
  }

  /// Further lines of a message stand apart from the lines that begin with a place.
  private func indented(_ message: String) -> String {
    message.split(separator: "\n", omittingEmptySubsequences: false)
      .joined(separator: "\n        ")
  }

  private func place(_ span: Span, _ files: [SourceFile]) -> String {
    let file = files[Int(span.file.index)]
    let (line, column) = file.position(at: Int(span.start))
    return "\(file.path):\(line):\(column)"
  }

  private func appendSource(
    _ span: Span, _ files: [SourceFile], help: String?, _ colour: Colour, to text: inout String
  ) {
    guard showsSource else {
      if let help { text += "  help: " + indented(help) + "\n" }
      return
    }
    let file = files[Int(span.file.index)]
    let line = file.position(at: Int(span.start)).line
    let excerpt = Excerpt(of: file, line: line, span: span, columns: sourceColumns)
    let number = String(line)
    let padding = String(repeating: " ", count: max(0, 5 - number.count))
    let gutter = String(repeating: " ", count: max(5, number.count))
    let source = excerpt.source.isEmpty ? "" : " " + excerpt.source
    text += paint(padding + number + " |", .faint) + source + "\n"
    let marks = paint(excerpt.marks, colour)
    text += paint(gutter + " |", .faint) + " " + excerpt.margin + marks
    if let help { text += " " + indented(help) }
    text += "\n"
  }

  private enum Colour: String {
    case error = "1;31"
    case warning = "1;33"
    case note = "1;36"
    case strong = "1"
    case faint = "2"

    init(_ severity: Severity) {
      switch severity {
      case .error: self = .error
      case .warning: self = .warning
      case .note: self = .note
      }
    }
  }

  private func paint(_ text: String, _ colour: Colour) -> String {
    usesColour && !text.isEmpty ? "\u{1B}[\(colour.rawValue)m\(text)\u{1B}[0m" : text
  }
}
