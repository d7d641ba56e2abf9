/// RC02: names that are unknown, taken or unused.
extension DiagnosticCode {
  /// One name for two things of a section.
  public static let duplicateName = DiagnosticCode(
    "RC0201", "duplicate-name",
    summary: "Two entries of a section have one name.",
    reason: "A name is unique in its section over all files, so that answers can be traced.",
    wrong: """
      costs:
        - {name: chat, when: {request_type: chat}, credits: 1}
        - {name: chat, when: {request_type: agent}, credits: 2}
      """,
    right: """
      costs:
        - {name: chat, when: {request_type: chat}, credits: 1}
        - {name: agent, when: {request_type: agent}, credits: 2}
      """)

  /// An attribute that nobody declares.
  public static let unknownAttribute = DiagnosticCode(
    "RC0202", "unknown-attribute",
    summary: "An attribute is named that is neither built in nor declared.",
    reason: "A condition on a misspelt attribute would hold for no request, or for all of them.",
    wrong: """
      attributes:
        max_mode: flag
      costs:
        - {when: {maxmode: true}, credits: 2}
        - {credits: 1}
      """,
    right: """
      attributes:
        max_mode: flag
      costs:
        - {when: {max_mode: true}, credits: 2}
        - {credits: 1}
      """)

  /// A value that its attribute never has.
  public static let unknownValue = DiagnosticCode(
    "RC0203", "unknown-value",
    summary: "A model, tier, plan, window or member of a closed set is named that there is not.",
    reason: "A rule about it would never hold, and another one would set the price in silence.",
    wrong: """
      models:
        gpt-4o: {}
        gpt-4o-mini: {}
      costs:
        - {when: {model: gpt-4o-mnii}, credits: 1}
        - {credits: 2}
      """,
    right: """
      models:
        gpt-4o: {}
        gpt-4o-mini: {}
      costs:
        - {when: {model: gpt-4o-mini}, credits: 1}
        - {credits: 2}
      """)

  /// An alias where a model's name belongs.
  public static let aliasForModel = DiagnosticCode(
    "RC0204", "alias-for-model",
    summary: "A rule names a model by an alias.",
    reason: "An alias turns into the model's name before any rule looks, so it never matches.",
    wrong: """
      models:
        gpt-4o: {aliases: [gpt-4o-2024-08-06]}
      costs:
        - {when: {model: gpt-4o-2024-08-06}, credits: 1}
        - {credits: 2}
      """,
    right: """
      models:
        gpt-4o: {aliases: [gpt-4o-2024-08-06]}
      costs:
        - {when: {model: gpt-4o}, credits: 1}
        - {credits: 2}
      """)

  /// A text that cannot be a name.
  public static let invalidName = DiagnosticCode(
    "RC0205", "invalid-name",
    summary: "A name has characters that names cannot have, or none at all.",
    reason: "Names stand in requests, in answers and on the command line, where they must be told "
      + "from what surrounds them.",
    wrong: """
      attributes:
        max mode: flag
      """,
    right: """
      attributes:
        max_mode: flag
      """)

  /// A name that the language keeps for itself.
  public static let reservedName = DiagnosticCode(
    "RC0206", "reserved-name",
    summary: "An attribute has a name that the language uses itself.",
    reason: "A request or a rule that says the word would mean two things.",
    wrong: """
      attributes:
        balance_percent: quantity
      """,
    right: """
      attributes:
        quota_percent: quantity
      """)

  /// A rule that is named and does not exist.
  public static let unknownRule = DiagnosticCode(
    "RC0212", "unknown-rule",
    summary: "`overrides` or `replaces` names a rule or table that its section does not have.",
    reason: "The rule meant would keep winning, or keep its price.",
    wrong: """
      costs:
        - {name: chat, when: {request_type: chat}, credits: 1}
        - {name: mini, when: {model: gpt-4o-mini}, overrides: chats, credits: 2}
      """,
    right: """
      costs:
        - {name: chat, when: {request_type: chat}, credits: 1}
        - {name: mini, when: {model: gpt-4o-mini}, overrides: chat, credits: 2}
      """)

  static let nameCodes: [DiagnosticCode] = [
    duplicateName, unknownAttribute, unknownValue, aliasForModel, invalidName, reservedName,
    unknownRule,
  ]
}
