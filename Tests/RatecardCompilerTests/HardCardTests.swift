import RatecardDiagnostics
import RatecardWorkloads
import Testing

@testable import RatecardCompiler

/// Cards that are hard to reason about: small ones are proved, and large ones are given up after so
/// many steps, which the compiler says.
@Suite struct HardCardTests {
  private func check(
    _ kind: HardCard, _ size: Int, steps: Int? = nil
  ) throws -> AmbiguityCheck {
    try check(kind.text(size: size), steps: steps)
  }

  private func check(_ text: String, steps: Int? = nil) throws -> AmbiguityCheck {
    // The header is added again.
    let lines = text.split(separator: "\n").drop { !$0.hasPrefix("attributes:") }
    let result = checked(lines.joined(separator: "\n"))
    let card = try #require(result.card, "\(result.findings)")
    let space = try Space(card)
    return AmbiguityCheck(try RuleSets(card, in: space).costs, in: space, steps: steps)
  }

  @Test(arguments: 2...4)
  func whatAllRulesCoverTogetherNeverWins(_ rooms: Int) throws {
    var check = try check(.pairs, rooms)
    try check.run()
    #expect(check.found.map(\.code) == [.neverWins])
    #expect(check.found.first?.message.hasPrefix("`a room each` never wins") == true)
  }

  @Test func whatAllRulesButOneCoverWins() throws {
    // Without the last rule the last two guests may share the last room.
    let lines = HardCard.pairs.text(size: 3).split(separator: "\n").dropLast()
    var check = try check(lines.joined(separator: "\n"))
    try check.run()
    #expect(check.found.isEmpty)
  }

  @Test(arguments: [(HardCard.rivals, 4), (.cells, 4), (.cells, 30), (.diagrams, 12)])
  func theyAreProvedToBeFine(_ kind: HardCard, _ size: Int) throws {
    var check = try check(kind, size, steps: 200_000)
    try check.run()
    #expect(check.found.isEmpty)
  }

  @Test func whetherARuleWinsIsGivenUpWithAWarning() throws {
    var check = try check(.pairs, 12, steps: 50_000)
    try check.run()
    #expect(check.found.map(\.code) == [.proofSkipped])
    #expect(check.found.first?.severity == .warning)
    #expect(check.found.first?.message.contains("`a room each`") == true)
  }

  @Test func whetherRulesContradictEachOtherIsGivenUpWithAnError() throws {
    var check = try check(.rivals, 12, steps: 50_000)
    let gaveUp = #expect(throws: RoomSearch.GaveUp.self) { try check.run() }
    #expect(gaveUp?.question == "whether `weekend` and `working days` contradict each other")
  }

  @Test func tooManyPairsAreGivenUp() throws {
    let boxes = (0..<300).map { index in
      var box = Box.everything
      box.restrict(0, to: AtomSet(index..<600))
      return box
    }
    #expect(try OverlapJoin(boxes).pairs(atMost: 300 * 299 / 2).count == 300 * 299 / 2)
    #expect(throws: RoomSearch.GaveUp.self) {
      try OverlapJoin(boxes).pairs(atMost: 300 * 299 / 2 - 1)
    }
  }
}
