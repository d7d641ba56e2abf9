import RatecardDiagnostics
import RatecardModel
import RatecardValues

extension LintRule {
  /// Plans that sell nothing and that nothing names: no product, no price, no credits, no
  /// condition, no test.
  static let unusedPlans = LintRule(.unusedPlan) { inspection in
    let card = inspection.card
    let named = NamedTexts(card.matchers(on: .plan))
    let tested = card.testedTexts(of: .plan)
    let usual = card.defaultText(of: .plan)
    return card.plans.filter { plan in
      return plan.product == nil && plan.price == nil && plan.credits == nil
        && !named.tellsApart(plan.name) && !tested.contains(plan.name) && usual != plan.name
    }.map { plan in
      Diagnostic(
        .unusedPlan,
        "`\(plan.name)` has no product, no price and no credits, and no condition names it",
        at: plan.span,
        help: "say what it sells, or remove it; where customers are on it all the same, accept it")
    }
  }
}
