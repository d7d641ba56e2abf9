import RatecardCompiler
import RatecardDiagnostics
import RatecardModel
import RatecardValues

/// `changes`: how far the price of a request may be from its price in the card before.
///
/// Both cards' prices are sheets over one space, in which the requests of both are told apart. What
/// either card refuses or does not price is not compared.
struct ChangeProof {
  private let item: Guard
  private let old: PriceSheet
  private let new: PriceSheet
  /// The requests that the guard speaks of, in the common space.
  private let scope: [Box]
  /// The same in the new card's own space.
  private let ownScope: [Box]
  private var steps = StepCount()
  private var search = AmountSearch()
  private var doubt: Undecided?

  init(
    _ item: Guard, from old: PriceSheet, to new: PriceSheet, scope: [Box], ownScope: [Box]
  ) {
    self.item = item
    self.old = old
    self.new = new
    self.scope = scope
    self.ownScope = ownScope
  }

  /// Decides it.
  mutating func run() -> GuardProof.Verdict {
    guard case .changes(let atMost, let atLeast) = item.promise else { return .proved }
    if scope.isEmpty { return .withoutRequests }
    do {
      if let refutation = try refutation(atMost, atLeast) { return .refuted(refutation) }
      if let doubt { throw doubt }
      return .proved
    } catch {
      return .undecided(GuardProof.words(for: error))
    }
  }

  private mutating func refutation(_ atMost: Number?, _ atLeast: Number?) throws -> Refutation? {
    for box in scope {
      let before = try old.regions(of: box, &steps)
      let after = try new.regions(of: box, &steps)
      for (left, right) in OverlapJoin((before + after).map(\.box)).pairs() {
        let (first, second) = (min(left, right), max(left, right))
        guard first < before.count, second >= before.count else { continue }
        let (last, next) = (before[first], after[second - before.count])
        guard let common = last.box.intersection(next.box), old.space.isPossible(common) else {
          continue
        }
        if let found = try change(common, last, next, atMost, atLeast) { return found }
      }
    }
    return nil
  }

  private mutating func change(
    _ box: Box, _ last: PriceSheet.Region, _ next: PriceSheet.Region, _ atMost: Number?,
    _ atLeast: Number?
  ) throws -> Refutation? {
    let before = try old.formula(last)
    let after = try new.formula(next)
    if let atMost {
      let factor = try Rational(atMost)
      let found = try first(box, after, .one, before, factor) { old, new in
        try new > old * factor
      }
      if let found { return refutation(found, "more than \(atMost)x") }
    }
    if let atLeast, !atLeast.isZero {
      let factor = try Rational(atLeast)
      let found = try first(box, before, factor, after, .one) { old, new in
        try new < old * factor
      }
      if let found { return refutation(found, "less than \(atLeast)x") }
    }
    return nil
  }

  /// A request whose second price is below the first one, each times its factor.
  private mutating func first(
    _ box: Box, _ high: PriceFormula, _ highFactor: Rational, _ low: PriceFormula,
    _ lowFactor: Rational, isBroken: (_ old: Rational, _ new: Rational) throws -> Bool
  ) throws -> (old: ServedRequest, new: ServedRequest)? {
    guard let variants = AmountProblem.variants(of: [high, low]) else {
      throw Undecided.tooManySteps
    }
    let attributes = high.attributes.union(low.attributes)
    for variant in variants {
      var problem = try AmountProblem(attributes, in: box, of: new.space, variant: variant)
      // A factor of 0 leaves any price above 0 too high.
      try problem.requireFall(from: high, times: highFactor, to: low, times: lowFactor)
      do {
        let found = try search.first(problem) { numbers -> (ServedRequest, ServedRequest)? in
          guard let values = problem.values(numbers) else { return nil }
          let witness = Witness(in: box, axes: [], of: new.space, numbers: values)
          guard let before = ServedRequest(witness, of: old), before.isPriced,
            let after = ServedRequest(witness, of: new), after.isPriced,
            after.isInside(ownScope),
            try isBroken(Rational(before.credits), Rational(after.credits))
          else { return nil }
          return (before, after)
        }
        if let found { return (found.0, found.1) }
      } catch let undecided as Undecided {
        doubt = undecided
      }
    }
    return nil
  }

  private func refutation(
    _ found: (old: ServedRequest, new: ServedRequest), _ bound: String
  ) -> Refutation {
    // Places of the old card lie in other files.
    let before = Diagnostic.Note("before: \(old.note(on: found.old).message)")
    return Refutation(
      says: "a request that cost \(found.old.credits) costs \(found.new.credits), \(bound)",
      notes: [new.note(on: found.new), before])
  }
}
