/// RC03: numbers, amounts, rates and bands.
extension DiagnosticCode {
  /// A text that is no number.
  public static let malformedNumber = DiagnosticCode(
    "RC0301", "malformed-number",
    summary: "A number is not written as the language writes numbers.",
    reason: "Numbers are `25`, `0.33`, `200_000`, `200K` or `4e-07`; anything else would be a guess.",
    wrong: """
      credit: {decimals: .5}
      """,
    right: """
      credit: {decimals: 5}
      """)

  /// A number that its place does not allow.
  public static let numberOutOfRange = DiagnosticCode(
    "RC0302", "number-out-of-range",
    summary: "A number is larger, smaller or finer than its place allows.",
    reason: "Amounts are exact, so what cannot be held exactly is refused rather than rounded.",
    wrong: """
      credit: {decimals: 11}
      """,
    right: """
      credit: {decimals: 10}
      """)

  /// A text that is no amount of a currency.
  public static let malformedMoney = DiagnosticCode(
    "RC0303", "malformed-money",
    summary: "An amount of a currency is not a number and a three-letter code.",
    reason: "Without its currency an amount of money says nothing.",
    wrong: """
      credit: {worth: $0.04}
      """,
    right: """
      credit: {worth: 0.04 USD}
      """)

  static let amountCodes: [DiagnosticCode] = [malformedNumber, numberOutOfRange, malformedMoney]
}
