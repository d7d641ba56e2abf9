import RatecardModel
import RatecardValues

/// What a guard promises of credits.
struct PromisedCredits {
  private let matcher: Matcher

  init(_ matcher: Matcher) { self.matcher = matcher }

  func holds(_ credits: Number) -> Bool {
    switch matcher {
    case .oneOf: return numbers.contains(credits)
    case .range(let lower, let upper):
      if let lower, !(lower.isInclusive ? lower.number <= credits : lower.number < credits) {
        return false
      }
      if let upper, !(upper.isInclusive ? credits <= upper.number : credits < upper.number) {
        return false
      }
      return true
    case .any, .present, .absent, .not: return true
    }
  }

  /// The amounts that, rounded, break the promise.
  func brokenRanges(_ steps: Steps) throws(Overflow) -> [Interval] {
    var ranges: [Interval] = []
    switch matcher {
    case .oneOf:
      var start = Nudged.zero
      for number in numbers {
        let value = try Rational(number)
        let end = try steps.firstNumber(reaching: value, orAbove: false).justBelow
        ranges.append(Interval(lower: start, upper: end))
        start = max(.zero, try steps.firstNumber(reaching: value, orAbove: true))
      }
      ranges.append(Interval(lower: start, upper: nil))
    case .range(let lower, let upper):
      if let lower {
        let first = try steps.firstNumber(
          reaching: Rational(lower.number), orAbove: !lower.isInclusive)
        ranges.append(Interval(lower: .zero, upper: first.justBelow))
      }
      if let upper {
        let first = try steps.firstNumber(
          reaching: Rational(upper.number), orAbove: upper.isInclusive)
        ranges.append(Interval(lower: max(.zero, first), upper: nil))
      }
    case .any, .present, .absent, .not: break
    }
    return ranges.filter { !$0.isEmpty }
  }

  /// `at least 1`, `0 or 1`.
  var words: String {
    switch matcher {
    case .oneOf: return numbers.map(\.description).joined(separator: " or ")
    case .range(let lower, let upper):
      let parts = [
        lower.map { "\($0.isInclusive ? "at least" : "above") \($0.number)" },
        upper.map { "\($0.isInclusive ? "at most" : "below") \($0.number)" },
      ]
      return parts.compactMap(\.self).joined(separator: " and ")
    case .any, .present, .absent, .not: return "anything"
    }
  }

  private var numbers: [Number] {
    guard case .oneOf(let patterns) = matcher else { return [] }
    return patterns.compactMap { pattern in
      if case .value(.number(let number)) = pattern { number } else { nil }
    }.sorted()
  }
}

extension Bound {
  fileprivate var number: Number {
    if case .number(let number) = value { return number }
    return .zero
  }
}
