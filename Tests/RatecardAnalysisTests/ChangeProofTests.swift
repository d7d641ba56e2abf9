import Ratecard
import RatecardCompiler
import RatecardDiagnostics
import RatecardModel
import RatecardValues
import Testing

@testable import RatecardAnalysis

/// Bounds on change are compared with asking both of two random cards all requests of a grid.
@Suite struct ChangeProofTests {
  /// What came of the guards of some pairs of cards.
  private struct Tally {
    var held = 0
    var broken = 0
    var undecided: [String] = []
  }

  /// Cards of the same attributes that say something else, of rates, parts, bands and adjustments.
  @Test(arguments: 0..<6)
  func agreesWithAsking(_ block: Int) throws {
    var tally = Tally()
    for seed in block * 30..<(block + 1) * 30 {
      let old = AskedCard(RandomPrices(seed: UInt64(seed)))
      let new = AskedCard(
        RandomPrices(seed: UInt64(seed), variant: 1, sharesCosts: seed.isMultiple(of: 2)))
      guard let old, let new else { continue }
      try check(old, new, &tally)
    }
    #expect(tally.held > 3 && tally.broken > 10)
    #expect(tally.undecided.count < 2, "\(tally.undecided)")
  }

  @Test func nothingChangesInTheSameCard() throws {
    var tally = Tally()
    for seed in 0..<30 {
      guard let asked = AskedCard(RandomPrices(seed: UInt64(seed))) else { continue }
      try check(asked, asked, &tally)
    }
    #expect(tally.broken == 0 && tally.undecided.isEmpty && tally.held > 60)
  }

  /// Rounding otherwise is a change of prices as well.
  @Test(arguments: 0..<2)
  func otherRoundingsChangePrices(_ block: Int) throws {
    var tally = Tally()
    for seed in block * 20..<(block + 1) * 20 {
      let prices = RandomPrices(seed: UInt64(seed))
      guard let old = AskedCard(prices),
        let new = AskedCard(prices.withDecimals((prices.decimals + 1) % 3))
      else { continue }
      try check(old, new, &tally)
    }
    #expect(tally.held > 3 && tally.broken > 3)
    #expect(tally.undecided.count < 2, "\(tally.undecided)")
  }

  private func check(_ old: AskedCard, _ new: AskedCard, _ tally: inout Tally) throws {
    let prices = try PairedPrices(
      Both(old.card.model, new.card.model), Both(old.compiled.table, new.compiled.table))
    // Where both round alike, so do cards that do not round.
    let roundsAlike = prices.sheets.old.steps == prices.sheets.new.steps
    let exact =
      roundsAlike ? (old: try #require(old.unrounded), new: try #require(new.unrounded)) : nil
    for item in new.card.model.guards where item.boundsChanges {
      var proof = ChangeProof(item, over: prices, oldFiles: 1)
      switch proof.run() {
      case .proved:
        tally.held += 1
        let broken = new.answers.keys.first { request in
          item.isBroken(by: request, old, new)
            && exact.map { item.isBroken(by: request, $0.old, $0.new) } ?? true
        }
        #expect(broken == nil, "`\(item.name)`\n\(old.prices.text)\n\(new.prices.text)")
      case .refuted(let refutation):
        tally.broken += 1
        let request = try #require(
          refutation.notes.first.flatMap { AskedCard.request(in: $0.message) })
        #expect(
          item.isBroken(by: request, old, new)
            && exact.map { item.isBroken(by: request, $0.old, $0.new) } ?? true, "\(refutation)")
      case .undecided(let reason): tally.undecided.append(reason)
      case .withoutRequests: Issue.record("a guard on change is no guard of one card")
      }
    }
  }
}

extension Guard {
  /// Whether both cards price a request, and the guard does not let the new price be.
  fileprivate func isBroken(
    by request: [String: String], _ old: AskedCard, _ new: AskedCard
  ) -> Bool {
    func credits(_ asked: AskedCard) -> Number? {
      guard case .success(.priced(let credits))? = asked.answers[request] ?? asked.answer(request)
      else { return nil }
      return credits
    }
    guard let before = credits(old), let after = credits(new) else { return false }
    return !holds(request, before, after)
  }

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
