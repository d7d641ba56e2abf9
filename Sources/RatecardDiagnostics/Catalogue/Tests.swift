/// RC06: the card's own tests.
extension DiagnosticCode {
  static let testCodes: [DiagnosticCode] = []
}
