package import RatecardValues

/// A place between numbers: just before or just after a value.
///
/// Ranges begin and end at cuts, so that "at least", "above", "below" and "at most" need no open or
/// closed ends.
package struct Cut: Hashable, Comparable {
  package let value: Number
  package let isAfter: Bool

  package static func before(_ value: Number) -> Cut { Cut(value: value, isAfter: false) }
  package static func after(_ value: Number) -> Cut { Cut(value: value, isAfter: true) }

  package static func < (left: Cut, right: Cut) -> Bool {
    left.value == right.value ? !left.isAfter && right.isAfter : left.value < right.value
  }

  /// The same cut among integers, where "after 5" and "before 6" are one place.
  package func amongIntegers() -> Cut {
    guard let floor = value.floor() else { return self }
    if !isAfter && value.isInteger { return self }
    return Number(significand: floor + 1, exponent: 0).map(Cut.before) ?? self
  }
}
