extension LintRule {
  /// What a card says and nothing uses.
  static let unused: [LintRule] = [
    .unusedAttributes, .unusedModels, .unusedWindows, .unusedPlans, .expiredRules,
    .timelineHoles, .finerThanDecimals, .mergeableRules,
  ]
}
