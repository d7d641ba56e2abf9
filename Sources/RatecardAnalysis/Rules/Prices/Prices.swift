extension LintRule {
  /// Prices that are probably not meant.
  static let prices: [LintRule] = [
    .unpricedRequests, .cheapFallback, .defaultKey, .unpricedModel, .planWithoutCredits,
    .priceCliff, .globTakesModel, .unpricedRoute, .unreachablePrice, .voidRefusal,
  ]
}
