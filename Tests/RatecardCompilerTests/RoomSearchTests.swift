import RatecardTestSupport
import Testing

@testable import RatecardCompiler
@testable import RatecardModel

/// The search for a request outside boxes, against a look at every combination of atoms.
struct RoomSearchTests {
  private static let text = """
    attributes:
      a: [p, q, r]
      b: flag
      c: [s, t, u, v]
    costs:
      - {name: any, credits: 1}
      - {name: a, when: {a: p}, credits: 1}
      - {name: b, when: {b: true}, credits: 1}
      - {name: c, when: {c: s}, credits: 1}
    """

  @Test(arguments: 0..<200)
  func agreesWithEveryCombination(seed: UInt64) throws {
    var random = SplitMix(seed: seed)
    let result = checked(Self.text)
    let card = try #require(result.card, "\(result.findings)")
    let space = try Space(card)
    func randomBox() -> Box {
      var box = Box.everything
      for axis in space.axes.indices where !random.oneIn(3) {
        let atoms = (0..<space.axes[axis].count).filter { _ in random.oneIn(2) }
        if !atoms.isEmpty { box.restrict(axis, to: AtomSet(ascending: atoms)) }
      }
      return box
    }
    func holds(_ box: Box, _ point: [Int]) -> Bool {
      point.indices.allSatisfy { box[$0]?.contains(point[$0]) ?? true }
    }
    var points: [[Int]] = [[]]
    for axis in space.axes { points = points.flatMap { p in (0..<axis.count).map { p + [$0] } } }

    let start = randomBox()
    let avoided = (0..<random.below(8)).map { _ in randomBox() }
    let refusals = (0..<random.below(3)).map { _ in
      RoomSearch.Refusal(
        holds: (0..<(1 + random.below(2))).map { _ in randomBox() },
        beaters: (0..<random.below(3)).map { _ in [randomBox()] })
    }
    func isRoom(_ point: [Int]) -> Bool {
      holds(start, point) && !avoided.contains { holds($0, point) }
        && refusals.allSatisfy { refusal in
          !refusal.holds.contains { holds($0, point) }
            || refusal.beaters.joined().contains { holds($0, point) }
        }
    }
    var search = RoomSearch(space)
    let found = try search.room(in: start, outside: avoided, notRefusedBy: refusals)
    #expect((found != nil) == points.contains(where: isRoom))
    if let found {
      for point in points where holds(found, point) { #expect(isRoom(point)) }
    }
  }

  @Test func givesUpWhenItsStepsAreUsed() throws {
    let card = try #require(checked(Self.text).card)
    let space = try Space(card)
    var search = RoomSearch(space, steps: 0)
    #expect(throws: RoomSearch.GaveUp.self) {
      try search.room(in: .everything, outside: [])
    }
  }
}
