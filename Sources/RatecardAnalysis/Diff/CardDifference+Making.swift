public import RatecardModel

extension CardDifference {
  /// What changes in meaning from one card to another.
  ///
  /// Both must be cards that load. Exact: a request that both cards admit is in one of the regions
  /// of a section if, and only if, the section answers it differently. Where that would take too
  /// long it throws. O(n log n) in the rules of ordinary cards, and the more the more rules change.
  public static func between(
    _ old: Card, _ new: Card
  ) throws(DifferenceFailure) -> CardDifference {
    let pair = try CardPair(Both(old, new))
    let writer = RegionWriter(pair)
    let costs = PairedSection.costs(pair)
    var regions: [RegionChange] = []
    for section in [.tiers(pair), .routes(pair), costs] {
      regions += writer.changes(
        section.section, try SectionComparison(section, of: pair).differing())
    }
    regions += writer.changes(
      .adjustments, try AdjustmentComparison(pair, costs: costs).differing())
    regions += writer.changes(
      .events, try SectionComparison(.events(pair), of: pair).differing())
    return CardDifference(
      vocabulary: pair.card, details: DetailComparison(Both(old, new), pair.attributes).changes(),
      regions: regions)
  }
}
