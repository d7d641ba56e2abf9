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
  var steps = StepCount()
  var search = AmountSearch()
  /// Whether something was found that no request shows.
  private var hasUnconfirmed = false

  /// The proof of a guard of a card over that card's own requests.
  init(_ item: Guard, of sheet: PriceSheet, _ sets: RuleSets) {
    self.sheet = sheet
    self.item = item
    scope = Self.scope(of: item, sheet, sets)
  }

  var space: Space { sheet.space }

  /// Decides it.
  mutating func run() -> Verdict {
    if scope.isEmpty { return .withoutRequests }
    do {
      if let refutation = try refutation() { return .refuted(refutation) }
      if hasUnconfirmed { throw Undecided.unconfirmed }
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
  ///
  /// Where costs look at the tier, a request without one is none, unless rules of `tiers` leave it
  /// so.
  static func scope(of item: Guard, _ sheet: PriceSheet, _ sets: RuleSets) -> [Box] {
    let space = sheet.space
    let boxes = space.boxes(item.scope, in: .afterRouting, .holding)
    guard sheet.table.layout.costsNeedTier, let axis = space.axis(of: .tier, in: .afterRouting)
    else { return boxes }
    var search = RoomSearch(space)
    let tiers = sets.tiers.rules.flatMap(\.holds)
    // When the search gives up a tier may be missing for all we know.
    if (try? search.room(in: .everything, outside: tiers)) ?? nil != nil { return boxes }
    return boxes.compactMap { box in
      var box = box
      box.restrict(axis, to: space.axes[axis].present)
      return space.tightened(box)
    }
  }

  /// Axes on which a request that is shown has a value where it can.
  var shownAxes: [Int] {
    guard sheet.table.layout.costsNeedTier else { return [] }
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

  /// What a search finds; that it found something which no request shows is kept for the end.
  mutating func first<Found>(
    _ problem: AmountProblem, confirm: ([Number]) throws -> Found?
  ) throws -> Found? {
    do {
      return try search.first(problem, confirm: confirm)
    } catch Undecided.unconfirmed {
      hasUnconfirmed = true
      return nil
    }
  }

  mutating func noteUnconfirmed() { hasUnconfirmed = true }

  /// What `body` finds first in the parts of the scope in which a rule holds, whether or not it
  /// wins, and the same adjustments apply.
  mutating func forEachRegion(
    _ body: (inout GuardProof, PriceSheet.Region, PriceFormula) throws -> Refutation?
  ) throws -> Refutation? {
    for box in scope {
      for (index, rule) in sheet.costs.rules.enumerated() where !sheet.isDenial(index) {
        for holds in rule.holds {
          guard let common = holds.intersection(box), let tight = space.tightened(common) else {
            continue
          }
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
    default: "its amounts are too large or too fine to be compared exactly"
    }
  }
}
