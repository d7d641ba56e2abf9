import RatecardCompiler
import RatecardValues

/// The numbers from one place to another, both included.
struct Interval: Hashable, Sendable {
  var lower: Nudged
  /// Nil: there is no end.
  var upper: Nudged?

  /// Every number that is not negative.
  static let everything = Interval(lower: .zero, upper: nil)
  static let zero = Interval(lower: .zero, upper: .zero)

  var isEmpty: Bool { upper.map { $0 < lower } ?? false }

  func intersection(_ other: Interval) -> Interval {
    let uppers = [upper, other.upper].compactMap(\.self)
    return Interval(lower: max(lower, other.lower), upper: uppers.min())
  }

  func contains(_ place: Nudged) -> Bool { lower <= place && upper.map { place <= $0 } ?? true }

  /// The integers of it.
  func amongIntegers() throws(Overflow) -> Interval {
    let first = Nudged(try Rational(integer: lower.ceiling))
    guard let upper else { return Interval(lower: first, upper: nil) }
    return Interval(lower: first, upper: Nudged(try Rational(integer: upper.floor)))
  }
}

extension Interval {
  /// The values of some atoms that follow each other.
  init(_ atoms: Range<Int32>, of domain: NumberDomain) throws(Overflow) {
    var lower = Nudged.zero
    if let cut = domain.lowerCut(of: Int(atoms.lowerBound)) {
      lower = Nudged(try Rational(cut.value), nudge: cut.isAfter ? .one : .zero)
    }
    var upper: Nudged?
    if let cut = domain.upperCut(of: Int(atoms.upperBound) - 1) {
      upper = Nudged(try Rational(cut.value), nudge: cut.isAfter ? .zero : Rational(-1))
    }
    self.init(lower: lower, upper: upper)
    if domain.isInteger { self = try amongIntegers() }
  }
}
