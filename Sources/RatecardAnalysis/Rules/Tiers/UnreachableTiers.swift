import RatecardCompiler
import RatecardDiagnostics
import RatecardModel

extension LintRule {
  /// Tiers that no customer ever comes to: not by a request, not by an event, not by several of
  /// them, when beginning in no tier.
  ///
  /// Balances, grants and percentages count only as far as they agree with each other.
  static let unreachableTiers = LintRule(.unreachableTier) {
    inspection throws(RoomSearch.GaveUp) in
    let card = inspection.card
    guard !card.tiers.isEmpty else { return [] }
    let moves = try TierMoves(inspection)
    let reached = moves.reached
    return card.tierNames.filter { !reached.contains($0) }.compactMap { tier in
      let giving = card.tiers.filter { $0.outcome == tier }.sorted { $0.span < $1.span }
      guard let first = giving.first else { return nil }
      let sources = moves.states.indices.filter { moves.next($0).contains(tier) }
        .compactMap { moves.states[$0].map { "`\($0)`" } }
      let why =
        sources.isEmpty
        ? "no possible request meets its conditions"
        : "it is given only to customers who are in \(sources.joined(separator: " or ")) already"
      return Diagnostic(
        .unreachableTier, "no customer ever comes into the tier `\(tier)`", at: first.span,
        help: "give it to customers of another tier, by a rule or an event, or remove it",
        notes: [Diagnostic.Note(why)]
          + giving.dropFirst().prefix(4).map {
            Diagnostic.Note("`\($0.name)` gives it, too", at: $0.span)
          })
    }
  }
}
