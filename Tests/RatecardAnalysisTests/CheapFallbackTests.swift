import RatecardCompiler
import RatecardModel
import RatecardTestSupport
import RatecardValues
import Testing

@testable import RatecardAnalysis

/// A cheap fallback is found just where the definition, tried on every request, has one.
@Suite struct CheapFallbackTests {
  @Test func foundAsByTheDefinition() throws {
    var loaded = 0
    var found = 0
    for seed in 0..<800 as Range<UInt64> {
      let text = Self.card(seed)
      guard let card = SmallCard(text) else { continue }
      loaded += 1
      let expected = card.sets.costs.rules.indices.filter { Definition(card).finds($0) }
        .map { card.card.costs[$0].span }.sorted()
      found += expected.count
      #expect(try card.found(.cheapFallback) == expected, "\(text)")
    }
    #expect(loaded > 150 && found > 30, "\(found) in \(loaded) cards")
  }

  private static func card(_ seed: UInt64) -> String {
    var random = SplitMix(seed: seed &+ 702)
    var lines = ["attributes:", "  batch: flag", "  plan: text"]
    lines.append(random.oneIn(2) ? "  request_type: [a, b, c]" : "  region: text")
    lines += ["  input_tokens: count", "costs:"]
    for rule in 0..<(2 + random.below(5)) {
      var conditions: [String] = []
      if random.oneIn(2) {
        conditions.append("request_type: \(random.pick(["a", "b", "[a, c]", "{not: b}"]))")
      }
      if !random.oneIn(3) {
        conditions.append("model: \(random.pick(["m", "n", "'m*'", "[m, n]", "{not: m}", "mm"]))")
      }
      if random.oneIn(5) { conditions.append("batch: true") }
      if random.oneIn(6) { conditions.append("plan: p") }
      let price = random.pick([
        "credits: 0", "credits: 1", "credits: 2", "credits: 3", "credits: 9", "credits: 10",
        "rates: {input_tokens: 1}", "rates: {input_tokens: 5}", "deny: no",
      ])
      let overrides =
        rule > 0 && random.oneIn(2) ? ", overrides: [r\(random.below(rule))]" : ""
      lines.append(
        "  - {name: r\(rule), when: {\(conditions.joined(separator: ", "))}, \(price)\(overrides)}")
    }
    if !random.oneIn(3) {
      lines.append("  - {name: rest, credits: \(random.below(4))}")
    }
    return lines.joined(separator: "\n")
  }

  /// The definition, request by request.
  private struct Definition {
    let card: SmallCard
    let set: RuleSet
    let points: [Box]

    init(_ card: SmallCard) {
      self.card = card
      set = card.sets.costs
      points = card.points
    }

    func finds(_ rule: Int) -> Bool {
      guard price(rule) != nil else { return false }
      let siblings = set.rules.indices.filter { other in
        guard let price = price(other), price.flat + price.rate > 0, set.beats(other, rule) else {
          return false
        }
        return points.allSatisfy { holds(rule, $0) || !holds(other, $0) }
      }
      return !siblings.isEmpty
        && (isBelowAll(rule, siblings) || isFarBelowSomeType(rule, siblings))
    }

    private func isBelowAll(_ rule: Int, _ siblings: [Int]) -> Bool {
      guard siblings.allSatisfy({ isBelow(rule, $0, 1) }) else { return false }
      return axes.contains { axis in
        if axis == card.axis(.requestType), axes.contains(where: { $0 != axis && lists(rule, $0) })
        {
          return false
        }
        return points.contains { point in
          let atom = card.atom(point, axis)
          let texts = card.texts(axis)
          return atom >= texts.literals.count && atom < texts.count
            && isUnnamed(atom, axis, siblings) && decides(rule, point)
        }
      }
    }

    private func isFarBelowSomeType(_ rule: Int, _ siblings: [Int]) -> Bool {
      guard let types = card.axis(.requestType) else { return false }
      return card.texts(types).literals.indices.contains { type in
        let here = points.filter { card.atom($0, types) == type }
        let winners = siblings.filter { sibling in here.contains { decides(sibling, $0) } }
        guard winners.allSatisfy({ isBelow(rule, $0, 3) }) else { return false }
        let holding = siblings.filter { sibling in here.contains { holds(sibling, $0) } }
        return axes.contains { axis in
          let isOpen = card.space.axes[axis].attribute == .model || !card.texts(axis).others.isEmpty
          guard axis != types, isOpen, !lists(rule, axis) else { return false }
          return winners.contains { names($0, axis) }
            && here.contains { point in
              card.atom(point, axis) < card.texts(axis).count
                && isUnnamed(card.atom(point, axis), axis, holding) && decides(rule, point)
            }
        }
      }
    }

    /// A rule holds for some texts of an axis, and for none that is unnamed.
    private func lists(_ rule: Int, _ axis: Int) -> Bool {
      let texts = card.texts(axis)
      return names(rule, axis)
        && !points.contains { point in
          let atom = card.atom(point, axis)
          return atom >= texts.literals.count && atom < texts.count && holds(rule, point)
        }
    }

    /// Some of the rules name texts of an axis, and this is none of them.
    private func isUnnamed(_ atom: Int, _ axis: Int, _ rules: [Int]) -> Bool {
      let naming = rules.filter { names($0, axis) }
      return !naming.isEmpty && !naming.contains { holds($0, atom, axis) }
    }

    private func names(_ rule: Int, _ axis: Int) -> Bool {
      (0..<card.space.axes[axis].count).contains { !holds(rule, $0, axis) }
    }

    private func holds(_ rule: Int, _ atom: Int, _ axis: Int) -> Bool {
      points.contains { card.atom($0, axis) == atom && holds(rule, $0) }
    }

    private var axes: [Int] {
      card.space.axes.indices.filter { axis in
        let attribute = card.space.axes[axis].attribute
        guard case .texts = card.space.axes[axis].domain else { return false }
        return attribute != .plan
      }
    }

    private func holds(_ rule: Int, _ point: Box) -> Bool { card.holds(rule, point, in: set) }
    private func decides(_ rule: Int, _ point: Box) -> Bool { card.decides(rule, point, in: set) }

    /// What a rule charges, in whole credits; nil: it refuses.
    private func price(_ rule: Int) -> (flat: Int, rate: Int, isRated: Bool)? {
      guard case .price(let price) = card.card.costs[rule].outcome else { return nil }
      func whole(_ amount: Rational?) -> Int { amount.map { Int($0.numerator) } ?? 0 }
      guard case .linear(let each)? = price.rates.first?.schedule else {
        return (whole(price.credits), 0, false)
      }
      return (whole(price.credits), whole(each), true)
    }

    private func isBelow(_ rule: Int, _ other: Int, _ factor: Int) -> Bool {
      guard let own = price(rule), let other = price(other), own.isRated == other.isRated else {
        return false
      }
      return own.flat * factor <= other.flat && own.rate * factor <= other.rate
        && (own.flat, own.rate) != (other.flat, other.rate)
    }
  }
}
