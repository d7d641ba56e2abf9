extension LintRule {
  /// Tiers that customers enter and leave.
  static let tiers: [LintRule] = [.unreachableTiers, .tiersWithoutExit, .flappingTiers]
}
