internal import RatecardDiagnostics

// Stands in until the renderers are there.
struct TextRenderer {
  init(showsSource: Bool, usesColour: Bool) {}
  func render(_ diagnostics: [Diagnostic], files: [SourceFile]) -> String { "" }
}
enum JSONRenderer {
  static func render(_ diagnostics: [Diagnostic], files: [SourceFile]) -> String { "" }
}
enum SARIFRenderer {
  static func render(_ d: [Diagnostic], files: [SourceFile], toolVersion: String?) -> String { "" }
}
enum GitHubRenderer {
  static func render(_ diagnostics: [Diagnostic], files: [SourceFile]) -> String { "" }
}
enum FixApplier {
  static func apply(
    _ diagnostics: [Diagnostic], to file: SourceFile, as id: FileID
  ) -> (bytes: [UInt8], applied: Int) { (file.bytes, 0) }
}
