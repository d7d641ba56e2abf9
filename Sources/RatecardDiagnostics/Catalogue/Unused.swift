/// RC072 and RC073: what a card says and nothing uses.
extension DiagnosticCode {
  static let structuralCodes: [DiagnosticCode] = [
    .unusedAttribute, .unusedModel, .unusedWindow, .unusedPlan, .expiredRule, .timelineHole,
    .finerThanDecimals, .mergeableRules, .testReachesNoRule,
  ]

  /// A declared attribute at which nothing looks.
  public static let unusedAttribute = DiagnosticCode(
    "RC0720", "unused-attribute", .warning,
    summary: "An attribute is declared, and nothing looks at it.",
    reason: """
      A condition, a rate or a split was forgotten, or the attribute is a leftover. A part of \
      another attribute is used only where something looks at the part itself. Where requests carry \
      it for other reasons, accept it: a request with an attribute that nobody declared is refused.
      """,
    wrong: """
      attributes:
        input_tokens: count
        cached_input_tokens: {type: count, part_of: input_tokens}
      costs:
        - name: tokens
          rates: {input_tokens: 0.001}
      """,
    right: """
      attributes:
        input_tokens: count
        cached_input_tokens: {type: count, part_of: input_tokens}
      costs:
        - name: tokens
          rates: {input_tokens: 0.001, cached_input_tokens: 0.0001}
      """)

  /// A listed model that no rule tells from one that is not listed.
  public static let unusedModel = DiagnosticCode(
    "RC0721", "unused-model", .warning,
    summary: "A model is listed, and every rule takes it for one that is not.",
    reason: """
      A model is listed so that rules can name it, or give it a class or aliases that matter to \
      them. One that is priced as anything unknown is was probably forgotten in a table.
      """,
    wrong: """
      models: {small: {}, large: {}, huge: {}}
      costs:
        - name: weights
          table: [model]
          cells: {small: 1, large: 5}
        - name: any other model
          credits: 2
      """,
    right: """
      models: {small: {}, large: {}, huge: {}}
      costs:
        - name: weights
          table: [model]
          cells: {small: 1, large: 5, huge: 25}
        - name: any other model
          credits: 2
      """)

  /// A window that no condition names.
  public static let unusedWindow = DiagnosticCode(
    "RC0722", "unused-window", .warning,
    summary: "A window is declared, and no condition names it.",
    reason: """
      Prices that were meant to depend on the time of day do not. A condition that asks whether any \
      window holds, `window: present`, uses all of them.
      """,
    wrong: """
      windows:
        night: {hours: ["22:00-06:00"]}
      costs:
        - {name: chat, credits: 2}
      """,
    right: """
      windows:
        night: {hours: ["22:00-06:00"]}
      costs:
        - {name: chat, credits: 2}
        - {name: chat at night, when: {window: night}, credits: 1}
      """)

  /// A plan that sells nothing and that nothing names.
  public static let unusedPlan = DiagnosticCode(
    "RC0723", "unused-plan", .warning,
    summary: "A plan has no product, price or credits, and no condition names it.",
    reason: """
      Such a plan does nothing but let requests name it. Its entry is unfinished, or the conditions \
      that should look at it are missing.
      """,
    wrong: """
      plans:
        free: {}
        pro: {product: prod_pro, price: 20 USD per month, credits: 500}
      costs:
        - {name: chat, credits: 1}
      """,
    right: """
      plans:
        free: {}
        pro: {product: prod_pro, price: 20 USD per month, credits: 500}
      costs:
        - {name: chat, credits: 1}
        - {name: not for free, when: {plan: free, request_type: agent}, deny: Agents need a plan.}
      """)

  /// A rule that ended.
  public static let expiredRule = DiagnosticCode(
    "RC0724", "expired-rule", .note,
    summary: "A rule holds at no instant from now on.",
    reason: """
      This is only a note: what ended stays in the card, so that usage from before can be priced \
      again. It helps to see that a price has run out, and that what follows is what was meant.
      """,
    wrong: """
      costs:
        - {name: chat, credits: 2}
        - {name: summer, from: 2026-06-01, until: 2026-09-01, credits: 1}
      """,
    right: """
      costs:
        - {name: chat, credits: 2}
        - {name: summer, from: 2027-06-01, until: 2027-09-01, credits: 1}
      """)

  /// A price that ends before the next begins.
  public static let timelineHole = DiagnosticCode(
    "RC0725", "timeline-hole", .warning,
    summary: "A rule ends before the one that follows it begins.",
    reason: """
      `until` is the first instant at which a rule no longer holds. A day that lies between one \
      price and the next is priced by whatever stands behind both, or not at all.
      """,
    wrong: """
      costs:
        - {name: anything, credits: 15}
        - {name: agents in 2026, when: {request_type: agent}, until: 2026-12-31, credits: 10}
        - {name: agents in 2027, when: {request_type: agent}, from: 2027-01-01, credits: 12}
      """,
    right: """
      costs:
        - {name: anything, credits: 15}
        - {name: agents in 2026, when: {request_type: agent}, until: 2027-01-01, credits: 10}
        - {name: agents in 2027, when: {request_type: agent}, from: 2027-01-01, credits: 12}
      """)

  /// A flat amount that prices are too coarse to show.
  public static let finerThanDecimals = DiagnosticCode(
    "RC0726", "finer-than-decimals", .warning,
    summary: "A flat amount has more decimals than a price, so it is always rounded.",
    reason: """
      Nobody ever pays the amount that the card says. Rates may be finer than prices, since \
      quantities multiply them, and so may an amount that stands beside rates.
      """,
    wrong: """
      credit: {unit: credit, decimals: 0}
      costs:
        - {name: chat, credits: 0.25}
      """,
    right: """
      credit: {unit: credit, decimals: 2}
      costs:
        - {name: chat, credits: 0.25}
      """)

  /// Rules that one rule could stand for.
  public static let mergeableRules = DiagnosticCode(
    "RC0727", "mergeable-rules", .note,
    summary: "Rules that say the same and differ in one condition could be one rule.",
    reason: """
      One rule is easier to keep right than two. This is only a note: it is shown where putting \
      them together changes no answer but for the rule's name, and there may be reasons for two.
      """,
    wrong: """
      costs:
        - {name: anything, credits: 15}
        - {name: agents, when: {request_type: agent}, credits: 10}
        - {name: background agents, when: {request_type: background}, credits: 10}
      """,
    right: """
      costs:
        - {name: anything, credits: 15}
        - {name: agents, when: {request_type: [agent, background]}, credits: 10}
      """)

  /// A test in whose answer no rule has a part.
  public static let testReachesNoRule = DiagnosticCode(
    "RC0728", "test-reaches-no-rule", .warning,
    summary: "The answer to a test names no rule, and the test does not expect an error.",
    reason: """
      Such a test says nothing about the card: the request is misspelt, or nothing prices it. Where \
      that is what the test is about, it expects the error; a test of an event that does nothing \
      expects `tier: absent`.
      """,
    wrong: """
      costs:
        - {name: chat, when: {request_type: chat}, credits: 1}
      tests:
        - name: chats are never refused
          price: {request_type: chats}
          expect: {denied: absent}
      """,
    right: """
      costs:
        - {name: chat, when: {request_type: chat}, credits: 1}
      tests:
        - name: chats are never refused
          price: {request_type: chat}
          expect: {denied: absent}
      """)
}
