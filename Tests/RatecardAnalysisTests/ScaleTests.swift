import RatecardCompiler
import RatecardDiagnostics
import RatecardModel
import RatecardTestSupport
import RatecardValues
import RatecardWorkloads
import Testing

@testable import RatecardAnalysis

/// What proofs take on large cards and on cards that are hard to reason about, in steps.
@Suite struct ScaleTests {
  private func compiled(_ text: String) throws -> Compiler.Compiled {
    var bag = DiagnosticBag()
    let card = Sample(text).card(into: &bag)
    let compiled = card.flatMap { Compiler.compile($0, into: &bag) }
    return try #require(compiled, "\(bag.diagnostics)")
  }

  /// The pieces of a card's costs, and the steps that they took.
  private func pieces(
    _ text: String, steps: Int
  ) throws -> (pieces: [Partition.Piece], steps: Int) {
    let compiled = try compiled(text)
    let budget = ProofBudget(steps: steps)
    var partition = Partition(compiled.space, compiled.sets.costs, budget)
    let pieces = try partition.pieces()
    return (pieces, steps - budget.stepsLeft)
  }

  @Test func stepsGrowWithRules() throws {
    let small = try pieces(LargeCard(rules: 500).text, steps: 1_000_000).steps
    let large = try pieces(LargeCard(rules: 2000).text, steps: 1_000_000).steps
    #expect(small < 500 * 40)
    #expect(large < small * 6)
  }

  @Test(arguments: [HardCard.cells, .diagrams])
  func smallHardCardsAreDivided(_ kind: HardCard) throws {
    let compiled = try compiled(kind.text(size: 3))
    let (space, set) = (compiled.space, compiled.sets.costs)
    var partition = Partition(space, set)
    let pieces = try partition.pieces()
    for point in PartitionTests.points(of: space) {
      let holding = pieces.filter { point.isInside($0.box, in: space) }
      #expect(holding.map(\.winner) == [PartitionTests.winner(for: point, set, space)])
    }
  }

  @Test(arguments: [(HardCard.cells, 16), (.diagrams, 40)])
  func largeHardCardsAreGivenUp(_ kind: HardCard, _ size: Int) throws {
    #expect(throws: RoomSearch.GaveUp.self) { try pieces(kind.text(size: size), steps: 50_000) }
  }

  @Test func gapsOfAGridNeedNoCells() throws {
    // Without the price for everything else nothing prices a request that nothing refuses.
    let text = HardCard.cells.text(size: 16).split(separator: "\n")
      .filter { !$0.contains("everything else") }.joined(separator: "\n")
    let compiled = try compiled(text)
    var partition = Partition(compiled.space, compiled.sets.costs, steps: 50_000)
    let gaps = Region(try partition.gaps(), in: compiled.space)
    #expect(gaps.boxes.count == 1)
  }

  @Test func aProofThatIsGivenUpIsNamed() throws {
    // What has no price here are the colourings of a graph.
    let text = HardCard.diagrams.text(size: 40).split(separator: "\n")
      .filter { !$0.contains("neighbours differ") }.joined(separator: "\n")
    let compiled = try compiled(text)
    let inspection = Inspection(
      card: compiled.space.card, space: compiled.space, sets: compiled.sets, now: .earliest,
      plan: compiled.plan, budget: ProofBudget(steps: 50_000))
    let rule = LintRule.unpricedRequests
    #expect(throws: RoomSearch.GaveUp.self) { try rule.check(inspection) }
    let found = Analysis.givenUp([rule.code, rule.code], in: compiled.space.card)
    #expect(
      found.message
        == "the rules overlap in too many ways to look for `unpriced-requests` and "
        + "`unpriced-requests`")
  }
}
