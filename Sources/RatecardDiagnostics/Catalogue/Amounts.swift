/// RC03: numbers, amounts, rates and bands.
extension DiagnosticCode {
  static let amountCodes: [DiagnosticCode] = []
}
