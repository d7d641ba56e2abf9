import Ratecard
import RatecardCompiler
import RatecardDiagnostics
import RatecardModel
import RatecardValues
import Testing

@testable import RatecardAnalysis

/// Bounds on changes between random cards of the same attributes are compared with asking both.
@Suite struct ChangeProofTests {
  @Test(arguments: 0..<10)
  func agreesWithAsking(_ block: Int) throws {
    var undecided = 0
    for seed in block * 30..<(block + 1) * 30 {
      let old = AskedCard(RandomPrices(seed: UInt64(seed)))
      let new = AskedCard(RandomPrices(seed: UInt64(seed), variant: 1))
      guard let old, let new else { continue }
      for item in new.card.model.guards {
        if try !check(item, old, new) { undecided += 1 }
      }
    }
    #expect(undecided < 2)
  }

  @Test func nothingChangesInTheSameCard() throws {
    for seed in 0..<60 {
      guard let asked = AskedCard(RandomPrices(seed: UInt64(seed))) else { continue }
      for item in asked.card.model.guards {
        #expect(try check(item, asked, asked), "\(asked.prices.text)")
      }
    }
  }

  /// Holds the proof of a bound against the answers; false where there is none.
  private func check(
    _ item: Guard, _ old: AskedCard, _ new: AskedCard
  ) throws -> Bool {
    var both = new.card.model
    both.costs += old.card.model.costs
    both.adjustments += old.card.model.adjustments
    let space = try Space(both)
    func sheet(_ asked: AskedCard) throws -> PriceSheet {
      let model = asked.card.model
      return try PriceSheet(model, asked.compiled.table, RuleSets(model, in: space), in: space)
    }
    var proof = ChangeProof(
      item, from: try sheet(old), to: try sheet(new),
      scope: space.boxes(item.scope, in: .afterRouting, .holding),
      ownScope: new.compiled.space.boxes(item.scope, in: .afterRouting, .holding))
    switch proof.run() {
    case .proved, .withoutRequests:
      for request in new.answers.keys {
        guard let before = old.credits(request), let after = new.credits(request) else { continue }
        #expect(
          item.holds(request, before, after),
          "\(old.prices.text)\n\(new.prices.text)\n\(request): \(before), then \(after)")
      }
    case .refuted(let refutation):
      let request = try #require(
        refutation.notes.first.flatMap { AskedCard.request(in: $0.message) })
      guard case .success(.priced(let before))? = old.answer(request),
        case .success(.priced(let after))? = new.answer(request)
      else {
        Issue.record("\(refutation) shows no prices")
        return true
      }
      #expect(!item.holds(request, before, after), "\(refutation)")
    case .undecided: return false
    }
    return true
  }
}

extension Guard {
  /// Whether a request that cost `before` may cost `after`.
  fileprivate func holds(
    _ request: [String: String], _ before: Number, _ after: Number
  ) -> Bool {
    guard case .changes(let atMost, let atLeast) = promise, let old = try? Rational(before),
      let new = try? Rational(after), name != "alike" || request["kind"] == "a"
    else { return true }
    if let most = atMost.flatMap({ try? old * Rational($0) }), most < new { return false }
    if let least = atLeast.flatMap({ try? old * Rational($0) }), new < least { return false }
    return true
  }
}
