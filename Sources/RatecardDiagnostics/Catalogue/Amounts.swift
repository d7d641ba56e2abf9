/// RC03: numbers, amounts, rates and bands.
extension DiagnosticCode {
  /// A text that is no number.
  public static let malformedNumber = DiagnosticCode(
    "RC0301", "malformed-number",
    summary: "A number is not written as the language writes numbers.",
    reason:
      "Numbers are `25`, `0.33`, `200_000`, `200K` or `4e-07`; anything else would be a guess.",
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

  /// A text that is no amount.
  public static let malformedAmount = DiagnosticCode(
    "RC0304", "malformed-amount",
    summary: "An amount is not a number of credits, or a number and its currency.",
    reason: "A text that only looks like an amount would be charged as a guess.",
    wrong: """
      costs:
        - {name: chat, credits: $3}
      """,
    right: """
      credit: {worth: 0.04 USD}
      costs:
        - {name: chat, credits: 3 USD}
      """)

  /// An amount below 0.
  public static let negativeAmount = DiagnosticCode(
    "RC0305", "negative-amount",
    summary: "An amount is negative.",
    reason: "No request pays its customer; a discount is an adjustment that multiplies.",
    wrong: """
      costs:
        - {name: chat, credits: -1}
      """,
    right: """
      costs:
        - {name: chat, credits: 0}
      """)

  /// Money in a card whose credits have no worth.
  public static let currencyWithoutWorth = DiagnosticCode(
    "RC0306", "currency-without-worth",
    summary: "An amount is in a currency, and nothing says what a credit is worth.",
    reason: "Prices are burnt in credits; only `credit.worth` says how many of them a sum of "
      + "money is.",
    wrong: """
      costs:
        - {name: chat, credits: 0.04 USD}
      """,
    right: """
      credit: {worth: 0.04 USD}
      costs:
        - {name: chat, credits: 0.04 USD}
      """)

  /// Money in a currency that credits are not worth.
  public static let otherCurrency = DiagnosticCode(
    "RC0307", "other-currency",
    summary: "An amount is in another currency than the worth of a credit.",
    reason: "A rate of exchange changes every day, a price that was computed must not.",
    wrong: """
      credit: {worth: 0.04 USD}
      costs:
        - {name: chat, credits: 0.04 EUR}
      """,
    right: """
      credit: {worth: 0.04 USD}
      costs:
        - {name: chat, credits: 0.04 USD}
      """)

  /// An amount that only a longer fraction would hold.
  public static let inexactAmount = DiagnosticCode(
    "RC0308", "inexact-amount",
    summary: "An amount comes to a fraction that is too long to be held exactly.",
    reason: "Amounts are exact, so what cannot be held exactly is refused rather than "
      + "rounded.",
    wrong: """
      costs:
        - {name: chat, credits: 1e-40}
      """,
    right: """
      costs:
        - {name: chat, credits: 1e-4}
      """)

  /// A cost rule without a price.
  public static let noPrice = DiagnosticCode(
    "RC0309", "no-price",
    summary: "A rule of `costs` says neither what a request costs nor that it is refused.",
    reason: "Free, refused and unpriced are three different answers, and none of them is "
      + "assumed.",
    wrong: """
      costs:
        - {name: chat, minimum: 1}
      """,
    right: """
      costs:
        - {name: chat, credits: 1}
      """)

  /// A minimum above a maximum.
  public static let crossedBounds = DiagnosticCode(
    "RC0310", "crossed-bounds",
    summary: "A lower bound of a price or a quantity is above its upper bound.",
    reason: "Which of the two holds would depend on which is applied last.",
    wrong: """
      costs:
        - {name: chat, credits: 3, minimum: 5, maximum: 2}
      """,
    right: """
      costs:
        - {name: chat, credits: 3, minimum: 2, maximum: 5}
      """)

  /// Two bands with one end.
  public static let equalBands = DiagnosticCode(
    "RC0311", "equal-bands",
    summary: "Two bands of a schedule end at one bound.",
    reason: "One of them would hold nothing, and which one would be a guess.",
    wrong: """
      attributes:
        seconds: quantity
      costs:
        - name: audio
          rates: {seconds: {volume: [{up_to: 10, rate: 1}, {below: 10, rate: 2}, {rate: 3}]}}
      """,
    right: """
      attributes:
        seconds: quantity
      costs:
        - name: audio
          rates: {seconds: {volume: [{up_to: 10, rate: 1}, {below: 20, rate: 2}, {rate: 3}]}}
      """)

  /// A band or a bound on a whole whose part is rated too.
  public static let shapedWhole = DiagnosticCode(
    "RC0312", "shaped-whole",
    summary: "A price bounds, rounds or divides into bands a quantity of which it also rates "
      + "a part.",
    reason: "Each unit is charged once, at the innermost attribute, so it is not clear which "
      + "quantity is meant: the whole, or what its parts leave.",
    wrong: """
      attributes:
        input_tokens: count
        cached_tokens: {type: count, part_of: input_tokens}
      costs:
        - name: tokens
          rates: {input_tokens: {rate: 3 per 1K, at_least: 1K}, cached_tokens: 1 per 1K}
      """,
    right: """
      attributes:
        input_tokens: count
        cached_tokens: {type: count, part_of: input_tokens}
      costs:
        - name: tokens
          rates: {input_tokens: 3 per 1K, cached_tokens: 1 per 1K}
      """)

  /// A component that no price has.
  public static let unknownComponent = DiagnosticCode(
    "RC0313", "unknown-component",
    summary: "`of` names a part that no price of the card has.",
    reason: "The adjustment would change nothing, and nobody would notice.",
    wrong: """
      attributes:
        input_tokens: count
        output_tokens: count
      costs:
        - {name: tokens, rates: {input_tokens: 3 per 1K}}
      adjustments:
        - {name: discount, multiply: 0.5, of: output_tokens}
      """,
    right: """
      attributes:
        input_tokens: count
        output_tokens: count
      costs:
        - {name: tokens, rates: {input_tokens: 3 per 1K}}
      adjustments:
        - {name: discount, multiply: 0.5, of: input_tokens}
      """)

  /// A rounding that lacks its direction or its multiple.
  public static let malformedRounding = DiagnosticCode(
    "RC0314", "malformed-rounding",
    summary: "`round` does not say in which direction and to what a quantity is rounded.",
    reason: "Rounding decides what is charged, so neither part has a default.",
    wrong: """
      attributes:
        seconds: quantity
      costs:
        - {name: audio, rates: {seconds: {rate: 1, round: up}}}
      """,
    right: """
      attributes:
        seconds: quantity
      costs:
        - {name: audio, rates: {seconds: {rate: 1, round: up to 60}}}
      """)

  static let amountCodes: [DiagnosticCode] = [
    malformedNumber, numberOutOfRange, malformedMoney, malformedAmount, negativeAmount,
    currencyWithoutWorth, otherCurrency, inexactAmount, noPrice, crossedBounds, equalBands,
    shapedWhole, unknownComponent, malformedRounding,
  ]
}
