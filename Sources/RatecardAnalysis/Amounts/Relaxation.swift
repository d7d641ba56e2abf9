import RatecardValues

/// A system with the watched forms in some ranges, its curves exchanged for lines around them.
struct Relaxation {
  /// A place to cut a watched range at.
  private struct Cut {
    let watch: Int
    let place: Nudged
    /// How far the point is from the curve.
    let gap: Rational
    /// Pieces of a curve come before the steps of one, of which there may be no end.
    let rank: Int

    func isLessUrgent(than other: Cut) -> Bool {
      if (gap > .zero) != (other.gap > .zero) { return other.gap > .zero }
      return rank == other.rank ? gap < other.gap : other.rank < rank
    }
  }

  /// A point that the lines admit.
  struct Point {
    /// The values of the system's variables.
    let values: [Nudged]
    /// The ranges, narrowed to what can be.
    let ranges: [Interval]
    private let system: AmountSystem
    /// The values of all variables of the program.
    private let all: [Nudged]
    /// The forms of the symbols.
    private let forms: [LinearForm]
    private let isExact: [Bool]

    fileprivate init(_ relaxation: Relaxation, _ all: [Nudged]) {
      self.all = all
      values = Array(all.prefix(relaxation.ownCount))
      ranges = relaxation.ranges
      system = relaxation.system
      forms = relaxation.forms
      isExact = relaxation.isExact
    }

    /// The watch to narrow next, and the last number of the lower part; nil: nothing is left open.
    func cut() throws(Overflow) -> (watch: Int, place: Nudged)? {
      var best: Cut?
      for (relation, isExact) in zip(system.relations, isExact) where !isExact {
        guard let cut = try cut(at: relation) else { continue }
        if best.map({ $0.isLessUrgent(than: cut) }) ?? true { best = cut }
      }
      if let best, best.gap > .zero { return (best.watch, best.place) }
      for (index, watch) in system.watches.enumerated() where watch.isIntegral {
        let number = try value(of: watch.form)
        guard number.value.denominator != 1 || number.nudge != .zero else { continue }
        return (index, Nudged(try Rational(integer: number.floor)))
      }
      return best.map { ($0.watch, $0.place) }
    }

    /// How to look at a curve more closely; nil: it is one line.
    private func cut(at relation: AmountSystem.Relation) throws(Overflow) -> Cut? {
      let number = try value(of: system.watches[relation.watch].form)
      guard let cut = try relation.curve.cut(of: ranges[relation.watch], near: number) else {
        return nil
      }
      let shown = try value(of: LinearForm(symbol: relation.output)).value
      let difference = try relation.curve.value(at: number) - shown
      return Cut(
        watch: relation.watch, place: cut.place,
        gap: difference < .zero ? try Rational.zero - difference : difference,
        rank: relation.isFinal ? 2 : cut.isStep ? 1 : 0)
    }

    private func value(of form: LinearForm) throws(Overflow) -> Nudged {
      try form.substituting(forms).value(all)
    }
  }

  private let system: AmountSystem
  private var ranges: [Interval]
  /// The ranges of the program's variables: the system's, then those that stand for curves.
  private var variables: [Interval] = []
  private let ownCount: Int
  /// The grids that their values lie on; nil: none.
  private var grids: [Grid?] = []
  /// What each symbol is in these variables.
  private var forms: [LinearForm] = []
  /// Whether the amount of each relation is a line.
  private var isExact: [Bool] = []
  private var conditions: [(form: LinearForm, bound: Nudged)] = []

