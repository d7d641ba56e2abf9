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

  /// A text that would be two models.
  public static let aliasTie = DiagnosticCode(
    "RC0207", "alias-tie",
    summary: "Two models have an equal claim to a text that a request may name.",
    reason: "Which of the two a request pays for must not depend on the order of the file.",
    wrong: """
      models:
        gpt-4o: {aliases: [gpt-4o-*]}
        gpt-4o-mini: {aliases: ["*4o-mini"]}
      """,
    right: """
      models:
        gpt-4o: {aliases: [gpt-4o-*]}
        gpt-4o-mini: {aliases: ["*-4o-mini"]}
      """)

  /// An attribute that is a part of itself.
  public static let partOfCycle = DiagnosticCode(
    "RC0208", "part-of-cycle",
    summary: "An attribute is included in itself, by way of others or at once.",
    reason: "Every unit is charged at the innermost attribute that a price rates; a ring has no "
      + "innermost.",
    wrong: """
      attributes:
        input_tokens: {type: count, part_of: cached_input_tokens}
        cached_input_tokens: {type: count, part_of: input_tokens}
      """,
    right: """
      attributes:
        input_tokens: count
        cached_input_tokens: {type: count, part_of: input_tokens}
      """)

  /// A part or a whole that counts nothing.
  public static let partOfKind = DiagnosticCode(
    "RC0209", "part-of-kind",
    summary: "An attribute that is neither a count nor a quantity has a part, or is one.",
    reason: "Only quantities can be included in each other.",
    wrong: """
      attributes:
        region: text
        cached_input_tokens: {type: count, part_of: region}
      """,
    right: """
      attributes:
        input_tokens: count
        cached_input_tokens: {type: count, part_of: input_tokens}
      """)

  /// A default that no request could carry.
  public static let invalidDefault = DiagnosticCode(
    "RC0210", "invalid-default",
    summary: "A `default` stands for a value that the attribute cannot have by itself.",
    reason: "A default is what a request is read to carry when it carries nothing.",
    wrong: """
      attributes:
        region: {type: text, default: absent}
      """,
    right: """
      attributes:
        region: text
      """)

  /// A built-in attribute made into something else.
  public static let notNarrower = DiagnosticCode(
    "RC0211", "not-narrower",
    summary: "A built-in attribute is declared with a type that is not a narrower form of its own.",
    reason: "What is built in is also set by the program and its billing provider, which know its "
      + "type.",
    wrong: """
      attributes:
        balance: text
      """,
    right: """
      attributes:
        balance: number
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

  /// A glob on models that no rule will see matched.
  public static let unreachableGlob = DiagnosticCode(
    "RC0213", "unreachable-glob",
    summary: "A glob on models matches no name, and aliases take every id that it matches.",
    reason: "An alias turns into the model's name before any rule looks, so the rule would never "
      + "hold.",
    wrong: """
      models:
        claude-sonnet: {aliases: [claude-3-5-sonnet-*]}
      costs:
        - {when: {model: claude-3-5-sonnet-2024*}, credits: 2}
        - {credits: 1}
      """,
    right: """
      models:
        claude-sonnet: {aliases: [claude-3-5-sonnet-*]}
      costs:
        - {when: {model: claude-sonnet*}, credits: 2}
        - {credits: 1}
      """)

  static let nameCodes: [DiagnosticCode] = [
    duplicateName, unknownAttribute, unknownValue, aliasForModel, invalidName, reservedName,
    aliasTie, partOfCycle, partOfKind, invalidDefault, notNarrower, unknownRule, unreachableGlob,
  ]
}
