import RatecardCompiler
import RatecardDiagnostics
import RatecardModel
import RatecardTestSupport
import RatecardValues
import Testing

@testable import RatecardAnalysis

/// A glob takes a model that is priced apart just where the definition, tried on every request, says
/// so.
@Suite struct GlobTakesModelTests {
  @Test func foundAsByTheDefinition() throws {
    var loaded = 0
    var found = 0
    for seed in 0..<1500 as Range<UInt64> {
      let text = Self.card(seed)
      guard let card = SmallCard(text) else { continue }
      loaded += 1
      let expected = Definition(card).spans()
      found += expected.count
      #expect(try card.found(.globTakesModel) == expected, "\(text)")
    }
    #expect(loaded > 300 && found > 40, "\(found) in \(loaded) cards")
  }

  private static func card(_ seed: UInt64) -> String {
    var random = SplitMix(seed: seed &+ 707)
    var lines = ["attributes:", "  request_type: [a, b]", "  batch: flag"]
    if random.oneIn(2) { lines.append("models: {ma: {}, mb: {}, mc: {}, other: {}}") }
    lines.append("costs:")
    for rule in 0..<(3 + random.below(4)) {
      var conditions = [
        "model: \(random.pick(["ma", "mb", "'m*'", "'m*'", "[ma, 'm*']", "[ma, mb]", "{not: mc}"]))"
      ]
      if random.oneIn(2) { conditions.append("request_type: \(random.pick(["a", "b"]))") }
      if random.oneIn(5) { conditions.append("batch: true") }
      let price = random.oneIn(9) ? "deny: no" : "credits: \(1 + random.below(3))"
      let overrides =
        rule > 0 && random.oneIn(3) ? ", overrides: [r\(random.below(rule))]" : ""
      lines.append(
        "  - {name: r\(rule), when: {\(conditions.joined(separator: ", "))}, \(price)\(overrides)}")
    }
    if random.oneIn(2) { lines.append("  - {name: rest, credits: 7}") }
    return lines.joined(separator: "\n")
  }

  private struct Definition {
    let card: SmallCard
    let set: RuleSet
    let points: [Box]
    let model: Int
    let texts: TextDomain

    init(_ card: SmallCard) {
      self.card = card
      set = card.sets.costs
      points = card.points
      model = card.axis(.model) ?? 0
      texts = card.texts(model)
    }

    func spans() -> [Span] {
      var spans: [Span] = []
      for rule in set.rules.indices where !set.rules[rule].isDenial {
        guard let condition = condition(rule) else { continue }
        let named = names(rule)
        let isFound = globs(rule).contains { glob in
          texts.literals.indices.contains { atom in
            glob.matches(texts.literals[atom].string) && !named.contains(atom)
              && isTaken(atom, rule, glob)
          }
        }
        if isFound { spans.append(condition.span) }
      }
      return spans.sorted()
    }

    private func isTaken(_ atom: Int, _ rule: Int, _ glob: Glob) -> Bool {
      set.rules.indices.contains { literal in
        guard literal != rule, !set.rules[literal].isDenial, names(literal).contains(atom),
          set.rules[literal].outcome != set.rules[rule].outcome,
          !set.rules[rule].overrides.contains(literal)
        else { return false }
        let ownTypes = card.axis(.requestType)
        let decidesLiteral = points.contains {
          card.atom($0, model) == atom && card.decides(literal, $0, in: set)
        }
        let isTaken = points.contains { point in
          guard card.atom(point, model) == atom, card.decides(rule, point, in: set) else {
            return false
          }
          return points.contains { other in
            holds(literal, other)
              && card.space.axes.indices.allSatisfy { axis in
                axis == model || axis == ownTypes
                  || card.atom(other, axis) == card.atom(point, axis)
              }
          }
        }
        guard decidesLiteral, isTaken else { return false }
        return points.contains { point in
          let text = card.atom(point, model)
          guard text != atom, text < texts.count, fits(text, glob) else { return false }
          let original = point.replacing(model, by: AtomSet(atom: atom))
          guard holds(literal, original) else { return false }
          return set.rules.indices.contains { other in
            !set.rules[other].isDenial && set.rules[other].outcome != set.rules[literal].outcome
              && card.decides(other, point, in: set) && looksAtModels(other)
          }
        }
      }
    }

    private func holds(_ rule: Int, _ point: Box) -> Bool { card.holds(rule, point, in: set) }

    private func looksAtModels(_ rule: Int) -> Bool {
      card.card.costs[rule].scope.alternatives.joined().contains { $0.attribute == .model }
    }

    private func fits(_ atom: Int, _ glob: Glob) -> Bool { glob.matches(texts.example(of: atom)) }

    private func condition(_ rule: Int) -> Condition? {
      card.card.costs[rule].scope.alternatives.joined().first { $0.attribute == .model }
    }

    private func patterns(_ rule: Int) -> [Pattern] {
      guard case .oneOf(let patterns)? = condition(rule)?.matcher else { return [] }
      return patterns
    }

    private func globs(_ rule: Int) -> [Glob] {
      patterns(rule).compactMap { pattern in
        if case .glob(let glob) = pattern { return glob }
        return nil
      }
    }

    private func names(_ rule: Int) -> [Int] {
      patterns(rule).compactMap { pattern in
        if case .value(.text(let name)) = pattern { return texts.atom(of: name) }
        return nil
      }
    }
  }
}
