package import RatecardValues

/// Where a request lies among those that a table tells apart, and which rules decide it, whether or
/// not they come to a price.
package struct RequestLocation: Sendable {
  /// How far one rate of a price or of an added amount is charged.
  package struct Charge: Hashable, Sendable {
    /// The adjustment, as a place in the card; -1: the cost rule's own price.
    package let adjustment: Int
    /// The rate, as a place among its price's.
    package let rate: Int
    /// The end of what is charged, where bands are looked for.
    package let end: Rational
  }

  /// What was asked.
  package let question: Request.Question
  /// The atom on each axis, as tiers, routes and events see the request.
  package let asked: [Int32]
  /// As costs and adjustments see it; empty: they are not asked.
  package internal(set) var priced: [Int32] = []
  /// The rule of `tiers`; -1: none.
  package internal(set) var tierRule = -1
  /// The rule of `routes`; -1: none.
  package internal(set) var routeRule = -1
  /// The rule of `costs`; -1: none.
  package internal(set) var costRule = -1
  /// The rule of `events`; -1: none.
  package internal(set) var eventRule = -1
  /// The adjustments that apply, as places in the card.
  package internal(set) var adjustments: [Int] = []
  /// What is charged by rates; what comes to nothing is left out.
  package internal(set) var charges: [Charge] = []
}

extension Evaluator {
  /// Where a request lies; it must be finished for the question, and is used up.
  package func location(
    of request: inout Request, for question: Request.Question
  ) -> RequestLocation {
    switch question {
    case .event:
      var location = RequestLocation(question: question, asked: request.allAtoms)
      location.eventRule = react(request)
      return location
    case .decision:
      var asked = request.allAtoms
      let verdict = route(&request)
      let tier = table.layout.attributes[table.layout.builtIns.tier].axis
      if tier >= 0 { asked[tier] = request.atoms[tier] }
      var location = RequestLocation(question: question, asked: asked)
      location.tierRule = Int(verdict.tierRule)
      location.routeRule = Int(verdict.routeRule)
      let isRefused =
        verdict.routeRule >= 0 && table.routes.plans[location.routeRule].isDenial
      if !isRefused { locateCost(of: &request, in: &location) }
      return location
    case .price:
      var location = RequestLocation(question: question, asked: request.allAtoms)
      locateCost(of: &request, in: &location)
      return location
    }
  }

  private func locateCost(of request: inout Request, in location: inout RequestLocation) {
    location.priced = request.allAtoms
    location.costRule = Int(costRule(request))
    guard location.costRule >= 0 else { return }
    let plan = table.costs.plans[location.costRule]
    if plan.isAdjustable, !plan.isDenial {
      location.adjustments = table.adjustments.applying(request.atoms).map { Int($0) }
    }
    location.charges = charges(plan.rates, request, adjustment: -1)
    for adjustment in location.adjustments {
      guard case .addRates(let rates) = table.adjustments.plans[adjustment] else { continue }
      location.charges += charges(rates, request, adjustment: adjustment)
    }
  }

  private func charges(
    _ rates: [RatePlan], _ request: borrowing Request, adjustment: Int
  ) -> [RequestLocation.Charge] {
    let amount = ExactAmount(applied: [])
    var charges: [RequestLocation.Charge] = []
    for (index, rate) in rates.enumerated() {
      guard let quantity = try? amount.quantity(for: rate, request) else { continue }
      var end = quantity
      if case .graduated(_, let after) = rate.schedule, after >= 0 {
        guard let used = request.number(after), let sum = try? quantity + Rational(used) else {
          continue
        }
        end = sum
      }
      charges.append(RequestLocation.Charge(adjustment: adjustment, rate: index, end: end))
    }
    return charges
  }
}
