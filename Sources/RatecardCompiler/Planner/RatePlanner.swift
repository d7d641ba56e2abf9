import RatecardEngine
import RatecardModel
import RatecardValues

/// Prepares the rates of one price, or of one `add` map, for the engine: each attribute is charged
/// for what its innermost rated parts leave of it.
struct RatePlanner {
  /// The parts of each attribute, by its place.
  private let parts: [[AttributeID]]

  init(_ card: Card) {
    var parts = [[AttributeID]](repeating: [], count: card.attributes.count)
    for attribute in card.attributes {
      if let whole = attribute.partOf { parts[whole.index].append(attribute.id) }
    }
    self.parts = parts
  }

  func plans(_ rates: [Rate]) throws(Overflow) -> [RatePlan] {
    let rated = Set(rates.map(\.attribute))
    var plans: [RatePlan] = []
    for rate in rates {
      plans.append(
        RatePlan(
          attribute: rate.attribute.index,
          innerParts: outermostParts(of: rate.attribute, among: rated).map(\.index),
          rounding: try rate.rounding.map { (rounding) throws(Overflow) in
            RatePlan.Rounding(mode: rounding.mode, multiple: try Rational(rounding.multiple))
          },
          atLeast: try rate.atLeast.map { (number) throws(Overflow) in try Rational(number) },
          atMost: try rate.atMost.map { (number) throws(Overflow) in try Rational(number) },
          schedule: try schedule(rate.schedule)))
    }
    return plans
  }

  /// The rated attributes within `whole` with no rated attribute between.
  private func outermostParts(
    of whole: AttributeID, among rated: Set<AttributeID>
  ) -> [AttributeID] {
    parts[whole.index].flatMap { part in
      rated.contains(part) ? [part] : outermostParts(of: part, among: rated)
    }
  }

  private func schedule(_ schedule: Rate.Schedule) throws(Overflow) -> RatePlan.Schedule {
    switch schedule {
    case .linear(let rate): .linear(rate)
    case .graduated(let all, let after): .graduated(try bands(all), after: after?.index ?? -1)
    case .volume(let all): .volume(try bands(all))
    }
  }

  private func bands(_ bands: [Rate.Band]) throws(Overflow) -> [RatePlan.Band] {
    var result: [RatePlan.Band] = []
    for band in bands {
      let bound = try band.bound.map { (number) throws(Overflow) in try Rational(number) }
      result.append(
        RatePlan.Band(bound: bound, isInclusive: band.isInclusive, rate: band.rate))
    }
    return result
  }
}
