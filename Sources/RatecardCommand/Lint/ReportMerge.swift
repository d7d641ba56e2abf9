internal import Ratecard
internal import RatecardDiagnostics

extension Report {
  /// The findings of several folders as those of one: files one after the other.
  static func merged(_ reports: [Report]) -> Report {
    guard reports.count != 1 else { return reports[0] }
    var files: [SourceFile] = []
    var diagnostics: [Diagnostic] = []
    for report in reports {
      let offset = files.count
      files += report.files
      diagnostics += report.diagnostics.map { $0.moved(by: offset) }
    }
    return Report(files: files, diagnostics: diagnostics)
  }
}

extension Diagnostic {
  fileprivate func moved(by offset: Int) -> Diagnostic {
    Diagnostic(
      code, message, at: span.moved(by: offset), severity: severity, help: help,
      notes: notes.map { Note($0.message, at: $0.span?.moved(by: offset)) },
      fix: fix.map {
        Fix($0.message, replacing: $0.span.moved(by: offset), with: $0.replacement)
      })
  }
}

extension Span {
  fileprivate func moved(by offset: Int) -> Span {
    Span(file: FileID(Int(file.index) + offset), start: Int(start), end: Int(end))
  }
}
