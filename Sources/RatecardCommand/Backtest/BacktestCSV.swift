internal import RatecardReplay
internal import RatecardValues

/// Writes the groups of a backtest as CSV: by what is asked for, or else by customer where cards are
/// compared, or else everything in one row.
enum BacktestCSV {
  static func text(_ view: BacktestView) -> String {
    let report = view.report
    let compares = report.comparison != nil
    var names = report.groupNames
    var groups = report.groups
    if names.isEmpty, compares, let customers = report.customers {
      (names, groups) = (["customer"], customers)
    }
    var lines = [
      names + ["rows", "priced", "denied", "unpriced", "credits"]
        + (compares ? ["before", "now", "change", "change_percent"] : [])
    ]
    if names.isEmpty {
      let sums = report.comparison.map { (before: $0.before, after: $0.after) }
      lines.append(
        [report.rows, report.priced, report.denied, report.unpriced].map(String.init)
          + [report.amount(report.total).description] + changes(sums, report))
    }
    for group in groups {
      let sum = group.sum
      lines.append(
        group.key.map { $0 ?? "" }
          + [sum.rows, sum.priced, sum.denied, sum.unpriced].map(String.init)
          + [report.amount(group.units).description]
          + changes(compares ? (group.before, group.after) : nil, report))
    }
    return lines.map { $0.map(Markup.csv).joined(separator: ",") + "\n" }.joined()
  }

  private static func changes(
    _ sums: (before: Int128, after: Int128)?, _ report: BacktestReport
  ) -> [String] {
    guard let sums else { return [] }
    return [sums.before, sums.after, sums.after - sums.before].map {
      report.amount($0).description
    } + [BacktestReport.percent(sums.before, sums.after)?.description ?? ""]
  }
}
