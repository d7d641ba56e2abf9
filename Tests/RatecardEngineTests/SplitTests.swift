import RatecardTestSupport
import Testing

@testable import RatecardEngine

/// Splits: sticky, in proportion, and moving only what they must.
struct SplitTests {
  private func plan(_ weights: [(String, UInt64)]) -> [Split.Side] {
    weights.map { Split.Side(RoutePlan.Side(model: $0.0, atom: -1, weight: $0.1)) }
  }

  private func side(of plan: [Split.Side], key: UInt64?) -> Int {
    plan.withUnsafeBufferPointer { sides in
      guard let base = sides.baseAddress else { return -1 }
      return Split.side(of: base, count: sides.count, key: key)
    }
  }

  @Test(arguments: [[90, 10], [1, 1], [1, 2, 5], [0, 3], [1000, 1]])
  func sharesFollowWeights(weights: [Int]) {
    let plan = plan(weights.enumerated().map { ("model-\($0)", UInt64($1)) })
    var counts = [Int](repeating: 0, count: weights.count)
    let total = 40_000
    for customer in 0..<total {
      counts[side(of: plan, key: StableHash.of("customer-\(customer)"))] += 1
    }
    for (count, weight) in zip(counts, weights) {
      let expected = total * weight / weights.reduce(0, +)
      // Four standard deviations of a binomial share, at its widest.
      #expect(abs(count - expected) <= 400)
      if weight == 0 { #expect(count == 0) }
    }
  }

  @Test func raisingAWeightMovesKeysOnlyToIt() {
    let before = plan([("a", 50), ("b", 30), ("c", 20)])
    let after = plan([("a", 50), ("b", 45), ("c", 20)])
    var moved = 0
    for customer in 0..<20_000 {
      let key = StableHash.of("cus_\(customer)")
      let (old, new) = (side(of: before, key: key), side(of: after, key: key))
      if old != new {
        #expect(new == 1)
        moved += 1
      }
    }
    #expect(moved > 0)
  }

  @Test func keepsItsSides() {
    // Recorded: a key must land where it landed in every earlier release.
    let plan = plan([("claude-sonnet", 60), ("gpt-4o", 40)])
    let sides = (0..<40).map { side(of: plan, key: StableHash.of("cus_\($0)")) }
    #expect(sides.map(String.init).joined() == "0001111001100000011001100001000000101011")
  }

  @Test func withoutAKeyTheHeaviestThenTheFirst() {
    #expect(side(of: plan([("a", 1), ("b", 2), ("c", 2)]), key: nil) == 1)
  }
}
