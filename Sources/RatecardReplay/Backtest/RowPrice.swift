internal import Ratecard
internal import RatecardValues

/// What a card says to a row.
struct RowPrice: BitwiseCopyable {
  /// How it answers.
  enum Kind: UInt8, BitwiseCopyable {
    case priced
    case denied
    /// There is no answer; why, the pricer keeps.
    case failed
  }

  /// The credits, in units of their last decimal.
  var units: Int128
  /// The rule of `costs`, by its place.
  var rule: Int32
  /// How it answers.
  var kind: Kind

  /// No answer.
  static let failed = RowPrice(units: 0, rule: -1, kind: .failed)
}

extension Int128 {
  /// What amounts of units stay below, so that each is a `Number`.
  static let unitLimit: Int128 = 100_000_000_000_000_000_000_000_000_000_000_000_000
}

extension Number {
  /// The number in units of a decimal place; nil: it is finer than that, or does not fit.
  func units(decimals: Int) -> Int128? {
    let shift = exponent + decimals
    if shift == 0 { return significand }
    guard shift > 0, shift <= Number.digitLimit else { return isZero ? 0 : nil }
    var power: Int128 = 1
    for _ in 0..<shift { power &*= 10 }
    let (product, overflows) = significand.multipliedReportingOverflow(by: power)
    return overflows || product >= .unitLimit ? nil : product
  }
}