  /// Nil where it is plain that nothing can be in these ranges.
  init?(_ system: AmountSystem, _ ranges: [Interval]) throws(Overflow) {
    self.system = system
    self.ranges = ranges
    ownCount = system.isOutput.count { !$0 }
    for (isOutput, isIntegral) in zip(system.isOutput, system.isIntegral) {
      forms.append(isOutput ? .zero : LinearForm(symbol: variables.count))
      if isOutput { continue }
      variables.append(.everything)
      grids.append(isIntegral ? .integers : nil)
    }
    for index in system.watches.indices {
      guard try narrowVariables(by: index) else { return nil }
    }
    for (index, relation) in system.relations.enumerated() {
      guard try add(relation, after: system.relations[..<index]) else { return nil }
    }
    for limit in system.limits {
      let form = try limit.form.substituting(forms)
      guard try require(form, atMost: limit.bound) else { return nil }
    }
    for (watch, range) in zip(system.watches, self.ranges) {
      guard try require(watch.form.substituting(forms), within: range) else { return nil }
    }
  }

  /// A point that the lines admit; nil: there is none.
  func point() throws(Overflow) -> Point? {
    var program = LinearProgram(lowers: variables.map(\.lower))
    for condition in conditions {
      try program.require(condition.form, atMost: condition.bound)
    }
    guard let values = try program.point(leastSumOf: ownCount) else { return nil }
    return Point(self, values)
  }

  // MARK: Conditions

  /// Narrows the ranges of variables to what the range of a sum of them leaves.
  private mutating func narrowVariables(by index: Int) throws(Overflow) -> Bool {
    let watched = system.watches[index].form
    let range = ranges[index]
    if range.isEmpty { return false }
    guard watched.terms.allSatisfy({ $0.factor > .zero && !system.isOutput[$0.symbol] }) else {
      return true
    }
    let form = try watched.substituting(forms)
    for term in form.terms {
      if form.terms.count == 1 {
        let lower = try (range.lower - Nudged(form.constant)) * (Rational.one / term.factor)
        variables[term.symbol].lower = max(variables[term.symbol].lower, lower)
        if variables[term.symbol].isEmpty { return false }
      }
      guard let upper = range.upper else { continue }
      let most = try (upper - Nudged(form.constant)) * (Rational.one / term.factor)
      variables[term.symbol] = variables[term.symbol].intersection(
        Interval(lower: .zero, upper: most))
      if variables[term.symbol].isEmpty { return false }
    }
    return true
  }

  /// Adds a condition unless it holds anyway; false when it cannot.
  private mutating func require(
    _ form: LinearForm, atMost bound: Nudged
  ) throws(Overflow) -> Bool {
    if let greatest = try form.greatest(variables), greatest <= bound {
      // The upper ends of ranges are no conditions of the program by themselves.
      let isPlain = form.terms.allSatisfy { $0.factor < .zero }
      if isPlain || form.isConstant { return true }
    }
    if let least = try form.least(variables), bound < least { return false }
    conditions.append((form, bound))
    return true
  }

  private mutating func require(
    _ form: LinearForm, within range: Interval
  ) throws(Overflow) -> Bool {
    if let upper = range.upper, try !require(form, atMost: upper) { return false }
    return try require(form * Rational(-1), atMost: range.lower * Rational(-1))
  }

  // MARK: Curves

  private mutating func add(
    _ relation: AmountSystem.Relation, after earlier: ArraySlice<AmountSystem.Relation>
  ) throws(Overflow) -> Bool {
    let watch = system.watches[relation.watch]
    let form = try watch.form.substituting(forms)
    var range = ranges[relation.watch]
    if let least = try form.least(variables) { range.lower = max(range.lower, least) }
    if let greatest = try form.greatest(variables) {
      range = range.intersection(Interval(lower: range.lower, upper: greatest))
    }
    if watch.isIntegral, !range.isEmpty { range = try range.amongIntegers() }
    if range.isEmpty { return false }
    ranges[relation.watch] = range
    let numbers = try grid(of: form)
    let (lower, upper) = try relation.curve.lines(on: range, numbers)
    isExact.append(lower == upper)
    if lower == upper {
      forms[relation.output] = try (form * lower.slope).adding(
        LinearForm(constant: lower.intercept), times: .one)
      return try order(relation, earlier)
    }
    var output = LinearForm(symbol: variables.count)
    var amounts = try relation.curve.grid(on: range, of: numbers)
    if let below = try lowerNeighbour(of: relation, form, range, earlier) {
      variables.append(.everything)
      output = try output + below
      if let grid = amounts {
        amounts = try self.grid(of: below).map { (below) throws(Overflow) in
          try grid.adding(below, times: Rational(-1))
        }
      }
    } else {
      variables.append(try Self.hull(lower, upper, range))
    }
    grids.append(amounts)
    forms[relation.output] = output
    let above = try (form * lower.slope - output).adding(
      LinearForm(constant: lower.intercept), times: .one)
    let under = try (output - form * upper.slope)
    guard try require(above, atMost: .zero) else { return false }
    return try require(under, atMost: Nudged(upper.intercept))
  }

