import RatecardTestSupport
import RatecardValues
import Testing

@testable import RatecardEngine

/// What is worked out before any request is what exact arithmetic comes to, whatever the plan, the
/// adjustments and the quantities.
struct PriceTableTests {
  /// How many quantities there are; the second is a part of the first, the third of the second.
  private static let quantities = 5
  /// Their places: the engine's own attributes come first.
  private static let firstQuantity = 8

  private static func number(_ random: inout SplitMix) -> Number {
    let digits = random.below([10, 1_000, 2_000_000][random.below(3)])
    return Number(significand: Int128(digits), exponent: -random.below(9)) ?? .zero
  }

  private static func amount(_ random: inout SplitMix) throws -> Rational {
    let amount = try Rational(number(&random))
    return random.oneIn(4) ? try amount / Rational(3) : amount
  }

  private static func factor(_ random: inout SplitMix) throws -> Rational {
    let percents = [0, 10, 33, 50, 90, 100, 125, 200]
    let factor = try Rational(percents[random.below(percents.count)]) / Rational(100)
    return random.oneIn(5) ? try Rational(1) / Rational(3) : factor
  }

  private static func rates(_ random: inout SplitMix) throws -> [RatePlan] {
    var rated = (0..<quantities).filter { _ in random.oneIn(2) }
    if random.oneIn(4) { rated = [] }
    return try rated.map { place in
      var parts: [Int] = []
      if let part = rated.first(where: { $0 > place && $0 < 3 }), place < 3 { parts = [part] }
      let isOdd = random.oneIn(12)
      return RatePlan(
        attribute: firstQuantity + place, innerParts: parts.map { firstQuantity + $0 },
        rounding: isOdd && random.oneIn(2)
          ? RatePlan.Rounding(mode: .up, multiple: Rational(60)) : nil,
        atLeast: isOdd && random.oneIn(2) ? Rational(10) : nil, atMost: nil,
        schedule: isOdd && random.oneIn(2)
          ? .volume([
            RatePlan.Band(bound: Rational(100), isInclusive: true, rate: try amount(&random)),
            RatePlan.Band(bound: nil, isInclusive: true, rate: try amount(&random)),
          ]) : .linear(try amount(&random)))
    }
  }

  private static func plan(_ random: inout SplitMix) throws -> PricePlan {
    PricePlan(
      isDenial: false, credits: random.oneIn(2) ? try amount(&random) : nil,
      rates: try rates(&random), minimum: random.oneIn(3) ? try amount(&random) : nil,
      maximum: random.oneIn(3) ? try amount(&random) : nil, isAdjustable: !random.oneIn(8))
  }

  private static func adjustment(_ random: inout SplitMix) throws -> AdjustmentPlan {
    switch random.below(7) {
    case 0, 1: return .multiply(try factor(&random))
    case 2:
      let components = [-1] + (0..<quantities).map { firstQuantity + $0 }
      return .multiplyComponents(
        try factor(&random), of: components.filter { _ in random.oneIn(2) })
    case 3:
      let amount = try amount(&random)
      return .add(random.oneIn(2) ? try .zero - amount : amount)
    case 4: return .addRates(try rates(&random))
    case 5: return .minimum(try amount(&random))
    default: return .maximum(try amount(&random))
    }
  }

