/// RC08: guards.
extension DiagnosticCode {
  static let guardCodes: [DiagnosticCode] = [
    .guardFails, .guardNotProved, .guardWithoutRequests,
  ]

  /// A guard that some request breaks.
  public static let guardFails = DiagnosticCode(
    "RC0801", "guard-fails",
    summary: "A guard promises what does not hold for every request.",
    reason: """
      A guard is a promise about all requests that meet its conditions, and here is one that breaks \
      it: shown as it would be asked, with what the card answers and the rule that says so. Either \
      the price is wrong, or more is promised than is meant. A guard on change (`changes`) is broken \
      by what two cards charge for one request, which `ratecard diff OLD NEW --guards` shows.
      """,
    wrong: """
      attributes: {request_type: [chat, agent], input_tokens: count}
      costs:
        - {name: chats, when: {request_type: chat}, credits: 1}
        - {name: the rest, rates: {input_tokens: 2 per 1K}}
      guards:
        - {name: agents are never free, when: {request_type: agent}, credits: {at_least: 1}}
      """,
    right: """
      attributes: {request_type: [chat, agent], input_tokens: count}
      costs:
        - {name: chats, when: {request_type: chat}, credits: 1}
        - {name: the rest, rates: {input_tokens: 2 per 1K}, minimum: 1}
      guards:
        - {name: agents are never free, when: {request_type: agent}, credits: {at_least: 1}}
      """)

  /// A guard of which it could not be found out whether it holds.
  public static let guardNotProved = DiagnosticCode(
    "RC0802", "guard-not-proved",
    summary: "Whether a guard holds for every request could not be found out.",
    reason: """
      A guard counts only when it is proved, so that one on which the proof was given up fails as \
      if it had been broken. That happens where very many conditions overlap, where prices have \
      very many steps, and where amounts have more digits than exact arithmetic holds. A guard on \
      change also needs the same `credit.unit` in both cards, and the same default for a quantity \
      that is charged for and not carried.
      """,
    wrong: """
      costs:
        - {name: everything, credits: 99999999999999999999999999999999999999}
      adjustments:
        - {name: twice as much, multiply: 2}
      guards:
        - {name: never free, credits: {at_least: 1}}
      """,
    right: """
      costs:
        - {name: everything, credits: 99999999}
      adjustments:
        - {name: twice as much, multiply: 2}
      guards:
        - {name: never free, credits: {at_least: 1}}
      """)

  /// A guard whose conditions no request meets.
  public static let guardWithoutRequests = DiagnosticCode(
    "RC0803", "guard-without-requests", .warning,
    summary: "No request meets the conditions of a guard.",
    reason: """
      Such a guard holds whatever the card says, and so promises nothing. Most often a value is \
      misspelt, or two conditions exclude each other.
      """,
    wrong: """
      attributes:
        input_tokens: count
        cached_tokens: {type: count, part_of: input_tokens}
      costs:
        - {name: input, rates: {input_tokens: 1, cached_tokens: 1}}
      guards:
        - name: the cache is not free
          when: {input_tokens: {below: 100}, cached_tokens: {at_least: 100}}
          credits: {at_least: 100}
      """,
    right: """
      attributes:
        input_tokens: count
        cached_tokens: {type: count, part_of: input_tokens}
      costs:
        - {name: input, rates: {input_tokens: 1, cached_tokens: 1}}
      guards:
        - name: the cache is not free
          when: {cached_tokens: {at_least: 100}}
          credits: {at_least: 100}
      """)
}
