import Ratecard
import RatecardCompiler
import RatecardModel
import RatecardTestSupport
import RatecardValues
import Testing

@testable import RatecardAnalysis

/// What is proposed shows every rule that wins for some request, and no other.
@Suite struct ProposerTests {
  @Test(arguments: 0..<200)
  func showsJustTheRulesThatWin(_ seed: Int) throws {
    let random = RandomCosts(seed: UInt64(seed))
    guard let compiled = random.compiled() else { return }
    let card = try #require(RateCard.load(files: random.sample.files).card)
    let (space, set) = (compiled.space, compiled.sets.costs)
    let winners = Set(
      PartitionTests.points(of: space).compactMap {
        PartitionTests.winner(for: $0, set, space)
      })
    let proposer = try Proposer(card.model)
    #expect(proposer.givenUp.isEmpty)
    for (index, rule) in set.rules.enumerated() {
      let own = proposer.proposals.filter { $0.rule.string == rule.name && $0.isOfRule }
      #expect(own.isEmpty == !winners.contains(index), "\(rule.name)")
      for proposal in proposer.proposals where proposal.rule.string == rule.name {
        let isNamed = proposal.choices.contains { choice in
          choice.cases.contains { Self.rule($0, card) == rule.name }
        }
        #expect(isNamed, "\(proposal)")
      }
    }
  }

  /// Around a bound only one value differs, and the values are in order.
  @Test(arguments: 0..<60)
  func casesDifferInOneValue(_ seed: Int) throws {
    let random = RandomCosts(seed: UInt64(seed))
    guard let card = RateCard.load(files: random.sample.files).card else { return }
    for proposal in try Proposer(card.model).proposals where !proposal.isOfRule {
      for choice in proposal.choices {
        #expect(choice.cases.count > 1)
        for (one, next) in zip(choice.cases, choice.cases.dropFirst()) {
          let differing = zip(one.pairs, next.pairs).filter { $0 != $1 }
          #expect(one.pairs.map(\.name) == next.pairs.map(\.name) && differing.count == 1)
          guard
            case (.number(let low), .number(let high)) = (
              differing[0].0.value, differing[0].1.value
            )
          else { return }
          #expect(low < high)
        }
      }
    }
  }

  private static func rule(_ request: Proposal.Case, _ card: RateCard) -> String? {
    let values = request.pairs.map { pair -> (String, RequestValue) in
      switch pair.value {
      case .text(let text): (pair.name, .text(text.string))
      case .flag(let flag): (pair.name, .flag(flag))
      case .number(let number): (pair.name, .number(number))
      case .instant(let instant): (pair.name, .instant(instant))
      }
    }
    return try? card.price(Dictionary(uniqueKeysWithValues: values), at: .earliest).rule
  }

  @Test(arguments: [
    ("count", "10", ["9", "10", "11"]),
    ("count", "0", ["0", "1"]),
    ("count", "2.5", ["2", "3"]),
    ("quantity", "10", ["9.99", "10", "10.01"]),
    ("quantity", "0.001", ["0", "0.001", "0.002"]),
    ("number", "0", ["-0.01", "0", "0.01"]),
    ("instant", "2026-01-01", ["2025-12-31T23:59:59Z", "2026-01-01", "2026-01-01T00:00:01Z"]),
  ])
  func stepsAreTheLeastThatMakeSense(_ kind: String, _ bound: String, _ values: [String]) throws {
    let sample = Sample(
      """
      attributes: {x: \(kind)}
      costs:
        - {name: base, credits: 1}
        - {name: above, when: {x: {above: \(bound)}}, credits: 2}
      """)
    let card = try #require(RateCard.load(files: sample.files).card)
    let proposal = try #require(
      try Proposer(card.model).proposals.first { $0.rule == "above" && !$0.isOfRule })
    #expect(proposal.choices[0].cases.map { $0.pairs[0].value.spelling } == values)
  }

  /// Where another bound lies nearer than a step, the step is smaller.
  @Test func stepsDoNotPassOtherBounds() throws {
    let sample = Sample(
      """
      attributes: {x: quantity}
      costs:
        - {name: base, credits: 1}
        - {name: above, when: {x: {above: 1}}, credits: 2}
        - {name: higher, when: {x: {above: 1.0004}}, credits: 3}
      """)
    let card = try #require(RateCard.load(files: sample.files).card)
    let proposals = try Proposer(card.model).proposals
    let values = ["above", "higher"].map { rule in
      proposals.first { $0.rule == rule && !$0.isOfRule }?.choices[0].cases
        .map { $0.pairs[0].value.spelling }
    }
    #expect(values == [["0.99", "1", "1.0001"], ["1.0003", "1.0004", "1.0005"]])
  }
}
