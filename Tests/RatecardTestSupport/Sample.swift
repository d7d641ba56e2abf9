public import RatecardDiagnostics

/// A card written in a test: one text for all of its files.
///
/// A line `### PATH` begins a further file. Where no file says `ratecard:`, a header is added in a
/// file of its own, so that no place moves.
public struct Sample: Sendable {
  /// The files, as a loader is given them.
  public let files: [SourceFile]

  /// Splits a text into the files of a card.
  public init(_ text: String, path: String = "card.yaml", addsHeader: Bool = true) {
    var parts: [(path: String, lines: [Substring])] = [(path, [])]
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("### ") {
        parts.append((String(line.dropFirst(4)), []))
      } else {
        parts[parts.count - 1].lines.append(line)
      }
    }
    func has(_ key: String) -> Bool { parts.contains { $0.lines.contains { $0.hasPrefix(key) } } }
    if addsHeader, !has("ratecard:") {
      let name = has("name:") ? [] : [Substring("name: sample")]
      parts.append(("header.yaml", ["ratecard: 1"] + name))
    }
    files = parts.map {
      SourceFile(path: $0.path, bytes: Array($0.lines.joined(separator: "\n").utf8))
    }
  }

  /// Wraps files that are there already.
  public init(files: [SourceFile]) { self.files = files }

  /// Findings as text: place, message, code, then the text pointed at, the help and the notes.
  public func describe(_ diagnostics: [Diagnostic]) -> String {
    diagnostics.map { diagnostic in
      var lines = [
        "\(place(diagnostic.span)): \(diagnostic.severity): \(diagnostic.message) "
          + "[\(diagnostic.code.id) \(diagnostic.code.name)]"
      ]
      lines.append("  | \(source(diagnostic.span))")
      if let help = diagnostic.help { lines.append("  = \(help)") }
      for note in diagnostic.notes {
        lines.append("  > \(note.span.map { place($0) + ": " } ?? "")\(note.message)")
      }
      if let fix = diagnostic.fix {
        lines.append("  ~ \(fix.message): `\(source(fix.span))` becomes `\(fix.replacement)`")
      }
      return lines.joined(separator: "\n") + "\n"
    }.joined(separator: "\n")
  }

  private func place(_ span: Span) -> String {
    let file = files[Int(span.file.index)]
    let (line, column) = file.position(at: Int(span.start))
    return "\(file.path):\(line):\(column)"
  }

  private func source(_ span: Span) -> String {
    let bytes = files[Int(span.file.index)].bytes[Int(span.start)..<Int(span.end)]
    let lines = String(decoding: bytes, as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: false)
    return lines.count > 1 ? "\(lines[0]) …" : String(lines.first ?? "")
  }
}
