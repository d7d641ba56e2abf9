/// RC072 and RC073: what a card says and nothing uses.
extension DiagnosticCode {
  static let structuralCodes: [DiagnosticCode] = []

}
