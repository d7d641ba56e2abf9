import RatecardTestSupport
import Testing

@testable import RatecardCompiler

/// Sets of atoms against Swift's own sets.
struct AtomSetTests {
  @Test func agreesWithSets() {
    var random = SplitMix(seed: 1)
    for _ in 0..<5_000 {
      let size = 1 + random.below(12)
      func draw() -> Set<Int> { Set((0..<size).filter { _ in random.oneIn(2) }) }
      let (left, right) = (draw(), draw())
      let (a, b) = (AtomSet(ascending: left.sorted()), AtomSet(ascending: right.sorted()))
      #expect(Array(a.atoms) == left.sorted())
      #expect(a.intersection(b) == AtomSet(ascending: left.intersection(right).sorted()))
      #expect(a.subtracting(b) == AtomSet(ascending: left.subtracting(right).sorted()))
      #expect(a.union(b) == AtomSet(ascending: left.union(right).sorted()))
      #expect(a.intersects(b) == !left.isDisjoint(with: right))
      #expect(a.isSubset(of: b) == left.isSubset(of: right))
      #expect(a.count == left.count)
      #expect(a.first == left.min())
      #expect(a.single == (left.count == 1 ? left.first : nil))
      for atom in 0..<size { #expect(a.contains(atom) == left.contains(atom)) }
    }
  }
}
