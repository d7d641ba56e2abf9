internal import RatecardDiagnostics
internal import RatecardSyntax

/// `accept:` in an entry, and the section of that name for the card as a whole.
extension CheckContext {
  /// The key that any entry may have.
  static let acceptKey = "accept"

  /// Reads the section, whose acceptances hold for the whole card.
  mutating func readCardAcceptances() {
    for part in sections.parts[Self.acceptKey] ?? [] { readAcceptances(part.value, in: nil) }
  }

  /// Reads a map of findings and the reasons why they are accepted within `entry`.
  mutating func readAcceptances(_ node: Node, in entry: Span?) {
    guard node.kind == .mapping else {
      return report(
        .wrongKind, "`accept` must be a map of findings and reasons, this is \(node.inWords)",
        at: node.span, help: "write `accept: {FINDING: why it is fine here}`")
    }
    for pair in node.entries {
      guard let code = acceptedCode(pair.key) else { continue }
      guard !pair.value.isMissing else {
        report(
          .missingValue, "`\(pair.key.text)` is accepted without a reason", at: pair.key.span,
          help: "write why it is fine here after the colon")
        continue
      }
      guard let reason = text(pair.value, "the reason"), !reason.isEmpty else { continue }
      acceptances.append(
        Acceptance(code: code, reason: reason, span: pair.key.span, entry: entry))
    }
  }

  private mutating func acceptedCode(_ key: Node) -> DiagnosticCode? {
    guard let code = DiagnosticCode.all.first(where: { $0.name == key.text }) else {
      let names = DiagnosticCode.acceptable.map(\.name)
      report(
        .unknownOption, "`\(key.text)` is not a finding", at: key.span,
        help: (DiagnosticCode.named(key.text)?.name
          ?? Suggestion.closest(to: key.text, among: names)).map { "did you mean `\($0)`?" }
          ?? "`ratecard rules` lists the findings by name")
      return nil
    }
    guard DiagnosticCode.acceptable.contains(code) else {
      report(
        .unknownOption, "`\(code.name)` cannot be accepted", at: key.span,
        help: "it has to be mended: `ratecard rules \(code.name)` explains it")
      return nil
    }
    return code
  }
}
