/// RC079: proving itself.
extension DiagnosticCode {
  static let proofCodes: [DiagnosticCode] = [
    .unneededAccept, .proofSkipped,
  ]

  /// An `accept` that accepts nothing.
  public static let unneededAccept = DiagnosticCode(
    "RC0790", "unneeded-accept", .warning,
    summary: "Nothing is found where a finding is accepted.",
    reason: """
      A leftover `accept` hides the next finding of its kind, which nobody has looked at.
      """,
    wrong: """
      costs:
        - name: chat
          credits: 1
          accept: {unpriced-requests: it is the only price}
      """,
    right: """
      costs:
        - name: chat
          credits: 1
      """)

  /// A proof took more steps than it may.
  public static let proofSkipped = DiagnosticCode(
    "RC0791", "proof-skipped", .warning,
    summary: "Whether something holds for every request could not be decided.",
    reason: """
      The rules overlap in so many ways that the search would take too long, so this one question \
      is left open. The card loads: what it answers is not in doubt.
      """,
    wrong: "", right: "")

}
