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

  /// The last line of a lint: `2 errors and 1 warning in 3 files`.
  static func summary(_ report: Report) -> String {
    let errors = report.diagnostics.count { $0.severity == .error }
    let warnings = report.diagnostics.count { $0.severity == .warning }
    let files = counted(report.files.count, "file")
    switch (errors, warnings) {
    case (0, 0): return "no findings in \(files)"
    case (_, 0): return "\(counted(errors, "error")) in \(files)"
    case (0, _): return "\(counted(warnings, "warning")) in \(files)"
    default: return "\(counted(errors, "error")) and \(counted(warnings, "warning")) in \(files)"
    }
  }
}

/// A count with its noun: `1 file`, `3 files`.
func counted(_ count: Int, _ noun: String) -> String {
  count == 1 ? "1 \(noun)" : "\(count) \(noun)s"
}
