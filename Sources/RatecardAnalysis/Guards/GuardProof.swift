import RatecardCompiler
import RatecardDiagnostics
import RatecardEngine
import RatecardModel
import RatecardValues

/// The proof of one guard for all requests that meet its conditions, or a request that breaks it.
struct GuardProof {
  /// What came of it.
  enum Verdict {
    case proved
    case refuted(Refutation)
    /// Nothing is known, and why.
    case undecided(String)
    /// No request meets the conditions.
    case withoutRequests
  }

  let sheet: PriceSheet
  let item: Guard
  /// The requests that the guard speaks of.
  let scope: [Box]
  /// The steps that all its searches may take together.
  var steps: StepCount
  var search = AmountSearch()
  /// Why it is not proved, though no request was found that breaks it.
  private var doubt: Undecided?

  /// The proof of a guard of a card over that card's own requests.
  init(_ item: Guard, of sheet: PriceSheet, _ sets: RuleSets) {
    self.sheet = sheet
    self.item = item
    steps = StepCount(rules: sheet.costs.rules.count)
    scope = Self.scope(of: item, sheet, sets)
  }

  var space: Space { sheet.space }

  /// Decides it.
  mutating func run() -> Verdict {
    if scope.isEmpty { return .withoutRequests }
    do {
      if let refutation = try refutation() { return .refuted(refutation) }
      if let doubt { throw doubt }
      return .proved
    } catch {
      return .undecided(Self.words(for: error))
    }
  }

  private mutating func refutation() throws -> Refutation? {
    switch item.promise {
    case .credits(let matcher): return try brokenCredits(PromisedCredits(matcher))
    case .neverFallsIn(let attributes):
      for attribute in attributes {
        if let refutation = try fall(in: space.card[attribute]) { return refutation }
      }
      return nil
    case .denied: return try requestNotRefused()
    case .neverDenied: return try refusedRequest()
    case .priced: return try requestWithoutPrice()
    case .changes: return nil
    }
  }

  /// The requests that meet the conditions of a guard.
  static func scope(of item: Guard, _ sheet: PriceSheet, _ sets: RuleSets) -> [Box] {
    let requests = sheet.requests(sets)
    return sheet.space.boxes(item.scope, in: .afterRouting, .holding).compactMap { box in
      box.intersection(requests).flatMap(sheet.space.tightened)
    }
  }

  /// Axes on which a request that is shown has a value where it can.
  var shownAxes: [Int] {
    guard sheet.plan.costsNeedTier else { return [] }
    return [space.axis(of: .tier, in: .afterRouting)].compactMap(\.self)
  }

  /// One request of a box, if what is shown of it really lies in the guard's scope and `isWanted`.
  func request(
    in box: Box, numbers: [AttributeID: Number?] = [:], where isWanted: (ServedRequest) -> Bool
  ) -> ServedRequest? {
    let witness = Witness(in: box, axes: shownAxes, of: space, numbers: numbers)
    guard let request = ServedRequest(witness, of: sheet), request.isInside(scope),
      isWanted(request)
    else { return nil }
    return request
  }

  /// What a search finds; that it came to no end is kept for the end, as another may find something.
  mutating func first<Found>(
    _ problem: AmountProblem, confirm: ([Number]) throws -> Found?
  ) throws -> Found? {
    do {
      return try search.first(problem, confirm: confirm)
    } catch let undecided as Undecided {
      doubt = undecided
      return nil
    }
  }

  /// Keeps in mind that something was found which no request shows.
  mutating func noteUnconfirmed() { doubt = .unconfirmed }

  /// What `body` finds first in the parts of the scope in which a rule holds, whether or not it
  /// wins, and the same adjustments apply.
  ///
  /// Where `isFine` of all prices that a rule may have in a box, nothing is looked for there; nor where
  /// `isPlainlyFine` of the rule, which is asked first. With `ofRates` prices to which no quantity
  /// matters are fine.
  mutating func forEachRegion(
    ofRates: Bool = false,
    unlessPlainly isPlainlyFine: (Int, Box) throws -> Bool = { _, _ in false },
    unless isFine: (PriceFormula, Box) throws -> Bool = { _, _ in false },
    _ body: (inout GuardProof, PriceSheet.Region, PriceFormula) throws -> Refutation?
  ) throws -> Refutation? {
    for box in scope {
      // By their places, since a rule is costly to copy.
      for index in sheet.costs.rules.indices where !sheet.isDenial(index) {
        if ofRates, sheet.isFlat(index) { continue }
        for holds in sheet.costs.rules[index].holds {
          guard let common = holds.intersection(box), let tight = space.tightened(common) else {
            continue
          }
          if (try? isPlainlyFine(index, tight)) ?? false { continue }
          // What cannot be told of the whole box may still be told of its parts.
          let isAllFine = try sheet.adjustments(to: index, in: tight, &steps).allSatisfy {
            (try? isFine(sheet.formula(index, $0), tight)) ?? false
          }
          if isAllFine { continue }
          for region in try sheet.divided(tight, by: index, &steps) {
            if let refutation = try body(&self, region, sheet.formula(region)) {
              return refutation
            }
          }
        }
      }
    }
    return nil
  }

  static func words(for error: any Error) -> String {
    switch error {
    case is RoomSearch.GaveUp: "the rules overlap in too many ways"
    case Undecided.tooManySteps: "the prices have too many steps to look at"
    case Undecided.unconfirmed:
      "what would break it has values that no request seems to have together"
    case Undecided.defaultsDiffer(let name):
      "a request without `\(name)` is priced by another default than before"
    case let failure as DifferenceFailure: failure.description
    default: "its amounts are too large or too fine to be compared exactly"
    }
  }
}
