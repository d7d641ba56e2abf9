/// RC04: which rule wins.
extension DiagnosticCode {
  static let precedenceCodes: [DiagnosticCode] = []
}
