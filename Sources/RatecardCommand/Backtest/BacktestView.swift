internal import RatecardModel
internal import RatecardReplay
internal import RatecardValues

/// A report as all its renderers look at it.
struct BacktestView {
  let report: BacktestReport
  /// The folder of the card.
  let folder: String

  init(_ report: BacktestReport, folder: String) { (self.report, self.folder) = (report, folder) }

  /// Customers of whom more, or less, is asked than before; nil: nothing is compared by customer.
  var customersThatPay: (more: Int, less: Int, same: Int)? {
    guard report.comparison != nil, let customers = report.customers else { return nil }
    let more = customers.count { $0.change > 0 }
    let less = customers.count { $0.change < 0 }
    return (more, less, customers.count - more - less)
  }

  /// What an amount is worth in the card's currency, less than 1 to four decimals; nil: the card does
  /// not say.
  func worth(_ units: Int128) -> String? {
    guard let worth = report.worth,
      let amount = try? Rational(report.amount(units)) * Rational(worth.amount),
      let number = try? amount.rounded(decimals: amount < .one ? 4 : 2, .halfUp)
    else { return nil }
    var text = Amounts.grouped(number)
    if number.decimals < 2 {
      text += (number.decimals == 0 ? "." : "") + String(repeating: "0", count: 2 - number.decimals)
    }
    return "\(text) \(worth.currency)"
  }

  /// Where a row stands: `usage.csv:17`.
  func place(_ example: Rejection.Example) -> String {
    "\(report.sources[example.source]):\(example.line)"
  }

  /// What a key of a group is called.
  func name(_ key: String?) -> String { key ?? "(none)" }

  /// A text of the log for a line on a terminal: what would break or colour it is spelled out.
  static func line(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isControl) else { return text }
    return text.unicodeScalars.map { scalar in
      isControl(scalar)
        ? scalar == "\n" ? "\\n" : "\\u{" + String(scalar.value, radix: 16) + "}" : String(scalar)
    }.joined()
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.generalCategory == .control
      || scalar.properties.generalCategory == .lineSeparator
      || scalar.properties.generalCategory == .paragraphSeparator
  }

  /// What a kind of rejection is called.
  func name(_ rejection: Rejection) -> String {
    switch rejection.code {
    case "bad_row": "bad row"
    default: rejection.code + (rejection.attribute.map { " (`\($0)`)" } ?? "")
    }
  }
}
