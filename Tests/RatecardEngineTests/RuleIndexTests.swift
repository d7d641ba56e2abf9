import RatecardTestSupport
import Testing

@testable import RatecardEngine

/// Graphs and rows find the entry that a look at one after the other finds.
struct RuleIndexTests {
  private struct World {
    let entries: [RuleIndex.Entry]
    let atomCounts: [Int]

    init(_ random: inout SplitMix, entries count: Int, atoms: [Int]) {
      atomCounts = atoms
      entries = (0..<count).map { rule in
        var sides: [(axis: Int, atoms: [Range<Int32>])] = []
        for axis in atoms.indices where !random.oneIn(3) {
          var ranges: [Range<Int32>] = []
          var next = random.below(atoms[axis])
          for _ in 0...random.below(3) where next < atoms[axis] {
            let end = min(atoms[axis], next + 1 + random.below(max(1, atoms[axis] / 3)))
            ranges.append(Int32(next)..<Int32(end))
            next = end + 1 + random.below(3)
          }
          if !ranges.isEmpty { sides.append((axis, ranges)) }
        }
        return RuleIndex.Entry(rule: rule, circleEnd: 0, sides: sides)
      }
    }

    func index(wantsGraph: Bool = true) -> RuleIndex {
      RuleIndex(
        entries, atomCounts: atomCounts, beaters: entries.map { _ in [] },
        isDenial: entries.map { _ in false }, wantsGraph: wantsGraph)
    }

    func first(_ atoms: [Int32]) -> Int32 {
      let place = entries.firstIndex { entry in
        entry.sides.allSatisfy { side in side.atoms.contains { $0.contains(atoms[side.axis]) } }
      }
      return place.map { Int32(entries[$0].rule) } ?? -1
    }
  }

  @Test(arguments: [
    (0, [3]), (1, [2]), (5, [4, 3]), (40, [9, 2, 5]), (150, [30, 20, 3, 2]),
    (700, [200, 40, 2, 7, 3]), (5_000, [90, 11, 3]),
    // More classes than rows: neighbours share one.
    (4_500, [9_000, 5]), (300, [4_000, 4_000]),
  ])
  func findsTheFirst(_ entries: Int, _ atoms: [Int]) {
    var random = SplitMix(seed: UInt64(entries))
    let world = World(&random, entries: entries, atoms: atoms)
    let index = world.index()
    let rows = index.withoutGraph
    let graphless = world.index(wantsGraph: false)
    let hasGraph = rows.hasGraph || graphless.hasGraph
    #expect(!hasGraph)
    for _ in 0..<2_000 {
      let point = atoms.map { Int32(random.below($0)) }
      let expected = world.first(point)
      let found = [index.winner(point), rows.winner(point), graphless.winner(point)]
      #expect(found == [expected, expected, expected], "\(point)")
    }
  }

  @Test func aLadderIsAGraph() {
    // Bands side by side, and thresholds within each other.
    for isNested in [false, true] {
      let count = 10_000
      let entries = (0..<count).map { rule in
        RuleIndex.Entry(
          rule: rule, circleEnd: 0,
          sides: [
            (
              0,
              [
                isNested
                  ? Int32(count - rule)..<Int32(count + 1) : Int32(rule)..<Int32(rule + 1)
              ]
            )
          ])
      }
      let index = RuleIndex(
        entries, atomCounts: [count + 1], beaters: entries.map { _ in [] },
        isDenial: entries.map { _ in false })
      let hasGraph = index.hasGraph
      #expect(hasGraph)
      let bytes = index.bytes
      #expect(bytes.graph < 200_000)
      // 3,072 rows of 160 words: about as many bytes as rules times 400.
      #expect(bytes.rows < 5_000_000)
      let rows = index.withoutGraph
      for atom in stride(from: 0, through: count, by: 7) {
        let expected = isNested ? (atom == 0 ? -1 : count - atom) : atom == count ? -1 : atom
        let found = [index.winner([Int32(atom)]), rows.winner([Int32(atom)])]
        #expect(found == [Int32(expected), Int32(expected)])
      }
    }
  }

  @Test func givesUpOnAGraphThatWouldBeTooLarge() {
    var random = SplitMix(seed: 3)
    let world = World(&random, entries: 3_000, atoms: [40, 40, 40, 40, 40, 40])
    let hasGraph = world.index().hasGraph
    #expect(!hasGraph)
  }
}
