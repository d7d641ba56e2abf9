import RatecardCompiler
import RatecardDiagnostics
import RatecardModel
import RatecardValues

/// `credits`: bounds on what requests cost.
extension GuardProof {
  /// A request of which the price is not what is promised.
  ///
  /// A rule is looked at where it holds; only where its price could break the promise there is it
  /// worked out where it wins.
  mutating func brokenCredits(_ promise: PromisedCredits) throws -> Refutation? {
    let ranges = try promise.brokenRanges(sheet.steps)
    let (space, sheet) = (space, sheet)
    func isFine(_ formula: PriceFormula, _ box: Box) throws -> Bool {
      let prices = try formula.range(in: box, of: space)
      return ranges.allSatisfy { $0.intersection(prices).isEmpty }
    }
    func isPlainlyFine(_ rule: Int, _ box: Box) throws -> Bool {
      guard let prices = try sheet.plainRange(of: rule, in: box) else { return false }
      return ranges.allSatisfy { $0.intersection(prices).isEmpty }
    }
    return try forEachRegion(
      unlessPlainly: isPlainlyFine, unless: isFine
    ) { proof, region, formula in
      let prices = try formula.range(in: region.box, of: proof.space)
      for range in ranges where !range.intersection(prices).isEmpty {
        guard try proof.mayLie(formula, in: range, region.box) else { continue }
        for box in try proof.sheet.won(by: region.rule, in: region.box, &proof.steps) {
          if let found = try proof.request(formula, in: range, box, breaking: promise) {
            let isTooHigh = range.upper == nil
            let grows = isTooHigh ? try formula.unboundedAttribute(in: box, of: proof.space) : nil
            return proof.refutation(found, promise, grows)
          }
        }
      }
      return nil
    }
  }

  private mutating func mayLie(
    _ formula: PriceFormula, in range: Interval, _ box: Box
  ) throws -> Bool {
    guard let variants = AmountProblem.variants(of: [formula]) else {
      throw Undecided.tooManySteps
    }
    for variant in variants {
      var problem = try AmountProblem(formula.attributes, in: box, of: space, variant: variant)
      try problem.require(problem.amount(of: formula), within: range)
      if try !search.plainlyHasNone(problem) { return true }
    }
    return false
  }

  private mutating func request(
    _ formula: PriceFormula, in range: Interval, _ box: Box, breaking promise: PromisedCredits
  ) throws -> ServedRequest? {
    guard let variants = AmountProblem.variants(of: [formula]) else {
      throw Undecided.tooManySteps
    }
    for variant in variants {
      var problem = try AmountProblem(formula.attributes, in: box, of: space, variant: variant)
      try problem.require(problem.amount(of: formula), within: range)
      let proof = self
      let found = try first(problem) { numbers -> ServedRequest? in
        guard let values = problem.values(numbers) else { return nil }
        return proof.request(in: box, numbers: values) { request in
          request.isPriced && !promise.holds(request.credits)
        }
      }
      if let found { return found }
    }
    return nil
  }

  private func refutation(
    _ request: ServedRequest, _ promise: PromisedCredits, _ grows: AttributeID?
  ) -> Refutation {
    var notes = [sheet.note(on: request)]
    guard case .priced(let credits, _, _) = request.answer else {
      preconditionFailure("a request that breaks a promise of credits has a price")
    }
    if let grows {
      notes.append(
        Diagnostic.Note(
          "there is no highest price: it grows with `\(space.card[grows].name)`, which has no "
            + "bound"))
    }
    return Refutation(says: "a request costs \(credits), not \(promise.words)", notes: notes)
  }
}

extension PriceFormula {
  /// An attribute with which the price grows beyond all bounds in a box; nil: there is a highest
  /// price.
  func unboundedAttribute(in box: Box, of space: Space) throws(Overflow) -> AttributeID? {
    guard factor > .zero, bounds?.isUnbounded ?? true else { return nil }
    if ownBounds?.isUnbounded ?? true, let found = try own.unboundedAttribute(in: box, of: space) {
      return found
    }
    return try added.unboundedAttribute(in: box, of: space)
  }
}

extension PriceFormula.Sum {
  fileprivate func unboundedAttribute(
    in box: Box, of space: Space
  ) throws(Overflow) -> AttributeID? {
    // A whole is named rather than its parts.
    let wholesFirst = charges.sorted { left, right in
      (space.card[left.attribute].partOf == nil ? 0 : 1)
        < (space.card[right.attribute].partOf == nil ? 0 : 1)
    }
    for charge in wholesFirst where charge.factor > .zero {
      let grows =
        switch charge.shape {
        case .rate(let each): each > .zero
        case .curve(let curve): curve.isUnbounded
        case .marginal(let quantity, let total, _): quantity.isUnbounded && total.isUnbounded
        }
      guard grows else { continue }
      var next: Attribute? = space.card[charge.attribute]
      var isUnbounded = true
      while let attribute = next {
        let range = try QuantityRange(of: attribute, in: box, of: space)
        isUnbounded = isUnbounded && range.stretches.contains { $0.upper == nil }
        next = attribute.partOf.map { space.card[$0] }
      }
      if isUnbounded { return charge.attribute }
    }
    return nil
  }
}
