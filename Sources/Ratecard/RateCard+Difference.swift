public import RatecardAnalysis

extension RateCard {
  /// What changes in meaning from another card to this one, and nothing else.
  ///
  /// Exact: requests are compared as regions, not as samples. Throws where that would take too long.
  public func difference(from old: RateCard) throws(DifferenceFailure) -> CardDifference {
    try CardDifference.between(old.model, model)
  }
}
