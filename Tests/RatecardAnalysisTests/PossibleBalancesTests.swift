import RatecardCompiler
import RatecardDiagnostics
import RatecardModel
import RatecardTestSupport
import RatecardValues
import Testing

@testable import RatecardAnalysis

/// A balance, a grant and a percentage are possible together just when real numbers show it.
@Suite struct PossibleBalancesTests {
  private static let card = """
    plans:
      p: {credits: 100}
      q: {}
    tiers:
      - {name: t0, tier: a}
      - {name: t1, tier: a, when: {balance: {below: 1}}}
      - {name: t2, tier: a, when: {balance: {at_most: 0}}}
      - {name: t3, tier: a, when: {balance: {at_least: 20}}}
      - {name: t4, tier: a, when: {granted: {above: 0}}}
      - {name: t5, tier: a, when: {granted: {at_least: 0}}}
      - {name: t6, tier: a, when: {granted: {at_most: 50}}}
      - {name: t7, tier: a, when: {balance_percent: {below: 20}}}
      - {name: t8, tier: a, when: {balance_percent: {at_least: 50}}}
      - {name: t9, tier: a, when: {balance_percent: {above: 0}}}
      - {name: t10, tier: a, when: {plan: p}}
    costs: [{name: all, credits: 1}]
    """

  @Test func everyCombinationIsThatOfRealNumbers() throws {
    var bag = DiagnosticBag()
    let sample = Sample(Self.card)
    let compiled = sample.card(into: &bag).flatMap { Compiler.compile($0, into: &bag) }
    let space = try #require(compiled, "\(sample.describe(bag.sorted))").space
    let possible = PossibleBalances(space)
    let real = try Self.realCombinations(in: space)
    let axes = try Self.attributes.map { try #require(space.axis(of: $0, in: .beforeRouting)) }
    var impossible = 0
    for point in PartitionTests.points(of: space) {
      let atoms = axes.map { point[$0]?.first ?? -1 }
      #expect((possible.narrowed(point) != nil) == real.contains(atoms), "\(atoms)")
      if !real.contains(atoms) { impossible += 1 }
    }
    #expect(!real.isEmpty)
    #expect(impossible > 20)
  }

  private static let attributes: [AttributeID] = [.balance, .granted, .balancePercent, .plan]

  /// The atoms of many requests.
  private static func realCombinations(in space: Space) throws -> Set<[Int]> {
    let axes = try attributes.map {
      space.axes[try #require(space.axis(of: $0, in: .beforeRouting))]
    }
    guard case .texts(let plans) = axes[3].domain else { return [] }
    let quarter = try Rational(1) / Rational(4)
    let balances = try
      ([-240, -120, -40, -4, -1, 0, 1, 2, 4, 5, 8, 20, 40, 60, 79, 80, 81, 120, 400])
      .map { try Rational($0) * quarter }
    let grants = try [
      -8000, -400, -200, -80, -40, -4, -1, 0, 1, 2, 4, 8, 20, 40, 80, 100, 160, 199, 200, 201, 240,
      400, 800, 4000, 40_000,
    ].map { try Rational($0) * quarter }
    var result: Set<[Int]> = []
    for plan in [nil, "p", "q"] {
      for balance in [nil] + balances.map(Optional.some) {
        for given in [nil] + grants.map(Optional.some) {
          let granted = given ?? (plan == "p" ? Rational(100) : nil)
          var percent: Rational?
          if let balance, let granted, granted != .zero {
            percent = try balance * Rational(100) / granted
          }
          result.insert([
            try atom(of: balance, on: axes[0]), try atom(of: granted, on: axes[1]),
            try atom(of: percent, on: axes[2]),
            plan.flatMap { plans.atom(of: ExactText($0)) } ?? axes[3].count - 1,
          ])
        }
      }
    }
    return result
  }

  private static func atom(of value: Rational?, on axis: Axis) throws -> Int {
    guard let value, case .numbers(let numbers) = axis.domain else { return axis.count - 1 }
    return try numbers.cuts.count { cut in
      let place = try Rational(cut.value)
      return place < value || place == value && !cut.isAfter
    }
  }
}
