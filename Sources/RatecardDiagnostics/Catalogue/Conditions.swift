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

  /// A time zone that there is not.
  public static let unknownZone = DiagnosticCode(
    "RC0550", "unknown-zone",
    summary: "A window names a time zone that is not in the computer's list.",
    reason: "Without the zone nobody can say when the window opens.",
    wrong: """
      windows:
        peak: {hours: ["09:00-17:00"], zone: Asia/Shangai}
      """,
    right: """
      windows:
        peak: {hours: ["09:00-17:00"], zone: Asia/Shanghai}
      """)

  /// Hours that are no range.
  public static let malformedHours = DiagnosticCode(
    "RC0551", "malformed-hours",
    summary: "The hours of a window are not a range of `HH:MM` that begins and ends at different "
      + "times.",
    reason: "A range that ends where it begins could mean all of the day or none of it.",
    wrong: """
      windows:
        peak: {hours: ["09:00-09:00"]}
      """,
    right: """
      windows:
        peak: {hours: ["09:00-17:00"]}
      """)

  /// A text that is no date.
  public static let malformedDate = DiagnosticCode(
    "RC0552", "malformed-date",
    summary: "A date is not written as `YYYY-MM-DD`, or there is no such day.",
    reason: "Dates in other orders mean one day here and another there.",
    wrong: """
      windows:
        peak: {hours: ["09:00-17:00"], except: [01/01/2027]}
      """,
    right: """
      windows:
        peak: {hours: ["09:00-17:00"], except: [2027-01-01]}
      """)

  static let conditionCodes: [DiagnosticCode] = [
    malformedInstant, unknownZone, malformedHours, malformedDate,
  ]
}
