/// RC02: names that are unknown, taken or unused.
extension DiagnosticCode {
  static let nameCodes: [DiagnosticCode] = []
}
