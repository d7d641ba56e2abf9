/// RC00: reading files and YAML.
extension DiagnosticCode {
  static let syntaxCodes: [DiagnosticCode] = []
}
