import RatecardModel
import RatecardValues

extension Price {
  /// Whether it charges nothing, whatever the quantities.
  var isFree: Bool {
    isZero(credits) && isZero(minimum) && rates.allSatisfy { $0.slope == .zero }
  }

  /// Whether `factor` times it is at most another price whatever the quantities, and the two are
  /// not the same; false where they cannot be compared.
  ///
  /// They can when both have plain rates on the same attributes, on quantities rounded and bounded
  /// alike; then it is the flat parts, each rate and the bounds that are compared.
  func isBelow(_ other: Price, times factor: Rational = .one) -> Bool {
    guard isAdjustable == other.isAdjustable, rates.count == other.rates.count else { return false }
    var pairs = [
      (credits ?? .zero, other.credits ?? .zero), (minimum ?? .zero, other.minimum ?? .zero),
    ]
    for (rate, otherRate) in zip(rates, other.rates) {
      guard rate.attribute == otherRate.attribute, rate.rounding == otherRate.rounding,
        rate.atLeast == otherRate.atLeast, rate.atMost == otherRate.atMost,
        let slope = rate.slope, let otherSlope = otherRate.slope
      else { return false }
      pairs.append((slope, otherSlope))
    }
    switch (maximum, other.maximum) {
    case (nil, .some): return false
    case (.some(let own), .some(let limit)): pairs.append((own, limit))
    case (_, nil): break
    }
    let isAtMost = pairs.allSatisfy { own, limit in
      // What has too many digits to be multiplied is not said to be below anything.
      (try? own * factor).map { $0 <= limit } ?? false
    }
    return isAtMost && pairs.contains { $0 != $1 }
  }

  private func isZero(_ amount: Rational?) -> Bool { (amount ?? .zero) == .zero }
}

extension Rate {
  /// The credits of each unit, where it is the same for all.
  fileprivate var slope: Rational? {
    if case .linear(let each) = schedule { return each }
    return nil
  }
}
