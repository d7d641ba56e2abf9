/// Writes a difference as text for a person.
struct DiffText {
  static let nothing = "no change in meaning"

  let isColored: Bool

  func text(_ view: DiffView) -> String {
    if view.sections.isEmpty { return "\(Self.nothing)\n" }
    return view.sections.map { section in
      let title = isColored ? "\u{1B}[1m\(section.name)\u{1B}[0m" : section.name
      return "\(title)\n" + section.changes.map(change).joined()
    }
    .joined(separator: "\n")
  }

  private func change(_ change: DiffView.Change) -> String {
    let lines = change.lines.map(Self.words)
    if case .field = change.subject {
      return "  \(change.subjects[0]): \(lines.joined(separator: ", "))\n"
    }
    return change.subjects.map { "  \($0)\n" }.joined() + lines.map { "    \($0)\n" }.joined()
  }

  /// `input_tokens: 75 → 150 credits per 1M (+100%)`.
  static func words(_ line: DiffView.Line) -> String {
    var text = line.before.isEmpty ? line.after : "\(line.before) → \(line.after)"
    if !line.part.isEmpty { text = "\(line.part): \(text)" }
    if !line.unit.isEmpty { text += " \(line.unit)" }
    if let percent = line.percent { text += " (\(percent))" }
    return text
  }
}
