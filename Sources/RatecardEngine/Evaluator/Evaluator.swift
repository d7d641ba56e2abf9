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
  public struct Cost: BitwiseCopyable, Sendable {
    /// The rule of `costs`.
    public let rule: Int
    /// The credits; nil: the rule refuses.
    public let credits: Number?
  }

  /// The table it answers from.
  public let table: RuleTable
  // SAFETY: both point into the table's own arenas.
  private nonisolated(unsafe) let kernel: UnsafePointer<RuleTable.Kernel>
  private nonisolated(unsafe) let layout: UnsafePointer<RuleTable.Layout.Kernel>

  /// Makes an evaluator of a table.
  public init(_ table: RuleTable) {
    self.table = table
    kernel = table.kernel.base
    layout = table.layout.kernel.base
  }

  /// The whole decision: tier, then route, then cost.
  ///
  /// The request must be finished for it, and is left as it is, but that its `appliedAdjustments` are
  /// those of the price.
  public func decide(_ request: inout Request) throws(Failure) -> Verdict {
    checkTable(of: request)
    let (atoms, layout) = (request.atoms, request.kernel)
    let model = atoms[layout.pointee.places.modelAxis]
    let requested = atoms[layout.pointee.places.requestedAxis]
    let tier = atoms[layout.pointee.places.tierAxis]
    defer {
      atoms[layout.pointee.places.modelAxis] = model
      atoms[layout.pointee.places.requestedAxis] = requested
      atoms[layout.pointee.places.tierAxis] = tier
    }
    request.appliedSet = 0
    var verdict = route(&request)
    if verdict.routeRule >= 0, kernel.pointee.picks[verdict.routeRule].isDenial { return verdict }
    let cost = try cost(&request)
    verdict.costRule = Int32(truncatingIfNeeded: cost.rule)
    if let credits = cost.credits {
      verdict.setCredits(credits.significand, exponent: credits.exponent)
    }
    return verdict
  }

  /// The cost alone, as a verdict without tier and route.
  ///
  /// The request must be finished for it.
  public func judgeCost(_ request: inout Request) throws(Failure) -> Verdict {
    let cost = try price(&request)
    var verdict = Verdict(tierRule: -1, routeRule: -1)
    verdict.costRule = Int32(truncatingIfNeeded: cost.rule)
    if let credits = cost.credits {
      verdict.setCredits(credits.significand, exponent: credits.exponent)
    }
    return verdict
  }

  /// The tier and the route of a request, which from then on is as costs see it.
  @inline(__always)
  func route(_ request: inout Request) -> Verdict {
    let (atoms, layout) = (request.atoms, request.kernel)
    var tierRule = kernel.pointee.tiers.winner(atoms)
    if tierRule < -1 { tierRule = table.tiers.index.winnerThroughCircles(atoms) }
    atoms[layout.pointee.places.tierAxis] =
      tierRule < 0 ? layout.pointee.places.noTier : kernel.pointee.tierAtoms[tierRule]
    // Both axes have the same atoms.
    atoms[layout.pointee.places.requestedAxis] = atoms[layout.pointee.places.modelAxis]
    var routeRule = kernel.pointee.routes.winner(atoms)
    if routeRule < -1 { routeRule = table.routes.index.winnerThroughCircles(atoms) }
    var verdict = Verdict(tierRule: tierRule, routeRule: routeRule)
    if routeRule >= 0 {
      let pick = kernel.pointee.picks.base + Int(routeRule)
      if pick.pointee.sideCount > 0 {
        let side = side(of: pick.pointee, request)
        verdict = Verdict(
          tierRule: tierRule, routeRule: routeRule, side: Int32(truncatingIfNeeded: side))
        atoms[layout.pointee.places.modelAxis] =
          kernel.pointee.sides[Int(pick.pointee.firstSide) &+ side].atom
      }
    }
    return verdict
  }

  @inline(__always)
  private func side(of pick: RoutePick, _ request: borrowing Request) -> Int {
    if pick.sideCount == 1 { return 0 }
    let key = pick.splitKey >= 0 ? request.key(Int(pick.splitKey)) : nil
    return Split.side(
      of: kernel.pointee.sides.base + Int(pick.firstSide), count: Int(pick.sideCount), key: key)
  }

  /// The side of a route's models that serves a request; -1: the model asked for.
  ///
  /// For an explanation of a request that no cost rule prices; the request must be finished.
  public func side(of routeRule: Int, _ request: borrowing Request) -> Int {
    let pick = kernel.pointee.picks[routeRule]
    return pick.sideCount == 0 ? -1 : side(of: pick, request)
  }

  /// The rule of `costs` that a request meets; -1: none.
  @inline(__always)
  func costRule(_ request: borrowing Request) -> Int32 {
    let rule = kernel.pointee.costs.winner(request.atoms)
    return rule < -1 ? table.costs.index.winnerThroughCircles(request.atoms) : rule
  }

  /// The cost alone.
  ///
  /// The request must be finished for it.
  @inline(__always)
  public func price(_ request: inout Request) throws(Failure) -> Cost {
    checkTable(of: request)
    return try cost(&request)
  }

  @inline(__always)
  private func cost(_ request: inout Request) throws(Failure) -> Cost {
    request.appliedSet = 0
    let rule = costRule(request)
    guard rule >= 0 else { throw .unpriced }
    let known = kernel.pointee.prices.rule(rule)
    if known.plan < 0 { return Cost(rule: Int(rule), credits: nil) }
    if known.isAdjustable {
      guard kernel.pointee.adjustments.isComplete else { return try adjustedCost(rule, &request) }
      request.appliedSet = kernel.pointee.adjustments.leaf(request.atoms)
    }
    if let credits = kernel.pointee.prices.credits(known.plan, request.appliedSet, request) {
      return Cost(rule: Int(rule), credits: credits)
    }
    return Cost(rule: Int(rule), credits: try exactPrice(Int(rule), request))
  }

  /// The cost where there are too many sets of adjustments to know them all.
  @inline(never)
  private func adjustedCost(_ rule: Int32, _ request: inout Request) throws(Failure) -> Cost {
    request.apply(table.adjustments.applying(request.atoms))
    return Cost(rule: Int(rule), credits: try exactPrice(Int(rule), request))
  }

  @inline(never)
  private func exactPrice(_ rule: Int, _ request: borrowing Request) throws(Failure) -> Number {
    do {
      let applied = request.appliedAdjustments.map { table.adjustments.plans[Int($0)] }
      let amount = try ExactAmount(applied: applied).total(of: table.costs.plans[rule], request)
      return try amount.rounded(decimals: table.decimals, table.rounding)
    } catch let failure as Failure {
      throw failure
    } catch {
      throw .overflow
    }
  }

  /// A request's atoms are places of its own table.
  @inline(__always)
  private func checkTable(of request: borrowing Request) {
    precondition(
      request.kernel == layout, "a request is answered by the card that it was made for")
  }

  /// The rule of `events` that an event meets; -1: none.
  public func react(_ request: borrowing Request) -> Int {
    checkTable(of: request)
    return Int(table.events.winner(request.atoms))
  }
}
