import RatecardCompiler
import RatecardDiagnostics
import RatecardEngine
import RatecardModel
import RatecardValues

/// `denied`, `never_denied` and `priced`: what kind of answer requests get.
extension GuardProof {
  /// A request that is not refused.
  mutating func requestNotRefused() throws -> Refutation? {
    for box in scope {
      for piece in try steps.pieces(of: box, by: sheet.costs, in: space) {
        if let rule = piece.winner, sheet.isDenial(rule) { continue }
        let found = request(in: piece.box) { request in
          if case .refused = request.answer { false } else { true }
        }
        guard let found else {
          noteUnconfirmed()
          continue
        }
        let says =
          if case .priced(let credits, _, _) = found.answer {
            "a request is not refused, it costs \(credits)"
          } else {
            "a request is not refused, it has no price"
          }
        return Refutation(says: says, notes: [sheet.note(on: found)])
      }
    }
    return nil
  }

  /// A request that is refused.
  mutating func refusedRequest() throws -> Refutation? {
    for box in scope {
      for (index, rule) in sheet.costs.rules.enumerated() where rule.isDenial {
        for holds in rule.holds {
          guard let common = holds.intersection(box), let tight = space.tightened(common) else {
            continue
          }
          for won in try sheet.won(by: index, in: tight, &steps) {
            let found = request(in: won) { request in
              if case .refused = request.answer { true } else { false }
            }
            guard let found else {
              noteUnconfirmed()
              continue
            }
            return Refutation(says: "a request is refused", notes: [sheet.note(on: found)])
          }
        }
      }
    }
    return nil
  }

  /// A request that has no price: a refused one, one for which no rule holds, and one that the price
  /// of its rule does not reach.
  mutating func requestWithoutPrice() throws -> Refutation? {
    if let refutation = try refusedRequest() { return refutation }
    if let found = try requestWithoutRule() ?? requestPastPrices() {
      return Refutation(says: "a request has no price", notes: [sheet.note(on: found)])
    }
    return nil
  }

  private mutating func requestWithoutRule() throws -> ServedRequest? {
    let rules = sheet.costs.rules.flatMap(\.holds)
    var rooms = RoomSearch(space)
    for box in scope {
      guard let room = try rooms.room(in: box, outside: rules) else { continue }
      if let found = request(in: room, where: \.hasNoPrice) { return found }
      noteUnconfirmed()
    }
    return nil
  }

  /// A request past the last band of its price, or without the number that bands are entered by.
  private mutating func requestPastPrices() throws -> ServedRequest? {
    var found: ServedRequest?
    _ = try forEachRegion(
      ofRates: true,
      unless: { formula, _ in
        formula.charges.allSatisfy { if case .rate = $0.shape { true } else { false } }
      }
    ) { proof, region, formula in
      for charge in formula.charges {
        for asksForStart in [false, true] {
          guard let problem = try proof.problem(charge, asksForStart, region.box),
            try !proof.search.plainlyHasNone(problem)
          else { continue }
          for box in try proof.sheet.won(by: region.rule, in: region.box, &proof.steps) {
            guard let problem = try proof.problem(charge, asksForStart, box) else { continue }
            let now = proof
            found = try proof.first(problem) { numbers in
              guard let values = problem.values(numbers) else { return nil }
              return now.request(in: box, numbers: values, where: \.hasNoPrice)
            }
            if found != nil { return Refutation(says: "", notes: []) }
          }
        }
      }
      return nil
    }
    return found
  }

  private func problem(
    _ charge: PriceFormula.Charge, _ asksForStart: Bool, _ box: Box
  ) throws -> AmountProblem? {
    var attributes: Set<AttributeID> = [charge.attribute]
    if case .marginal(_, _, let after) = charge.shape { attributes.insert(after) }
    var problem = try AmountProblem(attributes, in: box, of: space)
    let isPossible =
      asksForStart ? try problem.omitStart(of: charge) : try problem.exceed(charge)
    return isPossible ? problem : nil
  }
}

extension ServedRequest {
  /// Whether the answer is that there is no price, and not for its being too large.
  fileprivate var hasNoPrice: Bool {
    switch answer {
    case .priced, .refused, .failed(.overflow): false
    case .failed: true
    }
  }
}
