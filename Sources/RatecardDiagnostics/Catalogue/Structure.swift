/// RC01: sections, keys and kinds of values.
extension DiagnosticCode {
  /// A card without its header.
  public static let missingHeader = DiagnosticCode(
    "RC0101", "missing-header",
    summary: "No file says `ratecard:` and `name:`.",
    reason: "The header names the version of the language that the card is written in.",
    wrong: """
      ratecard: 1
      costs:
        - credits: 1
      """,
    right: """
      ratecard: 1
      name: cursor
      costs:
        - credits: 1
      """)

  /// A key that its mapping does not have.
  public static let unknownKey = DiagnosticCode(
    "RC0102", "unknown-key",
    summary: "A key is written that means nothing where it stands.",
    reason: "A misspelt key would otherwise be ignored, and a price be charged without it.",
    wrong: """
      costs:
        - credits: 1
          minimun: 1
      """,
    right: """
      costs:
        - credits: 1
          minimum: 1
      """)

  /// A required key that is not there.
  public static let missingKey = DiagnosticCode(
    "RC0103", "missing-key",
    summary: "Something lacks a key that it cannot do without.",
    reason: "There is no value that could be assumed in its place.",
    wrong: """
      meter:
        property: credit_cost
      """,
    right: """
      meter:
        event: ai.request
        property: credit_cost
      """)

  /// A list where a text is expected, and the like.
  public static let wrongKind = DiagnosticCode(
    "RC0104", "wrong-kind",
    summary: "A map, a list, a flag or a text stands where another of them belongs.",
    reason: "What a value means follows from its place in the card, never from its looks.",
    wrong: """
      attributes:
        - max_mode: flag
      """,
    right: """
      attributes:
        max_mode: flag
      """)

  /// A section twice that a card has once.
  public static let repeatedSection = DiagnosticCode(
    "RC0105", "repeated-section",
    summary: "Two files have a section that a card has only once.",
    reason: "A card has one header and one meter; which of the two counts would be a guess.",
    wrong: """
      ratecard: 1
      name: cursor
      costs:
        - credits: 1
      ### second.yaml
      name: cursor, too
      """,
    right: """
      ratecard: 1
      name: cursor
      ### second.yaml
      costs:
        - credits: 1
      """)

  /// A version of the language that this program does not know.
  public static let unknownVersion = DiagnosticCode(
    "RC0106", "unknown-version",
    summary: "The card is written in a version of the language that this program does not know.",
    reason: "A later version may give a card another meaning, so it is never read as an older one.",
    wrong: """
      ratecard: 2
      name: cursor
      """,
    right: """
      ratecard: 1
      name: cursor
      """)

  /// A key with nothing after it.
  public static let missingValue = DiagnosticCode(
    "RC0107", "missing-value",
    summary: "Nothing is written where a value belongs.",
    reason: "An empty value is taken for an oversight, never for 0, empty text or `absent`.",
    wrong: """
      costs:
        - name: everything
          credits:
      """,
    right: """
      costs:
        - name: everything
          credits: 0
      """)

  /// Keys that exclude each other.
  public static let conflictingKeys = DiagnosticCode(
    "RC0108", "conflicting-keys",
    summary: "Two keys stand together that exclude each other.",
    reason: "Each of them answers the same question, and the answers may differ.",
    wrong: """
      tests:
        - request: {request_type: chat}
          price: {request_type: chat}
          expect: {credits: 1}
      costs:
        - credits: 1
      """,
    right: """
      tests:
        - price: {request_type: chat}
          expect: {credits: 1}
      costs:
        - credits: 1
      """)

  /// More of something than a card may have.
  public static let tooMany = DiagnosticCode(
    "RC0109", "too-many",
    summary: "A card has more of something than it may have.",
    reason: "Every part of a card has a limit, so that checking it always ends soon.",
    wrong: "attributes:\n"
      + (0...256).map { "  attribute_\($0): flag\n" }.joined(),
    right: """
      attributes:
        attribute_0: flag
      """)

  /// A list with nothing in it.
  public static let emptyList = DiagnosticCode(
    "RC0110", "empty-list",
    summary: "A list has no entries.",
    reason: "A rule that matches none of nothing, or a set without members, is an oversight.",
    wrong: """
      attributes:
        region: []
      """,
    right: """
      attributes:
        region: [us, eu]
      """)

  /// A word that is none of the few that may stand there.
  public static let unknownOption = DiagnosticCode(
    "RC0111", "unknown-option",
    summary: "One of a few fixed words belongs here, and this is none of them.",
    reason: "The words are fixed by the language; they are not the card's to choose.",
    wrong: """
      credit: {rounding: halfup}
      """,
    right: """
      credit: {rounding: half_up}
      """)

  /// A part of an answer that the question never gets.
  public static let foreignPart = DiagnosticCode(
    "RC0112", "foreign-part",
    summary: "A test expects a part that the answer to its question does not have.",
    reason: "The cost alone runs no tiers and no routes, so a test of their outcome would prove "
      + "nothing.",
    wrong: """
      tests:
        - price: {request_type: chat}
          expect: {credits: 1, queue: priority}
      costs:
        - credits: 1
      """,
    right: """
      tests:
        - price: {request_type: chat}
          expect: {credits: 1}
      costs:
        - credits: 1
      """)

  /// The same value twice in a set.
  public static let repeatedValue = DiagnosticCode(
    "RC0113", "repeated-value",
    summary: "A value stands twice where each counts once.",
    reason: "One of the two was meant to be something else, or is left over.",
    wrong: """
      attributes:
        region: [us, eu, us]
      """,
    right: """
      attributes:
        region: [us, eu, asia]
      """)

  /// An attribute that counts nothing.
  public static let notAQuantity = DiagnosticCode(
    "RC0114", "not-a-quantity",
    summary: "A count or a quantity belongs here, and the attribute is neither.",
    reason: "Only what is counted or measured can be charged by the unit.",
    wrong: """
      guards:
        - {name: no surprises, never_falls_in: region}
      attributes:
        region: text
      costs:
        - credits: 1
      """,
    right: """
      guards:
        - {name: no surprises, never_falls_in: input_tokens}
      attributes:
        input_tokens: count
      costs:
        - credits: 1
      """)

  /// A price of a plan that is due nobody knows when.
  public static let unknownInterval = DiagnosticCode(
    "RC0115", "unknown-interval",
    summary: "How often a price is due, or how long credits roll over, is not said in known words.",
    reason: "A price a month and a price a year are not the same plan.",
    wrong: """
      plans:
        pro: {price: 20 USD}
      """,
    right: """
      plans:
        pro: {price: 20 USD per month}
      """)

  static let structureCodes: [DiagnosticCode] = [
    missingHeader, unknownKey, missingKey, wrongKind, repeatedSection, unknownVersion,
    missingValue, conflictingKeys, tooMany, emptyList, unknownOption, foreignPart,
    repeatedValue, notAQuantity, unknownInterval,
  ]
}
