/// RC01: sections, keys and kinds of values.
extension DiagnosticCode {
  static let structureCodes: [DiagnosticCode] = []
}
