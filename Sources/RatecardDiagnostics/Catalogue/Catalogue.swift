extension DiagnosticCode {
  /// Every kind of finding, by number.
  public static let all: [DiagnosticCode] =
    syntaxCodes + structureCodes + nameCodes + amountCodes + precedenceCodes + conditionCodes
    + testCodes + priceCodes + structuralCodes + tierCodes + proofCodes + guardCodes

  /// The kinds that a card may accept with a reason: those that do not keep it from loading.
  public static let acceptable: [DiagnosticCode] = all.filter {
    $0.severity != .error && $0 != .unneededAccept
  }

  /// The kind with an id (`RC0402`) or name (`ambiguous-rules`).
  ///
  /// O(kinds).
  public static func named(_ text: String) -> DiagnosticCode? {
    all.first { $0.id == text.uppercased() || $0.name == text }
  }
}
