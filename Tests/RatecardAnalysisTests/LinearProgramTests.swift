import RatecardTestSupport
import RatecardValues
import Testing

@testable import RatecardAnalysis

/// Points of small linear programs are held against trying all points of a grid.
@Suite struct LinearProgramTests {
  @Test(arguments: 0..<300)
  func findsThePointOfLeastSum(_ seed: Int) throws {
    var random = SplitMix(seed: UInt64(seed))
    let count = 1 + random.below(3)
    var program = LinearProgram(lowers: Array(repeating: .zero, count: count))
    var rows: [(factors: [Int], bound: Int)] = []
    // Sums and differences of variables have corners at integers only.
    for variable in 0..<count {
      rows.append((factors: (0..<count).map { $0 == variable ? 1 : 0 }, bound: random.below(6)))
    }
    for _ in 0..<random.below(4) {
      let first = random.below(count)
      let second = random.below(count)
      guard first != second else { continue }
      let sign = random.oneIn(2) ? 1 : -1
      rows.append(
        (
          factors: (0..<count).map { $0 == first ? sign : $0 == second ? -sign : 0 },
          bound: random.below(7) - 4
        ))
    }
    let least = random.below(4)
    rows.append((factors: (0..<count).map { $0 == 0 ? -1 : 0 }, bound: -least))
    for row in rows {
      var form = LinearForm.zero
      for (variable, factor) in row.factors.enumerated() {
        form = try form.adding(LinearForm(symbol: variable), times: Rational(factor))
      }
      try program.require(form, atMost: Nudged(Rational(row.bound)))
    }
    let best = Self.points(count).filter { point in
      rows.allSatisfy { row in zip(row.factors, point).reduce(0) { $0 + $1.0 * $1.1 } <= row.bound }
    }.map { $0.reduce(0, +) }.min()
    let found = try program.point(leastSumOf: count)
    var sum = Rational.zero
    for value in found ?? [] { sum = try sum + value.value }
    #expect(found.map { _ in sum } == best.map { Rational($0) }, "\(rows)")
  }

  private static func points(_ count: Int) -> [[Int]] {
    (0..<count).reduce([[]]) { points, _ in points.flatMap { point in (0..<6).map { point + [$0] } }
    }
  }

  /// Above 2 and below 3 there is room, above 2 and below 2 there is none.
  @Test func openEndsLeaveRoomOrNone() throws {
    func hasRoom(_ upper: Int) throws -> Bool {
      var program = LinearProgram(lowers: [.zero])
      try program.require(LinearForm(symbol: 0), atLeast: Nudged(Rational(2)).justAbove)
      try program.require(LinearForm(symbol: 0), atMost: Nudged(Rational(upper)).justBelow)
      return try program.point(leastSumOf: 1) != nil
    }
    #expect(try hasRoom(3))
    #expect(try !hasRoom(2))
  }
}
