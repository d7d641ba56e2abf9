internal import RatecardReplay
internal import RatecardValues

/// Writes a backtest for a person.
struct BacktestText {
  /// How many lines a list has at most.
  private static let limit = 10

  private let view: BacktestView
  private var report: BacktestReport { view.report }

  init(_ view: BacktestView) { self.view = view }

  /// The whole report.
  var text: String {
    let sections = [
      summary, comparison, customers, groups, rules,
      rejections(report.rejections, "could not be priced"),
      rejections(report.comparison?.rejections ?? [], "could not be priced by the card before"),
    ]
    return sections.filter { !$0.isEmpty }.joined(separator: "\n")
  }

  private func amount(_ units: Int128) -> String { Amounts.grouped(report.amount(units)) }
  private func signed(_ units: Int128) -> String { Amounts.signed(report.amount(units)) }

  private var summary: String {
    var parts = ["\(Amounts.grouped(report.rows)) \(report.rows == 1 ? "row" : "rows")"]
    parts.append("\(Amounts.grouped(report.priced)) priced")
    if report.denied > 0 { parts.append("\(Amounts.grouped(report.denied)) refused") }
    if report.unpriced > 0 { parts.append("\(Amounts.grouped(report.unpriced)) not priced") }
    var text = parts.joined(separator: ", ") + "\n"
    let worth = view.worth(report.total).map { " (\($0))" } ?? ""
    text += "total \(amount(report.total)) × \(report.unit)\(worth)\n"
    if let least = report.least, let largest = report.largest {
      let middle = report.percentiles.filter { [50, 90, 99].contains($0.percent) }.map {
        ($0.percent == 50 ? "median" : "\($0.percent) % up to") + " \(amount($0.units))"
      }
      let parts = ["a row: from \(amount(least))"] + middle + ["at most \(amount(largest))"]
      text += parts.joined(separator: ", ")
      text += report.isExact ? "\n" : " (within 0.1 %)\n"
    }
    return text
  }

  private var comparison: String {
    guard let comparison = report.comparison else { return "" }
    var text = "before \(amount(comparison.before)), now \(amount(comparison.after)): "
    text += comparison.change == 0 ? "no change in total\n" : changeText(comparison) + "\n"
    var parts = [
      "\(Amounts.grouped(comparison.raised)) rows cost more",
      "\(Amounts.grouped(comparison.lowered)) cost less",
    ]
    if comparison.refusedNow > 0 {
      parts.append("\(Amounts.grouped(comparison.refusedNow)) are refused now")
    }
    if comparison.allowedNow > 0 {
      parts.append("\(Amounts.grouped(comparison.allowedNow)) are no longer refused")
    }
    text += parts.joined(separator: ", ")
    if comparison.rows < report.rows {
      text += "; \(Amounts.grouped(report.rows - comparison.rows)) are not compared"
    }
    return text + "\n"
  }

  private func changeText(_ comparison: BacktestReport.Comparison) -> String {
    let percent = BacktestReport.percent(comparison.before, comparison.after)
    return "\(signed(comparison.change)) (\(Amounts.percent(percent)))"
  }

  private var customers: String {
    guard let customers = report.customers, let counts = view.customersThatPay else {
      return ""
    }
    let same = counts.same > 0 ? ", \(Amounts.grouped(counts.same)) the same" : ""
    let heading =
      "\(Amounts.grouped(customers.count)) \(customers.count == 1 ? "customer" : "customers"): "
      + "\(Amounts.grouped(counts.more)) pay more, \(Amounts.grouped(counts.less)) less\(same)\n"
    let changed = customers.filter { $0.change != 0 }
    return heading + (changed.isEmpty ? "" : groupTable(changed, ["customer"]))
  }

  private var groups: String {
    if report.groupNames.isEmpty { return "" }
    // The customers stand above already.
    if report.groupNames == ["customer"], report.comparison != nil, report.customers != nil {
      return ""
    }
    return "by \(report.groupNames.joined(separator: ", "))\n"
      + groupTable(report.groups, report.groupNames)
  }

  private func groupTable(_ groups: [BacktestReport.Group], _ names: [String]) -> String {
    let compares = report.comparison != nil
    var table = TextTable(
      names.map { .left($0) }
        + (compares
          ? [.right("rows"), .right("before"), .right("now"), .right("change"), .right("")]
          : [.right("rows"), .right("credits"), .right("")]))
    for group in groups.prefix(Self.limit) {
      let sums =
        compares
        ? [
          amount(group.before), amount(group.after), signed(group.change),
          Amounts.percent(BacktestReport.percent(group.before, group.after)),
        ] : [amount(group.units), Amounts.share(group.units, of: report.total)]
      table.add(
        group.key.map { BacktestView.line(view.name($0)) } + [Amounts.grouped(group.sum.rows)]
          + sums)
    }
    return table.text + more(groups.count)
  }

  private func more(_ count: Int) -> String {
    count > Self.limit ? "  … and \(Amounts.grouped(count - Self.limit)) more\n" : ""
  }

  private var rules: String {
    if report.rules.isEmpty { return "" }
    var table = TextTable([.right(""), .right(""), .right("rows"), .left("rule"), .left("")])
    for rule in report.rules.prefix(Self.limit) {
      table.add([
        amount(rule.units), Amounts.share(rule.units, of: report.total),
        Amounts.grouped(rule.rows), rule.name, rule.place,
      ])
    }
    return "rules that earned most\n" + table.text + more(report.rules.count)
  }

  private func rejections(_ rejections: [Rejection], _ heading: String) -> String {
    if rejections.isEmpty { return "" }
    var text = heading + "\n"
    for rejection in rejections {
      text += "  \(Amounts.grouped(rejection.count)) × \(view.name(rejection))\n"
      for example in rejection.examples {
        text += "    \(view.place(example)): \(BacktestView.line(example.message))\n"
      }
      if rejection.count > rejection.examples.count { text += "    …\n" }
    }
    return text
  }
}

/// A table in columns as wide as they must be.
struct TextTable {
  enum Column {
    case left(String)
    case right(String)

    var title: String {
      switch self {
      case .left(let title), .right(let title): title
      }
    }
  }

  private let columns: [Column]
  private var rows: [[String]]

  init(_ columns: [Column]) {
    self.columns = columns
    rows = [columns.map(\.title)]
  }

  mutating func add(_ row: [String]) { rows.append(row) }

  /// The table, each line two spaces in.
  var text: String {
    let widths = columns.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      var line = ""
      for (column, cell) in row.enumerated() {
        let space = String(repeating: " ", count: widths[column] - cell.count)
        switch columns[column] {
        case .left: line += "  " + cell + space
        case .right: line += "  " + space + cell
        }
      }
      while line.last == " " { line.removeLast() }
      return line + "\n"
    }.joined()
  }
}
