import RatecardCompiler
import RatecardDiagnostics
import RatecardModel

extension LintRule {
  /// Tiers that a customer can come to and never leaves: whatever a request carries, the rules of
  /// `tiers` give the same tier again, and no event gives another.
  ///
  /// Quiet where customers come to one tier only.
  static let tiersWithoutExit = LintRule(.tierWithoutExit) {
    inspection throws(RoomSearch.GaveUp) in
    let card = inspection.card
    guard !card.tiers.isEmpty else { return [] }
    let moves = try TierMoves(inspection)
    let reached = moves.reached
    guard reached.count > 1 else { return [] }
    return moves.states.indices.compactMap { state in
      guard let tier = moves.states[state], reached.contains(tier), moves.next(state) == [tier]
      else { return nil }
      // First the rule that says so, then what would keep the customer there besides.
      let rules = Set(moves.moves[state].compactMap(\.rule)).sorted { first, second in
        let looks = (card.tiers[first].looksAtCurrentTier, card.tiers[second].looksAtCurrentTier)
        return looks.0 != looks.1 ? looks.0 : card.tiers[first].span < card.tiers[second].span
      }
      guard let first = rules.first else { return nil }
      return Diagnostic(
        .tierWithoutExit, "no customer ever leaves the tier `\(tier)`", at: card.tiers[first].span,
        help: "add a rule with `current_tier: \(tier)` or an event that gives another tier",
        notes: rules.prefix(4).map { rule in
          Diagnostic.Note(
            "`\(card.tiers[rule].name)` gives `\(tier)` to customers who are in it",
            at: card.tiers[rule].span)
        })
    }
  }
}

extension Rule {
  /// Whether a condition looks at the tier that the customer was last in.
  var looksAtCurrentTier: Bool {
    scope.alternatives.contains { $0.contains { $0.attribute == .currentTier } }
  }
}
