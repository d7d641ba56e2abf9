/// RC074: tiers.
extension DiagnosticCode {
  static let tierCodes: [DiagnosticCode] = []

}
