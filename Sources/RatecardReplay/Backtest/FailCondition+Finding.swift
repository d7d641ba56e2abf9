internal import RatecardValues

/// How conditions are looked for in a report; all of it exact.
extension FailCondition.Test {
  /// What is said when the test holds; nil: it does not.
  func finding(_ report: BacktestReport) -> String? {
    switch measure {
    case .total:
      let sums = report.comparison.map { (before: $0.before, after: $0.after) }
      return holds(report, report.total, sums) ? said("the total", report, report.total, sums) : nil
    case .customer:
      guard let customers = report.customers else {
        return "no row says which customer pays, so `\(text)` cannot be told"
      }
      let found = customers.filter { $0.key[0] != nil && holds(report, $0.units, sums($0, report)) }
      guard let first = found.first else { return nil }
      let more = found.count > 1 ? " and \(found.count - 1) more" : ""
      return said(
        "customer `\(first.key[0] ?? "")`\(more)", report, first.units, sums(first, report))
    case .rows: return count(report.rows, of: report.rows)
    case .priced: return count(report.priced, of: report.rows)
    case .denied: return count(report.denied, of: report.rows)
    case .unpriced: return count(report.unpriced, of: report.rows)
    case .payingMore, .payingLess:
      guard let customers = report.customers else {
        return "no row says which customer pays, so `\(text)` cannot be told"
      }
      let known = customers.filter { $0.key[0] != nil }
      let found = known.count { measure == .payingMore ? $0.change > 0 : $0.change < 0 }
      return count(found, of: known.count)
    }
  }

  private func sums(
    _ group: BacktestReport.Group, _ report: BacktestReport
  ) -> (before: Int128, after: Int128)? {
    report.comparison == nil ? nil : (group.before, group.after)
  }

  private func holds(
    _ report: BacktestReport, _ units: Int128, _ sums: (before: Int128, after: Int128)?
  ) -> Bool {
    switch bound {
    case .plain(let number): return compares(report.amount(units), number)
    case .change(let number):
      guard let sums else { return false }
      return compares(report.amount(sums.after - sums.before), number)
    case .percent(let number):
      guard let sums else { return false }
      return compares(sums.after - sums.before, percentOf: sums.before, number)
    case .share: return false
    }
  }

  private func said(
    _ what: String, _ report: BacktestReport, _ units: Int128,
    _ sums: (before: Int128, after: Int128)?
  ) -> String {
    var state = "comes to \(report.amount(units))"
    if bound.isChange, let sums {
      let change = report.amount(sums.after - sums.before)
      let percent = BacktestReport.percent(sums.before, sums.after)
      state =
        "changes by \(change.isNegative ? "" : "+")\(change)"
        + (percent.map { " (\($0.isNegative ? "" : "+")\($0) %)" } ?? ", from nothing")
    }
    return "\(what) \(state), which fails by `\(text)`"
  }

  private func count(_ count: Int, of all: Int) -> String? {
    let holds =
      switch bound {
      case .share(let number): compares(Int128(count), percentOf: Int128(all), number)
      case .plain(let number): compares(Number(count), number)
      case .change, .percent: false
      }
    return holds ? "\(count) of \(all) \(subject), which fails by `\(text)`" : nil
  }

  private var subject: String {
    switch measure {
    case .rows, .total, .customer: "rows were read"
    case .priced: "rows are priced"
    case .denied: "rows are refused"
    case .unpriced: "rows could not be priced"
    case .payingMore: "customers pay more"
    case .payingLess: "customers pay less"
    }
  }

  private func compares(_ left: Number, _ right: Number) -> Bool {
    switch comparator {
    case .above: left > right
    case .atLeast: left >= right
    case .below: left < right
    case .atMost: left <= right
    }
  }

  /// Whether a part compares to so many percent of a whole, which is not negative.
  ///
  /// Of nothing, any part that is more is more than any percentage.
  private func compares(_ part: Int128, percentOf whole: Int128, _ percent: Number) -> Bool {
    if whole == 0 {
      if part == 0 { return compares(.zero, percent) }
      return (part > 0) == (comparator == .above || comparator == .atLeast)
    }
    // part × 100 × 10ᵏ against whole × significand, in twice as many bits.
    var (left, right): (UInt128, UInt128) = (100, percent.significand.magnitude)
    for _ in 0..<max(0, -percent.exponent) { left *= 10 }
    for _ in 0..<max(0, percent.exponent) { right *= 10 }
    let (first, second) = (
      part.magnitude.multipliedFullWidth(by: left), whole.magnitude.multipliedFullWidth(by: right)
    )
    let isSame = first.high == second.high && first.low == second.low
    let isLess = (first.high, first.low) < (second.high, second.low)
    let isBelow: Bool
    switch (part < 0, percent.isNegative) {
    case (false, false): isBelow = isLess
    case (true, true): isBelow = !isLess && !isSame
    case (true, false): isBelow = part != 0 || !percent.isZero
    case (false, true): isBelow = false
    }
    let isEqual =
      isSame && (part < 0) == percent.isNegative || part == 0 && percent.isZero
    return switch comparator {
    case .above: !isBelow && !isEqual
    case .atLeast: !isBelow
    case .below: isBelow && !isEqual
    case .atMost: isBelow || isEqual
    }
  }
}