  /// A table with one price and some adjustments, each of which has a flag that says whether it
  /// applies.
  private static func table(_ random: inout SplitMix) throws -> RuleTable {
    let adjustments = try (0..<random.below(5)).map { _ in try adjustment(&random) }
    var attributes = (0..<firstQuantity).map { _ in
      RuleTable.Attribute(kind: .text, axis: -1, texts: nil, cuts: [], absentAtom: -1)
    }
    for _ in 0..<quantities {
      attributes.append(
        RuleTable.Attribute(kind: .quantity, axis: -1, texts: nil, cuts: [], absentAtom: -1))
    }
    for axis in adjustments.indices {
      attributes.append(
        RuleTable.Attribute(kind: .flag, axis: axis, texts: nil, cuts: [], absentAtom: 2))
    }
    let atomCounts = adjustments.map { _ in 3 }
    func index(_ rules: Int) -> RuleIndex {
      RuleIndex(
        (0..<rules).map { RuleIndex.Entry(rule: $0, circleEnd: 0, sides: []) },
        atomCounts: atomCounts, beaters: Array(repeating: [], count: rules),
        isDenial: Array(repeating: false, count: rules))
    }
    return RuleTable(
      layout: RuleTable.Layout(
        attributes: attributes,
        builtIns: RuleTable.BuiltIns(
          model: 0, requestedModel: 1, tier: 2, plan: 3, balance: 4, granted: 5,
          balancePercent: 6, at: 7),
        axisCount: adjustments.count, time: nil, timeAxis: -1, sums: [], grants: [:],
        splitKeys: [], costsNeedTier: false),
      tiers: RuleTable.Section(index: index(0), plans: []),
      routes: RuleTable.Section(index: index(0), plans: []),
      costs: RuleTable.Section(index: index(1), plans: [try plan(&random)]),
      adjustments: AdjustmentIndex(
        plans: adjustments,
        alone: adjustments.indices.map {
          RuleIndex.Entry(rule: $0, circleEnd: 0, sides: [($0, [1..<2])])
        }, groups: [], atomCounts: atomCounts),
      events: index(0), decimals: random.below(19),
      rounding: [RoundingMode.up, .down, .halfUp, .halfEven][random.below(4)])
  }

  /// Sets quantities, no part more than its whole, and says which adjustments apply.
  private static func fill(
    _ request: inout Request, _ adjustments: Int, _ random: inout SplitMix
  ) throws -> [Int] {
    request.clear()
    var whole = Number.zero
    for place in 0..<quantities {
      var quantity = Number(random.below([3, 1_000, 50_000_000][random.below(3)]))
      if random.oneIn(9) { quantity = number(&random) }
      if random.oneIn(12) { quantity = Number(Int.max - random.below(9)) }
      if (1..<3).contains(place) { quantity = min(quantity, whole) }
      let isCarried = !random.oneIn(5)
      whole = isCarried ? quantity : .zero
      if isCarried { try request.set(firstQuantity + place, number: quantity) }
    }
    let applied = (0..<adjustments).filter { _ in random.oneIn(2) }
    for place in applied { try request.set(firstQuantity + quantities + place, flag: true) }
    try request.finish(for: .price, at: .earliest)
    return applied
  }

  @Test(arguments: 0..<400)
  func comesToWhatExactArithmeticDoes(_ seed: UInt64) throws {
    var random = SplitMix(seed: seed)
    let table = try Self.table(&random)
    let evaluator = Evaluator(table)
    var request = Request(for: table)
    let plan = table.costs.plans[0]
    for _ in 0..<40 {
      var applied = try Self.fill(&request, table.adjustments.plans.count, &random)
      if !plan.isAdjustable { applied = [] }
      let amount = ExactAmount(applied: applied.map { table.adjustments.plans[$0] })
      let total = try? amount.total(of: plan, request)
      let expected = try? total?.rounded(decimals: table.decimals, table.rounding)
      let found = try? evaluator.price(&request).credits
      let places = request.appliedAdjustments
      // Factors that are multiplied first may still fit where one after the other does not.
      if let expected { #expect(found == expected, "\(plan) \(amount)") }
      #expect(places == applied.map { Int32($0) })
    }
  }

  @Test func foreseesMostPrices() throws {
    var random = SplitMix(seed: 1)
    var (foreseen, all) = (0, 0)
    for _ in 0..<200 {
      let table = try Self.table(&random)
      var request = Request(for: table)
      for _ in 0..<10 {
        _ = try Self.fill(&request, table.adjustments.plans.count, &random)
        _ = try? Evaluator(table).price(&request)
        all += 1
        if table.kernel.base.pointee.prices.credits(0, request.appliedSet, request) != nil {
          foreseen += 1
        }
      }
    }
    #expect(foreseen > all / 3)
  }
}
