internal import Ratecard
internal import RatecardDiagnostics

/// Writes reports as text, for a person at a terminal or a log.
enum DiagnosticText {
  /// Writes all findings of a report; source lines and carets are for terminals.
  static func write(_ report: Report, to output: Output, _ console: Console) {
    let isColored = console.isColored(output)
    let renderer = TextRenderer(
      showsSource: output.isTerminal || isColored, usesColour: isColored)
    output.write(renderer.render(report.diagnostics, files: report.files))
  }

  /// The last line of a lint: `2 errors, 1 warning and 3 notes in 3 files`.
  static func summary(_ report: Report) -> String {
    func count(_ severity: Severity) -> Int {
      report.diagnostics.count { $0.severity == severity }
    }
    let counts = [
      (count(.error), "error"), (count(.warning), "warning"), (count(.note), "note"),
    ]
    let parts = counts.filter { $0.0 > 0 }.map { counted($0.0, $0.1) }
    let files = counted(report.files.count, "file")
    guard let last = parts.last else { return "no findings in \(files)" }
    let others = parts.dropLast().joined(separator: ", ")
    return (others.isEmpty ? last : "\(others) and \(last)") + " in \(files)"
  }
}

/// A count with its noun: `1 file`, `3 files`.
func counted(_ count: Int, _ noun: String) -> String {
  count == 1 ? "1 \(noun)" : "\(count) \(noun)s"
}
