import Ratecard
import RatecardCompiler
import RatecardDiagnostics
import RatecardModel
import RatecardValues
import Testing

@testable import RatecardAnalysis

/// Cliffs of random cards are found where one unit more costs less, and nowhere else.
@Suite struct PriceCliffTests {
  @Test(arguments: 0..<10)
  func agreesWithAsking(_ block: Int) throws {
    for seed in block * 40..<(block + 1) * 40 {
      guard let asked = AskedCard(RandomPrices(seed: UInt64(seed))) else { continue }
      let inspection = Inspection(
        card: asked.card.model, space: asked.compiled.space, sets: asked.compiled.sets,
        now: .earliest, plan: asked.compiled.plan)
      guard let found = try? LintRule.priceCliff.check(inspection) else { continue }
      for diagnostic in found {
        let requests = diagnostic.notes.compactMap { AskedCard.request(in: $0.message) }
        #expect(
          requests.count == 2 && asked.falls(from: requests[0], to: requests[1]),
          "\(asked.prices.text)\nhas no cliff: \(diagnostic.notes.map(\.message))")
      }
      guard found.isEmpty, let fall = asked.fall() else { continue }
      Issue.record("\(asked.prices.text)\nhas a cliff: \(fall)")
    }
  }
}

extension AskedCard {
  /// Whether the second of two requests has more and costs less.
  fileprivate func falls(from first: [String: String], to second: [String: String]) -> Bool {
    guard case .success(.priced(let before))? = answer(first),
      case .success(.priced(let after))? = answer(second)
    else { return false }
    let changed = Set(first.keys).union(second.keys).filter { first[$0] != second[$0] }
    let grows = changed.allSatisfy { attribute in
      guard let less = try? Number(parsing: first[attribute] ?? ""),
        let more = try? Number(parsing: second[attribute] ?? "")
      else { return false }
      return attribute == "seconds" ? less < more : less.adding(.one) == more
    }
    return after < before && grows && !changed.isEmpty
  }

  /// Two requests of the grid of which the second has one unit more and costs less.
  fileprivate func fall() -> String? {
    let wholes = prices.values.map(\.attribute).reduce(into: [String: String]()) { wholes, name in
      let declaration = prices.text.split(separator: "\n").first { $0.hasPrefix("  \(name): ") }
      for whole in ["input", "cached"] where declaration?.contains("part_of: \(whole)") ?? false {
        wholes[name] = whole
      }
    }
    for (request, answer) in answers {
      guard case .success(.priced(let credits)) = answer else { continue }
      // What is used already moves the bands by itself.
      for attribute in ["input", "cached", "warm", "output"] {
        var more = request
        var next: String? = attribute
        while let name = next {
          guard let text = request[name], let sum = try? Number(parsing: text).adding(.one) else {
            more = [:]
            break
          }
          more[name] = sum.description
          next = wholes[name]
        }
        guard let other = self.credits(more), other < credits else { continue }
        return "\(request) costs \(credits), and with one \(attribute) more \(other)"
      }
    }
    return nil
  }
}
