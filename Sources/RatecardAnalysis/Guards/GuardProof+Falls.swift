import RatecardCompiler
import RatecardDiagnostics
import RatecardModel
import RatecardValues

/// `never_falls_in`: more of an attribute, everything else the same, never costs less.
///
/// Of a count one unit more is compared, of a quantity any amount more; both requests carry the
/// attribute, meet the guard's conditions and have a price. A part raised alone takes what it gains
/// from the rest of its whole.
extension GuardProof {
  mutating func fall(in attribute: Attribute) throws -> Refutation? {
    let move = Move(attribute)
    let sheet = sheet
    let within = try forEachRegion(
      ofRates: true,
      unlessPlainly: { rule, _ in
        // What multiplies the whole of a price does not turn it around.
        try sheet.scales != nil && sheet.formula(rule, []).plainlyRises(in: attribute.id)
      },
      unless: { formula, _ in try formula.plainlyRises(in: attribute.id) }
    ) { proof, region, formula in
      if try formula.plainlyRises(in: attribute.id) { return nil }
      // First where the rule holds, then where it wins.
      let whole = region.box
      if try proof.plainlyNeverFalls(move, formula, whole, formula, whole) { return nil }
      for box in try proof.sheet.won(by: region.rule, in: whole, &proof.steps) {
        if let found = try proof.fall(move, formula, box, formula, box) {
          return proof.refutation(found, attribute)
        }
      }
      return nil
    }
    if let within { return within }
    guard let axis = space.axis(of: attribute.id, in: .afterRouting),
      scope.count > 1 || sheet.distinguishes(axis)
    else { return nil }
    var steps = steps
    defer { self.steps = steps }
    let landscape = try sheet.landscape(of: scope, for: move, &steps)
    let across = try sheet.firstCrossing(in: landscape, by: move, along: axis, &steps) { crossing in
      let (first, second) = (crossing.first, crossing.second)
      return try fall(
        move, sheet.formula(first), first.box, sheet.formula(second), second.box)
    }
    return across.map { refutation($0, attribute) }
  }

  private func refutation(
    _ found: (ServedRequest, ServedRequest), _ attribute: Attribute
  ) -> Refutation {
    let more = attribute.kind == .count ? "one unit more of" : "more of"
    return Refutation(
      says: "\(more) `\(attribute.name)` costs \(found.1.credits) instead of \(found.0.credits)",
      notes: [sheet.note(on: found.0), sheet.note(on: found.1)])
  }

  private mutating func plainlyNeverFalls(
    _ move: Move, _ first: PriceFormula, _ box: Box, _ second: PriceFormula, _ target: Box
  ) throws -> Bool {
    for problem in try AmountProblem.falls(move, first, box, second, target, space) {
      if try !search.plainlyHasNone(problem) { return false }
    }
    return true
  }

  /// Two requests of which the second has more and costs less.
  private mutating func fall(
    _ move: Move, _ formula: PriceFormula, _ box: Box, _ second: PriceFormula, _ target: Box
  ) throws -> (ServedRequest, ServedRequest)? {
    for problem in try AmountProblem.falls(move, formula, box, second, target, space) {
      let proof = self
      let found = try first(problem) { numbers -> (ServedRequest, ServedRequest)? in
        guard let less = problem.values(numbers),
          let more = problem.values(numbers, afterMove: true),
          let first = proof.request(in: box, numbers: less, where: \.isPriced),
          let second = proof.request(in: target, numbers: more, where: \.isPriced),
          second.credits < first.credits
        else { return nil }
        return (first, second)
      }
      if let found { return found }
    }
    return nil
  }
}
