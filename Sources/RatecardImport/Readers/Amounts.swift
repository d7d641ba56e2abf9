internal import RatecardJSON
internal import RatecardValues

extension JSONValue {
  /// The number of a value that is an amount, as text or as a JSON number: the decimal that is
  /// written, digit by digit, and never a binary number near it.
  func amount(of key: String) throws(SkippedModel) -> Number {
    let text: String
    switch self {
    case .number(let number), .string(let number): text = number
    default: throw SkippedModel(reason: .notAnAmount, detail: "`\(key)` is no number")
    }
    let number: Number
    do throws(Number.Failure) { number = try Number(json: text) } catch .malformed {
      throw SkippedModel(reason: .notAnAmount, detail: "`\(key)` is `\(text.prefix(40))`")
    } catch {
      throw SkippedModel(
        reason: .tooLong, detail: "`\(key)` is \(text.prefix(40)): \(error.reason)")
    }
    guard !number.isNegative else {
      throw SkippedModel(reason: .notAnAmount, detail: "`\(key)` is \(text.prefix(40))")
    }
    // Half of it must be one as well.
    guard number.halved != nil else {
      throw SkippedModel(reason: .tooLong, detail: "`\(key)` has too many digits")
    }
    return number
  }

  /// How many prices stand in the value: its numbers, but for those that say when a price holds.
  var priceCount: Int {
    switch self {
    case .number: 1
    case .string(let text): (try? Number(json: text)) == nil ? 0 : 1
    case .object(let members):
      members.reduce(0) {
        ["start", "range", "max_results_range", "weekdays", "when"].contains($1.name)
          ? $0 : $0 + $1.value.priceCount
      }
    case .array(let items): items.reduce(0) { $0 + $1.priceCount }
    case .bool, .null: 0
    }
  }
}

extension Number {
  /// The number times 10^`places`; nil where no card can hold that.
  func scaled(by places: Int) -> Number? {
    isZero ? self : Number(significand: significand, exponent: exponent + places)
  }
  /// Half of the number; nil where that has too many digits.
  var halved: Number? {
    let (product, overflow) = significand.multipliedReportingOverflow(by: 5)
    return overflow ? nil : isZero ? self : Number(significand: product, exponent: exponent - 1)
  }
}
