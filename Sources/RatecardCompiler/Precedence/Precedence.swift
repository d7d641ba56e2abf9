public import RatecardModel
import RatecardValues

/// Tells on demand which of a few rules beat which: what compiling finds out of all of them.
public enum Precedence {
  /// For each rule, the places of the others that beat it and that some request meets with it.
  ///
  /// The rules stand in one section, or one group of adjustments, and their `overrides` are places
  /// in `rules`. `seesRouting` tells costs and adjustments from what comes before routing. Of rules
  /// whose card compiled none is given up. O(rules²) comparisons.
  public static func beaters<Outcome>(
    among rules: [Rule<Outcome>], of card: Card, seesRouting: Bool
  ) -> [[Int]] {
    guard rules.count > 1 else { return rules.map { _ in [] } }
    // Only their conditions matter, so that the space need not tell anything else apart.
    var few = card
    few.costs = rules.map { rule in
      Rule(
        name: rule.name, scope: rule.scope, overrides: rule.overrides, outcome: .deny(""),
        span: rule.span)
    }
    few.adjustments = []
    few.tiers = []
    few.routes = []
    few.events = []
    few.guards = []
    guard let space = try? Space(few, routes: card.routes),
      let set = try? RuleSets.set(
        "costs", few.costs, seesRouting ? .afterRouting : .beforeRouting, space, says: { _ in "" })
    else { return rules.map { _ in [] } }
    return set.beaters
  }
}
