import RatecardTestSupport
import Testing

@testable import RatecardCompiler

/// The pairs of boxes that meet, against a comparison of every two.
struct OverlapJoinTests {
  @Test(arguments: 0..<30)
  func findsEachPairOnce(seed: UInt64) {
    var random = SplitMix(seed: seed)
    let boxes = (0..<200).map { _ in
      var box = Box.everything
      for axis in 0..<4 where !random.oneIn(4) {
        if random.oneIn(4) {
          let low = random.below(20)
          box.restrict(axis, to: AtomSet(low..<(low + 1 + random.below(8))))
        } else {
          box.restrict(axis, to: AtomSet(atom: random.below(12)))
        }
      }
      return box
    }
    var expected: [[Int]] = []
    for left in boxes.indices {
      for right in boxes.indices where left < right && boxes[left].intersects(boxes[right]) {
        expected.append([left, right])
      }
    }
    let pairs = OverlapJoin(boxes).pairs().map { [min($0.0, $0.1), max($0.0, $0.1)] }
    #expect(pairs.sorted { $0.lexicographicallyPrecedes($1) } == expected)
  }
}
