/// RC05: conditions, windows and dates.
extension DiagnosticCode {
  static let conditionCodes: [DiagnosticCode] = []
}
