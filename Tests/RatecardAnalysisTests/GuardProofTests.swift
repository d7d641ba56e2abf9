import Ratecard
import RatecardCompiler
import RatecardDiagnostics
import RatecardModel
import RatecardValues
import Testing

@testable import RatecardAnalysis

/// What is proved of random guards is compared with asking a random card all requests of a grid.
@Suite struct GuardProofTests {
  /// How many cards are made for a case.
  static let cards = 40

  @Test(arguments: 0..<10)
  func agreesWithAsking(_ block: Int) throws {
    var undecided: [String] = []
    for seed in block * Self.cards..<(block + 1) * Self.cards {
      guard let asked = AskedCard(RandomPrices(seed: UInt64(seed))) else { continue }
      for index in asked.prices.guards.indices {
        if let reason = try check(index, asked) { undecided.append("\(seed): \(reason)") }
      }
    }
    // Of a hundred cards with four guards each about one guard in fifty such lots is not decided.
    #expect(undecided.count < 2, "\(undecided)")
  }

  /// Holds the proof of a guard against the answers; says why there is none.
  private func check(_ index: Int, _ asked: AskedCard) throws -> String? {
    let item = asked.prices.guards[index]
    var proof = GuardProof(
      asked.card.model.guards[index], of: try asked.sheet(), asked.compiled.sets)
    switch proof.run() {
    case .proved, .withoutRequests:
      if let found = asked.counterexample(to: item) {
        Issue.record("\(asked.prices.text)\nguard \(index) is said to hold, but \(found)")
      }
    case .refuted(let refutation):
      if !asked.breaks(refutation, item) {
        let shown = refutation.notes.map(\.message).joined(separator: "; ")
        Issue.record("\(asked.prices.text)\nguard \(index) is said to fail: \(shown)")
      }
    case .undecided(let reason): return reason
    }
    return nil
  }

  @Test func givesUpWhereItWouldTakeTooLong() throws {
    let asked = try #require(AskedCard(RandomPrices(seed: 3)))
    let sheet = try asked.sheet()
    var verdicts: Set<String> = []
    for item in asked.card.model.guards {
      var proof = GuardProof(item, of: sheet, asked.compiled.sets)
      proof.steps = StepCount(ProofBudget(steps: 0))
      if case .undecided(let reason) = proof.run() { verdicts.insert(reason) }
    }
    #expect(verdicts == ["the rules overlap in too many ways"])
  }
}

extension AskedCard {
  /// A request of the grid that breaks a guard, in words.
  fileprivate func counterexample(to item: RandomPrices.Guard) -> String? {
    for (request, answer) in answers where prices.isMeant(request, item) {
      switch (item.promise, answer) {
      case (.credits(let holds), .success(.priced(let credits))) where !holds(credits):
        return "\(request) costs \(credits)"
      case (.priced, .failure), (.priced, .success(.denied)): return "\(request) has no price"
      case (.denied, .failure), (.denied, .success(.priced)): return "\(request) is not refused"
      case (.neverDenied, .success(.denied)): return "\(request) is refused"
      case (.neverFalls(let attribute), .success(.priced(let credits))):
        for more in increases(of: request, attribute) where prices.isMeant(more, item) {
          guard let other = self.credits(more), other < credits else { continue }
          return "\(request) costs \(credits), and with \(more[attribute] ?? "") \(other)"
        }
      default: break
      }
    }
    return nil
  }

  /// The same request with one unit more, or with any amount more of a quantity.
  private func increases(
    of request: [String: String], _ attribute: String
  ) -> [[String: String]] {
    guard let text = request[attribute] ?? prices.defaultValue(of: attribute) else { return [] }
    let all = prices.values.first { $0.attribute == attribute }?.values ?? []
    return all.compactMap { other in
      guard let other, isIncrease(of: attribute, from: text, to: other) else { return nil }
      var more = request
      more[attribute] = other
      return more
    }
  }

  private func isIncrease(of attribute: String, from less: String, to more: String) -> Bool {
    guard let less = try? Number(parsing: less), let more = try? Number(parsing: more) else {
      return false
    }
    return attribute == "seconds" ? less < more : less.adding(.one) == more
  }

  /// Whether the requests shown break the guard when the card is asked.
  fileprivate func breaks(_ refutation: Refutation, _ item: RandomPrices.Guard) -> Bool {
    let requests = refutation.notes.compactMap { Self.request(in: $0.message) }
    guard let first = requests.first, requests.allSatisfy({ prices.isMeant($0, item) }) else {
      return false
    }
    switch (item.promise, answer(first)) {
    case (.credits(let holds), .success(.priced(let credits))?): return !holds(credits)
    case (.priced, .failure?), (.priced, .success(.denied)?): return true
    case (.denied, .failure?), (.denied, .success(.priced)?): return true
    case (.neverDenied, .success(.denied)?): return true
    case (.neverFalls(let attribute), .success(.priced(let credits))?):
      guard requests.count == 2, case .success(.priced(let other))? = answer(requests[1]),
        let less = first[attribute], let more = requests[1][attribute]
      else { return false }
      return other < credits && isIncrease(of: attribute, from: less, to: more)
        && first.filter { $0.key != attribute } == requests[1].filter { $0.key != attribute }
    default: return false
    }
  }
}
