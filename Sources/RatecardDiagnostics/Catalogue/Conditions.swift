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

  /// A matcher that does not fit its attribute.
  public static let matcherMismatch = DiagnosticCode(
    "RC0502", "matcher-mismatch",
    summary: "A matcher asks what its attribute cannot answer.",
    reason: "Bounds are for numbers and instants, stars for text; elsewhere they would never "
      + "hold.",
    wrong: """
      costs:
        - {name: dear, when: {request_type: {above: 5}}, credits: 2}
        - {name: rest, credits: 1}
      """,
    right: """
      costs:
        - {name: dear, when: {balance: {above: 5}}, credits: 2}
        - {name: rest, credits: 1}
      """)

  /// A word among values.
  public static let wordInList = DiagnosticCode(
    "RC0503", "word-in-list",
    summary: "`any`, `present` or `absent` stands in a list of values.",
    reason: "They are not values; in a list it would not be clear whether the word or its "
      + "meaning is meant.",
    wrong: """
      costs:
        - {name: some, when: {plan: [pro, absent]}, credits: 2}
        - {name: rest, credits: 1}
      """,
    right: """
      costs:
        - {name: some, when: [{plan: pro}, {plan: absent}], credits: 2}
        - {name: rest, credits: 1}
      """)

  /// Bounds or dates that exclude each other.
  public static let emptyRange = DiagnosticCode(
    "RC0504", "empty-range",
    summary: "Nothing lies between two bounds.",
    reason: "The rule would never hold, and another one would set the price in silence.",
    wrong: """
      costs:
        - {name: some, when: {balance: {above: 5, below: 3}}, credits: 2}
        - {name: rest, credits: 1}
      """,
    right: """
      costs:
        - {name: some, when: {balance: {above: 3, below: 5}}, credits: 2}
        - {name: rest, credits: 1}
      """)

  /// An attribute that the section does not know.
  public static let attributeOutOfPlace = DiagnosticCode(
    "RC0505", "attribute-out-of-place",
    summary: "A rule looks at an attribute that is not known where the rule is asked.",
    reason: "A tier is chosen before anything can depend on it, and a provider's event has no "
      + "request.",
    wrong: """
      tiers:
        - {name: premium, tier: premium}
        - {name: slow, tier: slow, when: {tier: slow, balance: {below: 10}}}
      """,
    right: """
      tiers:
        - {name: premium, tier: premium}
        - {name: slow, tier: slow, when: {current_tier: slow, balance: {below: 10}}}
      """)

  /// A payload field of two kinds.
  public static let mixedKinds = DiagnosticCode(
    "RC0506", "mixed-kinds",
    summary: "A field of an event is taken for one kind of value here and for another there.",
    reason: "A payload is declared nowhere, so what a field is follows from how the card uses "
      + "it.",
    wrong: """
      tiers:
        - tier: premium
        - {tier: slow, when: {balance: {below: 1}}}
      events:
        - {on: credit.added, when: {event.amount: {above: 10}}, tier: premium}
        - {on: credit.added, when: {event.amount: true}, tier: slow}
      """,
    right: """
      tiers:
        - tier: premium
        - {tier: slow, when: {balance: {below: 1}}}
      events:
        - {on: credit.added, when: {event.amount: {above: 10}}, tier: premium}
        - {on: credit.added, when: {event.amount: {at_most: 10}}, tier: slow}
      """)

  /// One name replaced by two.
  public static let replacedTwice = DiagnosticCode(
    "RC0510", "replaced-twice",
    summary: "Two entries replace one rule or table.",
    reason: "From the later date on, both would take its place.",
    wrong: """
      costs:
        - {name: base, credits: 1}
        - {name: base 2027, replaces: base, from: 2027-01-01, credits: 2}
        - {name: base 2028, replaces: base, from: 2028-01-01, credits: 3}
      """,
    right: """
      costs:
        - {name: base, credits: 1}
        - {name: base 2027, replaces: base, from: 2027-01-01, credits: 2}
        - {name: base 2028, replaces: base 2027, from: 2028-01-01, credits: 3}
      """)

  /// A rule for a table, a table for a rule, a cell, or itself.
  public static let replacesOtherKind = DiagnosticCode(
    "RC0511", "replaces-other-kind",
    summary: "`replaces` names something that the entry cannot stand in for.",
    reason: "A rule replaces a rule and a table a table, so that what others say of the old "
      + "one holds for the new one, too.",
    wrong: """
      costs:
        - {name: base, table: [request_type], cells: {chat: 1, agent: 2}}
        - {name: base 2027, replaces: base, from: 2027-01-01, credits: 2}
      """,
    right: """
      costs:
        - {name: base, table: [request_type], cells: {chat: 1, agent: 2}}
        - {name: base 2027, replaces: base, from: 2027-01-01, table: [request_type], cells: {chat: 2, agent: 3}}
      """)

  /// A replacement that begins too early.
  public static let replacedTooEarly = DiagnosticCode(
    "RC0512", "replaced-too-early",
    summary: "A rule is replaced before it begins.",
    reason: "It would never hold.",
    wrong: """
      costs:
        - {name: base, credits: 1}
        - {name: base 2028, replaces: base, from: 2028-01-01, credits: 2}
        - {name: base 2027, replaces: base 2028, from: 2027-01-01, credits: 3}
      """,
    right: """
      costs:
        - {name: base, credits: 1}
        - {name: base 2027, replaces: base, from: 2027-01-01, credits: 3}
        - {name: base 2028, replaces: base 2027, from: 2028-01-01, credits: 2}
      """)

  /// A rule that overrides itself.
  public static let overridesItself = DiagnosticCode(
    "RC0513", "overrides-itself",
    summary: "A rule names itself in `overrides`, or a table one of its own cells.",
    reason: "It beats nothing by that; another name was probably meant.",
    wrong: """
      costs:
        - {name: chat, when: {request_type: chat}, overrides: chat, credits: 1}
        - {name: mini, when: {model: gpt-4o-mini, request_type: agent}, credits: 2}
      """,
    right: """
      costs:
        - {name: chat, when: {request_type: chat}, credits: 1}
        - {name: mini, when: {model: gpt-4o-mini}, overrides: chat, credits: 2}
      """)

  /// An override that would do nothing.
  public static let overridesOutsideGroup = DiagnosticCode(
    "RC0514", "overrides-outside-group",
    summary: "An adjustment overrides one that is not in its group.",
    reason: "Only members of a group exclude each other; these two would both apply.",
    wrong: """
      costs:
        - {name: base, credits: 10}
      adjustments:
        - {name: markup, multiply: 1.2}
        - {name: promo, when: {plan: pro}, multiply: 0.9, overrides: markup}
      """,
    right: """
      costs:
        - {name: base, credits: 10}
      adjustments:
        - {name: markup, multiply: 1.2, group: factor}
        - {name: promo, when: {plan: pro}, multiply: 0.9, group: factor}
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
    malformedInstant, matcherMismatch, wordInList, emptyRange, attributeOutOfPlace, mixedKinds,
    replacedTwice, replacesOtherKind, replacedTooEarly, overridesItself, overridesOutsideGroup,
    unknownZone, malformedHours, malformedDate,
  ]
}
