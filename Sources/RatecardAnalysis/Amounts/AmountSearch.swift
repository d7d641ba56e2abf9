import RatecardCompiler
import RatecardValues

/// Why nothing is known after a search.
enum Undecided: Error {
  /// It took more steps than it may.
  case tooManySteps
  /// What was found is no request after all.
  case unconfirmed
  /// Two cards take the lack of an attribute for different values.
  case defaultsDiffer(String)
}

/// Finds numbers that do what a system asks, or proves that there are none.
///
/// Where all amounts are straight lines a linear program decides. Elsewhere lines above and below a
/// curve stand for it: where not even they can be met there is nothing, and a point that meets them
/// is tried. Then the range is cut in two, so that less of the curves is left around the point.
struct AmountSearch {
  /// The ranges that all calls together may still look at, not counting the one each begins with.
  private var cutsLeft: Int
  /// The most that a single call may look at.
  private let mostCuts: Int
  private var cutsOfThis = 0

  init(cuts: Int = 4_000, atOnce mostCuts: Int = 1_000) {
    cutsLeft = cuts
    self.mostCuts = mostCuts
  }

  /// What `confirm` makes of the first numbers that it accepts, one for each variable; nil: no
  /// numbers do what is asked.
  mutating func first<Found>(
    _ problem: AmountProblem, confirm: ([Number]) throws -> Found?
  ) throws -> Found? {
    let system = problem.system
    cutsOfThis = 0
    guard var queue = try problem.starts() else { throw Undecided.tooManySteps }
    var isConfirmed = true
    var next = 0
    while next < queue.count {
      let ranges = queue[next]
      if next > 0 { try countCut() }
      next += 1
      guard let point = try Relaxation(system, ranges)?.point() else { continue }
      for numbers in candidates(point.values, system) {
        if let found = try confirm(numbers) { return found }
      }
      guard let (watch, place) = try point.cut() else {
        isConfirmed = false
        continue
      }
      queue += try halves(point.ranges, system, watch, place)
    }
    if !isConfirmed { throw Undecided.unconfirmed }
    return nil
  }

  /// Whether no numbers do what is asked, as far as a first look tells.
  mutating func plainlyHasNone(_ problem: AmountProblem) throws -> Bool {
    cutsOfThis = 0
    guard let starts = try problem.starts() else { return false }
    for (index, ranges) in starts.enumerated() {
      if index > 0 { try countCut() }
      if try Relaxation(problem.system, ranges)?.point() != nil { return false }
    }
    return true
  }

  private mutating func countCut() throws {
    cutsLeft -= 1
    cutsOfThis += 1
    if cutsLeft < 0 || cutsOfThis > mostCuts { throw Undecided.tooManySteps }
  }

  private func halves(
    _ ranges: [Interval], _ system: AmountSystem, _ watch: Int, _ place: Nudged
  ) throws -> [[Interval]] {
    let range = ranges[watch]
    var lower = Interval(lower: range.lower, upper: place)
    var upper = Interval(lower: place.justAbove, upper: range.upper)
    if system.watches[watch].isIntegral {
      lower = try lower.amongIntegers()
      upper = try upper.amongIntegers()
    }
    return [lower, upper].filter { !$0.isEmpty }.map { half in
      var result = ranges
      result[watch] = half
      return result
    }
  }

  /// Numbers that requests can carry at a point or close to it.
  private func candidates(_ values: [Nudged], _ system: AmountSystem) -> [[Number]] {
    let isIntegral = system.isOutput.indices.filter { !system.isOutput[$0] }
      .map { system.isIntegral[$0] }
    let hasNudge = values.contains { $0.nudge != .zero }
    var found: [[Number]] = []
    for exponent in hasNudge ? [0, 1, 2, 3, 6, 9, 12, 18] : [0] {
      for mode in [RoundingMode.down, .up] {
        var numbers: [Number] = []
        for (value, isIntegral) in zip(values, isIntegral) {
          guard let step = Number(significand: 1, exponent: -exponent),
            let size = try? Rational(step), let place = try? value.value + value.nudge * size,
            let number = try? place.rounded(decimals: isIntegral ? 0 : 20, mode)
          else { break }
          numbers.append(number)
        }
        guard numbers.count == values.count, !found.contains(numbers),
          (try? system.admits(numbers)) ?? false
        else { continue }
        found.append(numbers)
      }
    }
    return found
  }
}
