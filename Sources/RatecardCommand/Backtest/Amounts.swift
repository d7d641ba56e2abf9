internal import Glibc
internal import RatecardValues

/// Numbers as people read them.
enum Amounts {
  /// `1234567` as `1,234,567`.
  static func grouped(_ integer: Int) -> String { grouped(String(integer)) }

  /// A number with commas between thousands: `1,234.5`.
  static func grouped(_ number: Number) -> String { grouped(number.description) }

  /// The same with a sign: `+200`, `-3`, `0`.
  static func signed(_ number: Number) -> String {
    number.isZero || number.isNegative ? grouped(number) : "+" + grouped(number)
  }

  /// A change in percent, with two decimals; `new` where nothing stood before.
  static func percent(_ change: Number?) -> String {
    guard let change else { return "new" }
    return (change.isZero || change.isNegative ? "" : "+") + twoDecimals(change) + " %"
  }

  /// A share of a whole in percent, with one decimal.
  static func share(_ part: Int128, of whole: Int128) -> String {
    guard whole > 0, part >= 0 else { return "" }
    // Half a permille more, of numbers that are small enough once both are halved often enough.
    var (part, whole) = (part, whole)
    while whole > Int128(1) << 100 { (part, whole) = (part >> 1, whole >> 1) }
    let permille = (part * 2_000 + whole) / (2 * whole)
    return "\(permille / 10).\(permille % 10) %"
  }

  private static func twoDecimals(_ number: Number) -> String {
    let text = grouped(number)
    guard let point = text.firstIndex(of: ".") else { return text + ".00" }
    return text + String(repeating: "0", count: 3 - text.distance(from: point, to: text.endIndex))
  }

  private static func grouped(_ text: String) -> String {
    let sign = text.hasPrefix("-") ? "-" : ""
    let parts = text.dropFirst(sign.count).split(separator: ".")
    let digits = Array(parts[0])
    var result = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { result.append(",") }
      result.append(digit)
    }
    return sign + result + (parts.count > 1 ? "." + parts[1] : "")
  }
}

/// What the system says of its errors.
enum Errors {
  static func text(_ number: Int32) -> String {
    let text = strerror(number).map { String(cString: $0) } ?? "error \(number)"
    return text.prefix(1).lowercased() + text.dropFirst()
  }
}
