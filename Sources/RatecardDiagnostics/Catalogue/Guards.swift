/// RC08: guards.
extension DiagnosticCode {
  static let guardCodes: [DiagnosticCode] = []

}