  /// The grid that the values of a form lie on; nil: they lie on none.
  private func grid(of form: LinearForm) throws(Overflow) -> Grid? {
    var result = Grid(start: form.constant, spacing: .zero)
    for term in form.terms {
      guard let own = grid(ofVariable: term.symbol) else { return nil }
      result = try result.adding(own, times: term.factor)
    }
    return result
  }

  private func grid(ofVariable variable: Int) -> Grid? {
    let range = variables[variable]
    if let upper = range.upper, range.lower == upper, upper.nudge == .zero {
      return Grid(start: upper.value, spacing: .zero)
    }
    return grids[variable]
  }

  /// What lies between two lines on a range, as far as it is not negative.
  private static func hull(
    _ lower: Curve.Line, _ upper: Curve.Line, _ range: Interval
  ) throws(Overflow) -> Interval {
    guard let end = range.upper else {
      let least = lower.slope < .zero ? Rational.zero : try lower(range.lower.value)
      return Interval(lower: max(.zero, Nudged(least)), upper: nil)
    }
    let least = min(try lower(range.lower.value), try lower(end.value))
    let greatest = max(try upper(range.lower.value), try upper(end.value))
    return Interval(lower: max(.zero, Nudged(least)), upper: Nudged(greatest))
  }

  /// The amount of an earlier relation of the same curve whose number is never greater, where the
  /// curve does not fall: then the later amount is no smaller.
  private func lowerNeighbour(
    of relation: AmountSystem.Relation, _ form: LinearForm, _ range: Interval,
    _ earlier: ArraySlice<AmountSystem.Relation>
  ) throws(Overflow) -> LinearForm? {
    for other in earlier.reversed() where other.curve == relation.curve {
      let lower = try system.watches[other.watch].form.substituting(forms)
      guard let least = try (form - lower).least(variables), least >= .zero,
        try isRising(relation.curve, ranges[other.watch], range)
      else { continue }
      return forms[other.output]
    }
    return nil
  }

  /// Adds that an earlier amount of the same curve is no greater, where its number never is.
  private mutating func order(
    _ relation: AmountSystem.Relation, _ earlier: ArraySlice<AmountSystem.Relation>
  ) throws(Overflow) -> Bool {
    let form = try system.watches[relation.watch].form.substituting(forms)
    for other in earlier where other.curve == relation.curve {
      let lower = try system.watches[other.watch].form.substituting(forms)
      guard let least = try (form - lower).least(variables), least >= .zero,
        try isRising(relation.curve, ranges[other.watch], ranges[relation.watch])
      else { continue }
      let difference = try forms[other.output] - forms[relation.output]
      guard try require(difference, atMost: .zero) else { return false }
    }
    return true
  }

  private func isRising(
    _ curve: Curve, _ first: Interval, _ second: Interval
  ) throws(Overflow) -> Bool {
    var hull = Interval(lower: min(first.lower, second.lower), upper: nil)
    if let left = first.upper, let right = second.upper { hull.upper = max(left, right) }
    return try curve.isRising(on: hull)
  }
}
