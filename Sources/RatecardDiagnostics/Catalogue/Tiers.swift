/// RC074: tiers.
extension DiagnosticCode {
  static let tierCodes: [DiagnosticCode] = [
    .unreachableTier, .tierWithoutExit, .flappingTier,
  ]

  /// A tier that nobody comes into.
  public static let unreachableTier = DiagnosticCode(
    "RC0740", "unreachable-tier", .warning,
    summary: "No customer who begins in no tier ever comes into this one.",
    reason: """
      A rule that keeps customers in a tier does not bring them there. What the card says of the \
      tier, its route and its prices, is never used.
      """,
    wrong: """
      tiers:
        - tier: premium
        - {name: stay slow, tier: slow, when: {current_tier: slow, balance_percent: {below: 20}}}
      """,
    right: """
      tiers:
        - tier: premium
        - {name: used up, tier: slow, when: {balance: {at_most: 0}}}
        - {name: stay slow, tier: slow, when: {current_tier: slow, balance_percent: {below: 20}}}
      """)

  /// A tier that nobody leaves.
  public static let tierWithoutExit = DiagnosticCode(
    "RC0741", "tier-without-exit", .warning,
    summary: "A customer who is in this tier is never given another.",
    reason: """
      Whatever a request carries, the rules give the same tier again, and no event gives another. A \
      customer who tops up stays where they are for good.
      """,
    wrong: """
      tiers:
        - tier: premium
        - {name: used up, tier: slow, when: {balance: {at_most: 0}}}
        - {name: stay slow, tier: slow, when: {current_tier: slow}}
      """,
    right: """
      tiers:
        - tier: premium
        - {name: used up, tier: slow, when: {balance: {at_most: 0}}}
        - {name: stay slow, tier: slow, when: {current_tier: slow}}
      events:
        - {on: subscription.renewed, tier: premium}
      """)

  /// Tiers that a customer changes between without end.
  public static let flappingTier = DiagnosticCode(
    "RC0742", "flapping-tier", .warning,
    summary: "The same request is given another tier each time.",
    reason: """
      The bounds for the way down and the way up cross, so that a customer between them changes \
      with every request, and with the tier the model and the price.
      """,
    wrong: """
      tiers:
        - {name: down, tier: slow, when: {current_tier: fast, balance: {below: 50}}}
        - {name: up, tier: fast, when: {current_tier: slow, balance: {above: 20}}}
        - {name: stay, tier: slow, when: {current_tier: slow}}
        - {name: anyone, tier: fast}
      """,
    right: """
      tiers:
        - {name: down, tier: slow, when: {current_tier: fast, balance: {below: 20}}}
        - {name: up, tier: fast, when: {current_tier: slow, balance: {above: 50}}}
        - {name: stay, tier: slow, when: {current_tier: slow}}
        - {name: anyone, tier: fast}
      """)
}
