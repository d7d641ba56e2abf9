import RatecardValues

/// Numbers to be found, and what is asked of them: linear conditions, and amounts that are curves of
/// other amounts.
///
/// A symbol is a variable, which is 0 or more and may be chosen, or the output of a curve.
struct AmountSystem {
  /// A form that must lie in a range; a search narrows the range.
  struct Watch {
    let form: LinearForm
    let isIntegral: Bool
    var range: Interval
  }

  /// A symbol that is a curve of a watched form.
  struct Relation {
    let watch: Int
    let curve: Curve
    let output: Int
    /// Whether it is the rounding of a whole price: it is looked at more closely when all else is
    /// settled, since it goes on for ever in the same way.
    let isFinal: Bool
  }

  /// A form that is at most some number.
  struct Limit {
    let form: LinearForm
    let bound: Nudged
  }

  /// Whether each symbol is the output of a curve.
  private(set) var isOutput: [Bool] = []
  /// Whether each symbol is an integer.
  private(set) var isIntegral: [Bool] = []
  private(set) var watches: [Watch] = []
  private(set) var relations: [Relation] = []
  private(set) var limits: [Limit] = []

  /// A new variable.
  mutating func variable(isIntegral: Bool) -> LinearForm {
    isOutput.append(false)
    self.isIntegral.append(isIntegral)
    return LinearForm(symbol: isOutput.count - 1)
  }

  /// Watches a form; what is watched already is narrowed.
  @discardableResult
  mutating func watch(
    _ form: LinearForm, isIntegral: Bool = false, within range: Interval = .everything
  ) -> Int {
    if let known = watches.firstIndex(where: { $0.form == form }) {
      watches[known].range = watches[known].range.intersection(range)
      return known
    }
    watches.append(Watch(form: form, isIntegral: isIntegral, range: range))
    return watches.count - 1
  }

  /// The amount that a curve makes of a form; the form keeps to where the curve has amounts.
  mutating func amount(
    of form: LinearForm, by curve: Curve, isIntegral: Bool = false, isFinal: Bool = false
  ) throws(Overflow) -> LinearForm {
    let domain = try curve.domain() ?? Interval(lower: .zero, upper: Nudged.zero.justBelow)
    let watch = watch(form, isIntegral: isIntegral, within: domain)
    if let known = relations.first(where: { $0.watch == watch && $0.curve == curve }) {
      return LinearForm(symbol: known.output)
    }
    isOutput.append(true)
    self.isIntegral.append(false)
    relations.append(
      Relation(watch: watch, curve: curve, output: isOutput.count - 1, isFinal: isFinal))
    return LinearForm(symbol: isOutput.count - 1)
  }

  /// Asks that a form is at most `bound`.
  mutating func require(_ form: LinearForm, atMost bound: Nudged) {
    limits.append(Limit(form: form, bound: bound))
  }

  /// Whether numbers for the variables are in all ranges that speak of variables alone.
  func admits(_ numbers: [Number]) throws(Overflow) -> Bool {
    var values: [Nudged] = []
    for number in numbers { values.append(Nudged(try Rational(number))) }
    for watch in watches where watch.form.terms.allSatisfy({ !isOutput[$0.symbol] }) {
      guard watch.range.contains(try watch.form.value(values)) else { return false }
    }
    return true
  }
}
