internal import Ratecard
internal import RatecardDiagnostics

/// Writes a difference as Markdown, for a pull request.
enum DiffMarkdown {
  static func text(_ view: DiffView) -> String {
    if view.sections.isEmpty { return "The rate card: \(DiffText.nothing).\n" }
    return view.sections.map { section in
      let title = section.name.prefix(1).uppercased() + section.name.dropFirst()
      return "### \(title)\n\n| what | before | after | change |\n| --- | --- | --- | --- |\n"
        + section.changes.map(row).joined()
    }
    .joined(separator: "\n")
  }

  /// The guards on change: that they hold, or what is wrong.
  static func text(_ guards: ChangeGuards) -> String {
    let title = "\n### Guards\n\n"
    if guards.hold { return title + "\(guards.summary).\n" }
    let files = guards.report.files
    return title
      + guards.report.diagnostics.map { diagnostic in
        "- \(place(diagnostic.span, files)): \(Markup.markdown(diagnostic.message))\n"
          + diagnostic.notes.map { note in
            let place = note.span.map { " (\(Self.place($0, files)))" } ?? ""
            return "  - \(Markup.markdown(note.message))\(place)\n"
          }.joined()
      }.joined()
  }

  /// The line of a place.
  private static func place(_ span: Span, _ files: [SourceFile]) -> String {
    let file = files[Int(span.file.index)]
    return Markup.markdown("\(file.path):\(file.position(at: Int(span.start)).line)")
  }

  private static func row(_ change: DiffView.Change) -> String {
    let cells = [
      change.subjects,
      change.lines.map { side($0, $0.before) },
      change.lines.map { side($0, $0.after) },
      change.lines.map { $0.percent ?? "" },
    ]
    let texts = cells.map { lines in
      lines.allSatisfy(\.isEmpty) ? "" : lines.map(Markup.markdown).joined(separator: "<br>")
    }
    return "| " + texts.joined(separator: " | ") + " |\n"
  }

  /// One side of a line, with what it is and what it is counted in.
  private static func side(_ line: DiffView.Line, _ text: String) -> String {
    let unit = line.unit.isEmpty ? "" : " \(line.unit)"
    return line.part.isEmpty ? text + unit : "\(line.part): \(text)\(unit)"
  }
}
