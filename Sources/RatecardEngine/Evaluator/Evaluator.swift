public import RatecardValues

/// Answers requests from a rule table.
public struct Evaluator: Sendable {
  /// Why a request has no price.
  public enum Failure: Error, Hashable, Sendable {
    /// No cost rule holds.
    case unpriced
    /// A quantity lies past the last band of a rule or adjustment.
    case pastLastBand(attribute: Int)
    /// The attribute at which bands are entered is not carried.
    case afterMissing(attribute: Int)
    /// An amount is too large or too fine.
    case overflow
  }

  /// The price of a request, as places in the card.
  public struct Cost: Sendable {
    /// The rule of `costs`.
    public var rule: Int
    /// The credits; nil: the rule refuses.
    public var credits: Number?
  }

  /// The whole answer, as places in the card.
  public struct Verdict: Sendable {
    /// The rule of `tiers`; -1: none holds.
    public var tierRule: Int
    /// The rule of `routes`; -1: none holds.
    public var routeRule: Int
    /// The side of the route's models that serves; -1: the model asked for.
    public var side: Int
    /// The cost; nil: the route refuses.
    public var cost: Cost?
  }

  /// The table it answers from.
  public let table: RuleTable

  /// Makes an evaluator of a table.
  public init(_ table: RuleTable) { self.table = table }

  /// The whole decision: tier, then route, then cost.
  ///
  /// The request must be finished for it.
  ///
  /// Afterwards the request's `applied` adjustments are those of the price.
  public func decide(_ request: inout Request) throws(Failure) -> Verdict {
    var verdict = route(&request)
    if verdict.routeRule >= 0, table.routes.plans[verdict.routeRule].isDenial { return verdict }
    verdict.cost = try price(&request)
    return verdict
  }

  /// The tier and the route of a request, which from then on is as costs see it.
  func route(_ request: inout Request) -> Verdict {
    let layout = table.layout
    let tierRule = table.tiers.index.winner(request.atoms)
    let tier = layout.attributes[layout.builtIns.tier]
    if tier.axis >= 0 {
      request.atoms[tier.axis] = tierRule < 0 ? tier.absentAtom : table.tiers.plans[tierRule]
    }
    let requested = layout.attributes[layout.builtIns.requestedModel]
    let model = layout.attributes[layout.builtIns.model]
    if requested.axis >= 0, model.axis >= 0 {
      // Both axes have the same atoms.
      request.atoms[requested.axis] = request.atoms[model.axis]
    }
    let routeRule = table.routes.index.winner(request.atoms)
    var verdict = Verdict(tierRule: tierRule, routeRule: routeRule, side: -1, cost: nil)
    if routeRule >= 0 {
      let plan = table.routes.plans[routeRule]
      if plan.isDenial { return verdict }
      if !plan.sides.isEmpty {
        let key = plan.splitKey >= 0 ? request.splitHashes[plan.splitKey] : nil
        verdict.side = plan.sides.count == 1 ? 0 : Split.side(of: plan, key: key)
        if model.axis >= 0 { request.atoms[model.axis] = plan.sides[verdict.side].atom }
      }
    }
    return verdict
  }

  /// The cost alone.
  ///
  /// The request must be finished for it.
  public func price(_ request: inout Request) throws(Failure) -> Cost {
    request.applied.removeAll(keepingCapacity: true)
    let rule = table.costs.index.winner(request.atoms)
    guard rule >= 0 else { throw .unpriced }
    let plan = table.costs.plans[rule]
    if plan.isDenial { return Cost(rule: rule, credits: nil) }
    if plan.isAdjustable { collectAdjustments(&request) }
    do {
      let amount = try Amount(table, request).total(of: plan)
      let credits = try amount.rounded(decimals: table.decimals, table.rounding)
      return Cost(rule: rule, credits: credits)
    } catch let failure as Failure {
      throw failure
    } catch {
      throw .overflow
    }
  }

  /// The rule of `events` that an event meets; -1: none.
  public func react(_ request: Request) -> Int { table.events.winner(request.atoms) }

  func collectAdjustments(_ request: inout Request) {
    let adjustments = table.adjustments
    adjustments.alone.appendAll(request.atoms, to: &request.applied)
    for place in request.applied.indices {
      request.applied[place] = adjustments.members[Int(request.applied[place])]
    }
    for group in adjustments.groups {
      let rule = group.index.winner(request.atoms)
      if rule >= 0 { request.applied.append(group.members[rule]) }
    }
    request.applied.sort()
  }
}

extension Request {
  /// The adjustments of the last price, as ascending places in the card's list.
  public var appliedAdjustments: [Int32] { applied }
}
