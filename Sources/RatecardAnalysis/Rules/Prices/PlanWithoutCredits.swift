import RatecardDiagnostics
import RatecardModel

extension LintRule {
  /// A plan that is sold, since it has a `product`, and does not say what it grants.
  ///
  /// `credits: 0` says so. A plan without a price or a product is none of this: both may be the
  /// billing provider's business alone.
  static let planWithoutCredits = LintRule(.planWithoutCredits) { inspection in
    inspection.card.plans.compactMap { plan in
      guard plan.product != nil, plan.credits == nil else { return nil }
      return Diagnostic(
        .planWithoutCredits, "the plan `\(plan.name)` has a product and no `credits`",
        at: plan.span,
        help: "write how many it grants, such as `credits: 500`; if it grants none, `credits: 0`")
    }
  }
}
