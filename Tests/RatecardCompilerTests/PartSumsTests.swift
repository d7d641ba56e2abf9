import RatecardTestSupport
import RatecardValues
import Testing

@testable import RatecardCompiler
@testable import RatecardModel

/// Parts within wholes, against every small combination of counts.
struct PartSumsTests {
  /// whole ⊇ left, right; left ⊇ inner.
  private static let attributes = """
    attributes:
      whole: count
      left: {type: count, part_of: whole}
      right: {type: count, part_of: whole}
      inner: {type: count, part_of: left}
    """

  @Test(arguments: 0..<40)
  func agreesWithEveryCombination(seed: UInt64) throws {
    var random = SplitMix(seed: seed)
    let names = ["whole", "left", "right", "inner"]
    var bounds: [String: [Int]] = [:]
    var text = Self.attributes + "\ncosts:\n  - {name: any, credits: 1}\n"
    for name in names {
      bounds[name] = (0..<2).map { _ in random.below(5) }.sorted()
      for (index, bound) in (bounds[name] ?? []).enumerated() {
        text += "  - {name: \(name) \(index), when: {\(name): {above: \(bound)}}, credits: 1}\n"
      }
    }
    let result = checked(text)
    let card = try #require(result.card, "\(result.findings)")
    let space = try Space(card)
    let axes = try names.map { name in
      let attribute = try #require(card.attribute(named: name))
      return try #require(space.axis(of: attribute.id, in: .afterRouting))
    }
    // Every combination of absent (nil) and 0...12, as atoms.
    let values: [Int?] = [nil] + (0...12).map { $0 }
    func atom(_ axis: Int, _ value: Int?) -> Int {
      guard case .numbers(let domain) = space.axes[axis].domain else { return -1 }
      return value.map { domain.atomsBelow(.before(Number($0))) } ?? domain.count
    }
    var possible = Set<[Int]>()
    var combinations: [[Int?]] = []
    for whole in values {
      for left in values {
        for right in values {
          for inner in values
          where (left ?? 0) + (right ?? 0) <= whole ?? 0 && inner ?? 0 <= left ?? 0 {
            possible.insert(zip(axes, [whole, left, right, inner]).map(atom))
            combinations.append([whole, left, right, inner])
          }
        }
      }
    }
    for _ in 0..<60 {
      var box = Box.everything
      for axis in axes where !random.oneIn(3) {
        let atoms = (0..<space.axes[axis].count).filter { _ in !random.oneIn(3) }
        box.restrict(axis, to: AtomSet(ascending: atoms))
      }
      if box.isEmpty { continue }
      let inside = possible.filter { point in
        zip(axes, point).allSatisfy { box[$0]?.contains($1) ?? true }
      }
      #expect(space.partSums.isPossible(box) == !inside.isEmpty)
      let place = random.below(4)
      let value = random.below(6)
      let withValue = combinations.contains { combination in
        combination[place] == value
          && zip(axes, zip(axes, combination).map(atom)).allSatisfy {
            box[$0]?.contains($1) ?? true
          }
      }
      let given = space.partSums.example(box, given: [axes[place]: Number(value)])
      #expect((given != nil) == withValue)
      if let given {
        #expect(given[axes[place]] == Number(value))
        for axis in axes {
          let value = given[axis]?.asInteger().map { Int($0) }
          #expect(box[axis]?.contains(atom(axis, value)) ?? true)
        }
      }
      let tight = space.partSums.tightened(box)
      let touches = axes.contains { box[$0] != nil }
      if inside.isEmpty {
        #expect(tight == nil || !touches)
      } else if touches {
        for (place, axis) in axes.enumerated() {
          let seen = Set(inside.map { $0[place] }).sorted()
          #expect(tight?[axis] ?? space.axes[axis].all == AtomSet(ascending: seen))
        }
        let found = space.partSums.example(box)
        let example = try #require(found, "seed \(seed)")
        for axis in axes {
          let value = example[axis]?.asInteger().map { Int($0) }
          #expect(box[axis]?.contains(atom(axis, value)) ?? true)
        }
      }
    }
  }
}
