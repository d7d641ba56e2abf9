/// RC04: which rule wins.
extension DiagnosticCode {
  static let precedenceCodes: [DiagnosticCode] = [
    .sameConditions, .ambiguousRules, .neverWins, .neverMet, .circularOverrides,
    .contradictoryBounds, .tooManyGlobs, .proofGivenUp,
  ]

  /// Two rules could both win for some request, and say different things.
  public static let ambiguousRules = DiagnosticCode(
    "RC0402", "ambiguous-rules",
    summary: "Two rules hold for the same request, neither is more specific, and they differ.",
    reason: """
      The most specific rule wins, wherever it stands. Where two rules overlap and neither lies \
      within the other, no order can decide, so a person has to say which one is meant.
      """,
    wrong: """
      attributes: {batch: flag}
      costs:
        - {name: everything, credits: 1}
        - {name: agents, when: {request_type: agent}, credits: 10}
        - {name: batches, when: {batch: true}, credits: 5}
      """,
    right: """
      attributes: {batch: flag}
      costs:
        - {name: everything, credits: 1}
        - {name: agents, when: {request_type: agent}, credits: 10}
        - {name: batches, when: {batch: true}, credits: 5, overrides: agents}
      """)

  /// Two rules have the same conditions and say different things.
  public static let sameConditions = DiagnosticCode(
    "RC0401", "same-conditions",
    summary: "Two rules select exactly the same requests and say different things.",
    reason: """
      One of them is a leftover, or a condition is missing. A price and a refusal contradict each \
      other as two prices do.
      """,
    wrong: """
      costs:
        - {name: chats, when: {request_type: chat}, credits: 1}
        - {name: talks, when: {request_type: [chat]}, credits: 2}
      """,
    right: """
      costs:
        - {name: chats, when: {request_type: chat}, credits: 1}
        - {name: talks, when: {request_type: talk}, credits: 2}
      """)

  /// Every request that a rule selects is decided by other rules.
  public static let neverWins = DiagnosticCode(
    "RC0403", "rule-never-wins",
    summary: "Whenever a rule holds, another one beats it.",
    reason: """
      A rule that can never win is read by people and obeyed by nothing. Where the rules that beat \
      it always say the same, it is only a warning.
      """,
    wrong: """
      costs:
        - {name: chats, when: {request_type: chat}, credits: 1}
        - {name: free chats, when: {request_type: chat}, credits: 0, overrides: chats}
      """,
    right: """
      attributes: {trial: flag}
      costs:
        - {name: chats, when: {request_type: chat}, credits: 1}
        - {name: free chats, when: {request_type: chat, trial: true}, credits: 0}
      """)

  /// The conditions of a rule contradict each other.
  public static let neverMet = DiagnosticCode(
    "RC0404", "rule-never-met",
    summary: "No request can meet a rule's conditions.",
    reason: """
      The conditions exclude each other: two models of one attribute, a part above its whole, a \
      window that never opens, dates that end before they begin.
      """,
    wrong: """
      attributes:
        input_tokens: count
        cached_input_tokens: {type: count, part_of: input_tokens}
      costs:
        - {name: any, credits: 1}
        - name: mostly cached
          when: {input_tokens: {below: 100}, cached_input_tokens: {above: 100}}
          credits: 0
      """,
    right: """
      attributes:
        input_tokens: count
        cached_input_tokens: {type: count, part_of: input_tokens}
      costs:
        - {name: any, credits: 1}
        - name: mostly cached
          when: {input_tokens: {above: 100}, cached_input_tokens: {above: 100}}
          credits: 0
      """)

  /// Rules override each other in a circle, so that for some request none is left.
  public static let circularOverrides = DiagnosticCode(
    "RC0405", "circular-overrides",
    summary: "For some request every rule that holds is beaten by another one.",
    reason: """
      `overrides:` and the more specific rule's advantage form a circle; nothing is left to win.
      """,
    wrong: """
      attributes: {batch: flag}
      costs:
        - {name: agents, when: {request_type: agent}, credits: 10, overrides: batches}
        - {name: batches, when: {batch: true}, credits: 5, overrides: agents}
      """,
    right: """
      attributes: {batch: flag}
      costs:
        - {name: agents, when: {request_type: agent}, credits: 10, overrides: batches}
        - {name: batches, when: {batch: true}, credits: 5}
      """)

  /// A minimum and a maximum of the same stage can apply together and exclude each other.
  public static let contradictoryBounds = DiagnosticCode(
    "RC0406", "contradictory-bounds",
    summary: "An adjustment's minimum is above the maximum of another that can apply with it.",
    reason: "No price can be at least the one and at most the other.",
    wrong: """
      costs:
        - {name: any, credits: 1}
      adjustments:
        - {name: floor, minimum: 5}
        - {name: cap, when: {request_type: chat}, maximum: 3}
      """,
    right: """
      costs:
        - {name: any, credits: 1}
      adjustments:
        - {name: floor, minimum: 1}
        - {name: cap, when: {request_type: chat}, maximum: 3}
      """)

  /// The globs of an attribute combine in more ways than can be told apart.
  public static let tooManyGlobs = DiagnosticCode(
    "RC0407", "too-many-globs",
    summary: "The globs on one attribute overlap in too many ways to reason about.",
    reason: """
      Every combination of globs that some text satisfies is a case of its own; a handful of globs \
      with stars on both sides has thousands. Such a card is refused, since nothing could be \
      proved about it.
      """,
    wrong: """
      costs:
      \((0..<16).map { "  - {name: g\($0), when: {model: \"*\($0)a\($0)b\($0)c*\"}, credits: 1}" }
        .joined(separator: "\n"))
      """,
    right: """
      costs:
        - {name: g, when: {model: "*abc*"}, credits: 1}
      """)

  /// A proof took more steps than it may.
  public static let proofGivenUp = DiagnosticCode(
    "RC0408", "proof-given-up",
    summary: "Whether the rules of a section contradict each other could not be decided.",
    reason: """
      The rules overlap in so many ways that the search would take too long. A card that has not \
      been proved unambiguous does not load.
      """,
    wrong: "", right: "")
}
