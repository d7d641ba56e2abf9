import RatecardValues

/// A constant and multiples of symbols: what each symbol stands for is its user's matter.
struct LinearForm: Hashable, Sendable {
  struct Term: Hashable, Sendable {
    let symbol: Int
    let factor: Rational
  }

  var constant: Rational
  /// By symbol, ascending; no factor is 0.
  private(set) var terms: [Term] = []

  static let zero = LinearForm(constant: .zero)

  init(constant: Rational) { self.constant = constant }

  init(symbol: Int) {
    constant = .zero
    terms = [Term(symbol: symbol, factor: .one)]
  }

  var isConstant: Bool { terms.isEmpty }

  /// The factor of a symbol; 0 where it does not stand.
  subscript(symbol: Int) -> Rational {
    terms.first { $0.symbol == symbol }?.factor ?? .zero
  }

  static func + (left: LinearForm, right: LinearForm) throws(Overflow) -> LinearForm {
    try left.adding(right, times: .one)
  }

  static func - (left: LinearForm, right: LinearForm) throws(Overflow) -> LinearForm {
    try left.adding(right, times: Rational(-1))
  }

  static func * (left: LinearForm, right: Rational) throws(Overflow) -> LinearForm {
    try LinearForm.zero.adding(left, times: right)
  }

  func adding(_ other: LinearForm, times factor: Rational) throws(Overflow) -> LinearForm {
    if factor == .zero { return self }
    var result = LinearForm(constant: try constant + other.constant * factor)
    result.terms.reserveCapacity(terms.count + other.terms.count)
    var place = 0
    for term in other.terms {
      while place < terms.count, terms[place].symbol < term.symbol {
        result.terms.append(terms[place])
        place += 1
      }
      var sum = try term.factor * factor
      if place < terms.count, terms[place].symbol == term.symbol {
        sum = try sum + terms[place].factor
        place += 1
      }
      if sum != .zero { result.terms.append(Term(symbol: term.symbol, factor: sum)) }
    }
    result.terms += terms[place...]
    return result
  }

  /// The form with each symbol exchanged for the form at its place.
  func substituting(_ forms: [LinearForm]) throws(Overflow) -> LinearForm {
    var result = LinearForm(constant: constant)
    for term in terms { result = try result.adding(forms[term.symbol], times: term.factor) }
    return result
  }

  /// Its value where the symbols have values.
  func value(_ values: [Nudged]) throws(Overflow) -> Nudged {
    var result = Nudged(constant)
    for term in terms { result = try result + values[term.symbol] * term.factor }
    return result
  }

  /// What it is no less than where each symbol lies in its range; nil: it has no lower end.
  func least(_ ranges: [Interval]) throws(Overflow) -> Nudged? {
    var result = Nudged(constant)
    for term in terms {
      let range = ranges[term.symbol]
      guard let end = term.factor > .zero ? range.lower : range.upper else { return nil }
      result = try result + end * term.factor
    }
    return result
  }

  /// What it is no more than where each symbol lies in its range; nil: it has no upper end.
  func greatest(_ ranges: [Interval]) throws(Overflow) -> Nudged? {
    try (self * Rational(-1)).least(ranges).map { (least) throws(Overflow) in
      try least * Rational(-1)
    }
  }
}
