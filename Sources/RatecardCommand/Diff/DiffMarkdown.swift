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
