/// RC05: conditions, windows and dates.
extension DiagnosticCode {
  /// A text that is no instant.
  public static let malformedInstant = DiagnosticCode(
    "RC0501", "malformed-instant",
    summary: "An instant is not written as a date, or as a date and time with its zone.",
    reason: "A time without a zone means another instant everywhere.",
    wrong: """
      attributes:
        subscribed_at: {type: instant, default: 2026-06-01 12:00}
      """,
    right: """
      attributes:
        subscribed_at: {type: instant, default: "2026-06-01T12:00:00Z"}
      """)

  static let conditionCodes: [DiagnosticCode] = [malformedInstant]
}
