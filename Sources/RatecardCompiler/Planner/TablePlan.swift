package import RatecardEngine
package import RatecardValues
import RatecardModel
import Synchronization

/// What a card's rules come to, and the table that answers by it.
///
/// The table is made when it is first asked for: whoever only proves things about a card answers few
/// requests, or none.
package final class TablePlan: Sendable {
  /// What each rule of `costs` says.
  package let costs: [PricePlan]
  /// What each adjustment does.
  package let adjustments: [AdjustmentPlan]
  /// Whether a cost rule or an adjustment looks at `tier`.
  package let costsNeedTier: Bool
  /// Decimals of the one rounding.
  package let decimals: Int
  /// Mode of the one rounding.
  package let rounding: RoundingMode

  /// Nil: the table is there from the start.
  private let planner: Planner?
  private let wantsGraphs: Bool
  private let known = AtomicLazyReference<RuleTable>()

  /// Throws where a number has too many digits for exact arithmetic.
  init(_ planner: Planner, wantsGraphs: Bool) throws(Overflow) {
    costs = try planner.prices()
    adjustments = try planner.adjustmentPlans()
    costsNeedTier = planner.costsNeedTier
    decimals = planner.credit.decimals
    rounding = planner.credit.rounding
    self.planner = planner
    self.wantsGraphs = wantsGraphs
  }

  /// The plan of a table that is there already.
  package init(of table: RuleTable) {
    costs = table.costs.plans
    adjustments = table.adjustments.plans
    costsNeedTier = table.layout.costsNeedTier
    decimals = table.decimals
    rounding = table.rounding
    planner = nil
    wantsGraphs = false
    _ = known.storeIfNil(table)
  }

  /// What answers requests.
  ///
  /// Where several ask at once before it is made they may all make it, and get the same.
  package var table: RuleTable {
    if let table = known.load() { return table }
    guard let planner else { preconditionFailure("a plan without a planner has its table") }
    return known.storeIfNil(planner.table(self, wantsGraphs: wantsGraphs))
  }

  /// The table with graphs where they are small enough; nil: this plan cannot make one.
  package func tableWithGraphs() -> RuleTable? { planner?.table(self, wantsGraphs: true) }
}
