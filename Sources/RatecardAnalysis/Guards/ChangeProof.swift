import RatecardCompiler
import RatecardDiagnostics
import RatecardModel
import RatecardValues

/// `changes`: how far the price of a request may be from its price in the card before.
///
/// What either card refuses or does not price is not compared. Where both round alike, rounding
/// alone breaks no bound: the amount before it has to be beyond the bound as well.
struct ChangeProof {
  /// A multiple of the old price that the new one must not be above, or not below.
  private struct Bound {
    let number: Number
    let factor: Rational
    let isUpper: Bool

    init(_ number: Number, isUpper: Bool) throws {
      self.number = number
      self.isUpper = isUpper
      factor = try Rational(number)
    }

    /// Whether a price that stays the same keeps to it.
    var admitsEqual: Bool { isUpper ? factor >= .one : factor <= .one }

    func isBroken(from old: Rational, to new: Rational) throws(Overflow) -> Bool {
      isUpper ? try old * factor < new : try new < old * factor
    }

    /// What is wrong with a price that breaks it.
    var complaint: String { "\(isUpper ? "more" : "less") than \(number)x" }
  }

  private let item: Guard
  private let prices: PairedPrices
  /// The requests that the guard speaks of, in the new card's own space and in the common one.
  private let scope: (own: [Box], common: [Box])
  /// How many files come before those of the old card.
  private let oldFiles: Int
  private var steps = StepCount()
  private var search = AmountSearch()
  /// Why it is not proved, though no request was found that breaks it.
  private var doubt: Undecided?

  /// The proof of a guard of the new one of two cards.
  init(_ item: Guard, over prices: PairedPrices, oldFiles: Int) {
    self.item = item
    self.prices = prices
    self.oldFiles = oldFiles
    scope = prices.scope(of: item)
  }

  /// Decides it.
  mutating func run() -> GuardProof.Verdict {
    guard case .changes(let atMost, let atLeast) = item.promise else { return .proved }
    do {
      let bounds = [
        try atMost.map { try Bound($0, isUpper: true) },
        try atLeast.map { try Bound($0, isUpper: false) },
      ].compactMap(\.self)
      if let refutation = try refutation(bounds) { return .refuted(refutation) }
      if let doubt { throw doubt }
      return .proved
    } catch {
      return .undecided(GuardProof.words(for: error))
    }
  }

  private mutating func refutation(_ bounds: [Bound]) throws -> Refutation? {
    let suspects = bounds.allSatisfy(\.admitsEqual) ? prices.suspects : [.everything]
    for box in scope.common {
      for part in try prices.parts(of: box, suspects: suspects, &steps) {
        for bound in bounds {
          if let found = try first(part, beyond: bound) { return refutation(found, bound) }
        }
      }
    }
    return nil
  }

  /// A request whose price changes beyond a bound.
  private mutating func first(
    _ part: PairedPrices.Part, beyond bound: Bound
  ) throws -> Both<ServedRequest>? {
    guard let variants = AmountProblem.variants(of: [part.formulas.old, part.formulas.new]) else {
      doubt = .tooManySteps
      return nil
    }
    if let attribute = try unclearAttribute(in: part) {
      doubt = .defaultsDiffer(attribute.name)
      return nil
    }
    for variant in variants {
      do {
        guard let found = try first(part, beyond: bound, variant) else { continue }
        guard found.old.credits.isZero else { return found }
        // A price that was well above 0 shows it better.
        let least = try part.formulas.old.steps.unit * Rational(100)
        return (try? first(part, beyond: bound, variant, atLeast: least)) ?? found
      } catch let undecided as Undecided {
        doubt = undecided
      }
    }
    return nil
  }

  private mutating func first(
    _ part: PairedPrices.Part, beyond bound: Bound, _ variant: Int, atLeast least: Rational? = nil
  ) throws -> Both<ServedRequest>? {
    var problem = try AmountProblem(
      part.attributes, in: part.box, of: prices.space, variant: variant)
    let before: LinearForm
    if bound.isUpper {
      before = try problem.requireFall(
        from: part.formulas.new, times: .one, to: part.formulas.old, times: bound.factor
      ).second
    } else {
      before = try problem.requireFall(
        from: part.formulas.old, times: bound.factor, to: part.formulas.new, times: .one
      ).first
    }
    if let least { problem.require(before, within: Interval(lower: Nudged(least), upper: nil)) }
    let proof = self
    return try search.first(problem) { numbers -> Both<ServedRequest>? in
      guard let values = problem.values(numbers) else { return nil }
      return try proof.request(values, part, beyond: bound)
    }
  }

  /// A quantity that a request of a part may leave out, and that is not the same to both cards then.
  private func unclearAttribute(in part: PairedPrices.Part) throws -> Attribute? {
    try part.attributes.intersection(prices.unclear).sorted().map { prices.space.card[$0] }
      .first { try QuantityRange(of: $0, in: part.box, of: prices.space).mayBeAbsent }
  }

  /// A request of these quantities, asked of both cards, if it breaks a bound.
  private func request(
    _ values: [AttributeID: Number?], _ part: PairedPrices.Part, beyond bound: Bound
  ) throws -> Both<ServedRequest>? {
    let witness = Witness(
      in: part.box, axes: prices.shownAxes, of: prices.space, numbers: values)
    guard let old = ServedRequest(witness, of: prices.sheets.old), old.isPriced,
      let new = ServedRequest(witness, of: prices.sheets.new), new.isPriced,
      new.isInside(scope.own),
      try bound.isBroken(from: Rational(old.credits), to: Rational(new.credits))
    else { return nil }
    let (before, after) = (part.formulas.old, part.formulas.new)
    let isMoreThanRounding =
      try before.steps != after.steps
      || bound.isBroken(from: before.amount(values), to: after.amount(values))
    return isMoreThanRounding ? Both(old, new) : nil
  }

  private func refutation(_ found: Both<ServedRequest>, _ bound: Bound) -> Refutation {
    var notes = [
      prices.sheets.new.note(on: found.new),
      prices.sheets.old.note(on: found.old, priced: "before, it cost").after(files: oldFiles),
    ]
    if found.old.credits.isZero { notes.append(Diagnostic.Note("every multiple of 0 is 0")) }
    return Refutation(
      says: "a request that cost \(found.old.credits) costs \(found.new.credits), "
        + bound.complaint,
      notes: notes)
  }
}

extension Diagnostic.Note {
  /// The note where so many files come before its own.
  fileprivate func after(files count: Int) -> Diagnostic.Note {
    Diagnostic.Note(
      message,
      at: span.map {
        Span(file: FileID(Int($0.file.index) + count), start: Int($0.start), end: Int($0.end))
      })
  }
}
