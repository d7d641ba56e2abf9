import RatecardCompiler
import RatecardDiagnostics
import RatecardModel
import RatecardTestSupport
import RatecardValues
import Testing

@testable import RatecardAnalysis

/// A model is called unused just when every rule holds for it as for a text of which the card has
/// never heard.
@Suite struct UnusedModelTests {
  @Test func modelsAreUnusedWhereNoRuleTellsThemApart() throws {
    var counts = (unused: 0, used: 0)
    for seed in 0..<150 {
      let text = Self.text(seed: UInt64(seed))
      guard let (inspection, expected) = try Self.expected(of: text) else { continue }
      let found = try LintRule.unusedModels.check(inspection)
      #expect(Set(found.map(\.span)) == expected, "\(text)")
      counts.unused += expected.count
      counts.used += inspection.card.models.models.count - expected.count
    }
    #expect(counts.unused > 50)
    #expect(counts.used > 50)
  }

  /// A card and the places of its models for which every rule holds as for an unknown one; nil
  /// where there is nothing to compare.
  private static func expected(
    of text: String
  ) throws -> (inspection: Inspection, unused: Set<Span>)? {
    var bag = DiagnosticBag()
    guard let card = Sample(text).card(into: &bag),
      let compiled = Compiler.compile(card, into: &bag),
      let axis = compiled.space.axis(of: .model, in: .afterRouting),
      case .texts(let texts) = compiled.space.axes[axis].domain,
      let other = texts.others.firstIndex(where: { other in
        other.globs.allSatisfy { texts.globs[$0].literalCharacters == 0 }
      })
    else { return nil }
    let space = compiled.space
    let unlisted = AtomSet(atom: texts.literals.count + other)
    let points = PartitionTests.points(of: space).filter { $0[axis] == unlisted }
    let unused = try card.models.models.filter { model in
      let own = AtomSet(atom: try #require(texts.atom(of: model.name)))
      return points.allSatisfy { point in
        let moved = point.replacing(axis, by: own)
        return compiled.sets.costs.rules.allSatisfy { rule in
          rule.holds.contains { point.isInside($0, in: space) }
            == rule.holds.contains { moved.isInside($0, in: space) }
        }
      }
    }
    let inspection = Inspection(
      card: card, space: space, sets: compiled.sets, now: .earliest, plan: compiled.plan)
    return (inspection, Set(unused.map(\.span)))
  }

  private static func text(seed: UInt64) -> String {
    var random = SplitMix(seed: seed &+ 55_000)
    func pick(_ choices: [String]) -> String { choices[random.below(choices.count)] }
    var lines = ["models:"]
    for name in ["a-1", "a-2", "b-1", "c"] {
      lines.append("  \(name): {\(pick(["", "class: x", "class: y"]))}")
    }
    lines += ["costs:", "  - {name: all, credits: 1}"]
    for rule in 0..<(1 + random.below(3)) {
      let condition = pick([
        "model: a-1", "model: 'a-*'", "model: {not: b-1}", "model: [c, '*-2']", "model: '*'",
        "model_class: x", "model_class: {not: 'x*'}", "model_class: present", "model_class: absent",
        "plan: p",
      ])
      let overrides = (["all"] + (0..<rule).map { "r\($0)" }).joined(separator: ", ")
      lines.append(
        "  - {name: r\(rule), when: {\(condition)}, credits: \(rule + 2), overrides: [\(overrides)]}"
      )
    }
    return lines.joined(separator: "\n")
  }
}
