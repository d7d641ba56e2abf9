import RatecardCompiler
import RatecardDiagnostics
import RatecardEngine
import RatecardModel
import RatecardValues

extension LintRule {
  /// A quantity of which one unit more costs less: past the end of a volume band, or where a
  /// condition on the quantity begins or ends.
  ///
  /// A part grows together with the wholes that it is in, so that a cheaper kind of unit is no
  /// cliff; neither are bands entered at another attribute's value, which that attribute moves. Of a
  /// quantity that is no count any amount more is compared.
  static let priceCliff = LintRule(.priceCliff) { inspection throws(RoomSearch.GaveUp) in
    do {
      var search = try CliffSearch(inspection)
      return try search.run()
    } catch {
      throw RoomSearch.GaveUp()
    }
  }
}

/// Looks for cliffs in every rule, and between rules that follow each other along a quantity.
private struct CliffSearch {
  private let sheet: PriceSheet
  private var steps: StepCount
  private var search = AmountSearch()
  private var found: [Diagnostic] = []
  /// The places of what was found.
  private var reported: Set<Span> = []

  private var space: Space { sheet.space }
  private var card: Card { sheet.card }

  init(_ inspection: Inspection) throws {
    steps = StepCount(inspection.budget)
    sheet =
      try inspection.prices
      ?? PriceSheet(inspection.card, inspection.plan, inspection.sets, in: inspection.space)
  }

  mutating func run() throws -> [Diagnostic] {
    for attribute in card.attributes where attribute.kind == .count || attribute.kind == .quantity {
      let move = Move(onTop: attribute, of: card)
      try lookWithinRules(attribute, move)
      // A part may be what takes its whole past a bound.
      for member in move.attributes.sorted() {
        guard let axis = space.axis(of: member, in: .afterRouting), sheet.distinguishes(axis)
        else { continue }
        try lookBetweenRules(attribute, move, axis)
      }
    }
    return found
  }

  // MARK: Bands

  private mutating func lookWithinRules(_ attribute: Attribute, _ move: Move) throws {
    let addsBands = sheet.plan.adjustments.contains { plan in
      if case .addRates(let rates) = plan { rates.contains(where: \.isByVolume) } else { false }
    }
    for (index, rule) in sheet.costs.rules.enumerated() {
      let plan = sheet.plan.costs[index]
      guard addsBands || plan.rates.contains(where: \.isByVolume) else { continue }
      for holds in rule.holds where !plan.isDenial {
        for region in try sheet.divided(holds, by: index, &steps) {
          let formula = try sheet.formula(region)
          guard formula.isBanded(along: attribute.id), !formula.isEntered(at: move) else {
            continue
          }
          let place = place(ofBandsIn: region, attribute.id)
          for box in try sheet.won(by: index, in: region.box, &steps) {
            let won = PriceSheet.Region(
              box: box, rule: index, adjustments: region.adjustments)
            try look(attribute, move, won, won, at: place)
          }
        }
      }
    }
  }

  /// Where the falling bands stand: in the rule, or in an adjustment that adds them.
  private func place(ofBandsIn region: PriceSheet.Region, _ attribute: AttributeID) -> Span {
    let own = try? sheet.formula(region.rule, [])
    if own?.isBanded(along: attribute) ?? true { return card.costs[region.rule].span }
    let adding = region.adjustments.first { index in
      (try? sheet.formula(region.rule, [index]))?.isBanded(along: attribute) ?? false
    }
    return adding.map { card.adjustments[$0].span } ?? card.costs[region.rule].span
  }

  // MARK: Conditions

  private mutating func lookBetweenRules(
    _ attribute: Attribute, _ move: Move, _ axis: Int
  ) throws {
    let landscape = try sheet.landscape(of: [.everything], for: move, &steps)
    var steps = steps
    defer { self.steps = steps }
    let _: Never? = try sheet.firstCrossing(in: landscape, by: move, along: axis, &steps) {
      guard let place = place(between: $0.first, $0.second, axis, attribute.id) else { return nil }
      try look(attribute, move, $0.first, $0.second, at: place)
      return nil
    }
  }

  /// What has the condition that makes the difference; nil where nothing differs.
  private func place(
    between first: PriceSheet.Region, _ second: PriceSheet.Region, _ axis: Int,
    _ attribute: AttributeID
  ) -> Span? {
    let rules = [second.rule, first.rule]
    if first.rule != second.rule {
      let rule = rules.first { rule in
        sheet.costs.rules[rule].holds.contains { $0[axis] != nil }
      }
      return card.costs[rule ?? second.rule].span
    }
    let changed = Set(first.adjustments).symmetricDifference(second.adjustments)
    if let adjustment = changed.min() { return card.adjustments[adjustment].span }
    // Other rules may divide what one rule prices, right where its bands fall.
    let isBanded = (try? sheet.formula(second))?.isBanded(along: attribute) ?? false
    return isBanded ? place(ofBandsIn: second, attribute) : nil
  }

  // MARK: Looking

  private mutating func look(
    _ attribute: Attribute, _ move: Move, _ first: PriceSheet.Region,
    _ second: PriceSheet.Region, at place: Span
  ) throws {
    guard !reported.contains(place) else { return }
    let (before, after) = (try sheet.formula(first), try sheet.formula(second))
    guard !before.isEntered(at: move), !after.isEntered(at: move) else { return }
    let sheet = sheet
    for problem in try AmountProblem.falls(
      move, before, first.box, after, second.box, space)
    {
      let pair = try confirmed(problem) { numbers -> (ServedRequest, ServedRequest)? in
        func request(_ box: Box, afterMove: Bool) -> ServedRequest? {
          guard let values = problem.values(numbers, afterMove: afterMove) else { return nil }
          let witness = Witness(in: box, axes: [], of: sheet.space, numbers: values)
          return ServedRequest(witness, of: sheet).flatMap { $0.isPriced ? $0 : nil }
        }
        guard let less = request(first.box, afterMove: false),
          let more = request(second.box, afterMove: true), more.credits < less.credits
        else { return nil }
        return (less, more)
      }
      guard let (less, more) = pair else { continue }
      reported.insert(place)
      let amount = attribute.kind == .count ? "one unit more of" : "more of"
      found.append(
        Diagnostic(
          .priceCliff,
          "\(amount) `\(attribute.name)` costs \(more.credits) instead of \(less.credits)",
          at: place, help: "use `graduated` bands, or a price that does not fall at its bound",
          notes: [sheet.note(on: less), sheet.note(on: more)]))
      return
    }
  }
}

extension CliffSearch {
  /// What a search finds; what no request shows is no finding.
  private mutating func confirmed<Found>(
    _ problem: AmountProblem, confirm: ([Number]) throws -> Found?
  ) throws -> Found? {
    do {
      return try search.first(problem, confirm: confirm)
    } catch Undecided.unconfirmed {
      return nil
    }
  }
}

extension PriceFormula {
  /// Whether bands of a charge on an attribute fall somewhere.
  fileprivate func isBanded(along attribute: AttributeID) -> Bool {
    charges.contains { charge in
      guard charge.attribute == attribute, case .curve(let curve) = charge.shape else {
        return false
      }
      return (try? curve.isRising(on: .everything)) == false
    }
  }

  /// Whether bands are entered at the value of something that moves.
  fileprivate func isEntered(at move: Move) -> Bool {
    charges.contains { charge in
      if case .marginal(_, _, let after) = charge.shape {
        return move.attributes.contains(after)
      }
      return false
    }
  }
}

extension RatePlan {
  fileprivate var isByVolume: Bool {
    if case .volume = schedule { true } else { false }
  }
}
