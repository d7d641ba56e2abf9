internal import RatecardReplay
internal import RatecardValues

/// Writes a backtest as one page with charts, which needs neither a network nor a program.
struct BacktestHTML {
  /// How many lines a table has at most, and bars a chart.
  private static let tableLimit = 50
  private static let chartLimit = 12

  private let view: BacktestView
  private var report: BacktestReport { view.report }

  init(_ view: BacktestView) { self.view = view }

  /// The whole page.
  var text: String {
    let title = "Backtest of \(Markup.escaped(report.name))"
    let sections = [
      facts, totals, customers, groups, distribution, rules,
      rejections(report.rejections, "Rows that could not be priced"),
      rejections(
        report.comparison?.rejections ?? [], "Rows that could not be priced by the card before"),
    ]
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <title>\(title)</title>
      <style>
      \(Self.style)</style>
      </head>
      <body>
      <main>
      <h1>\(title)</h1>
      \(sections.joined())</main>
      </body>
      </html>

      """
  }

  private static let style = """
    :root { --text: #1b1f24; --quiet: #59636e; --page: #fff; --line: #d1d9e0; --bar: #2f6fbd;
      --more: #b3372c; --less: #1a7f4b }
    @media (prefers-color-scheme: dark) {
      :root { --text: #e6edf3; --quiet: #9aa4af; --page: #0f1318; --line: #343b43; --bar: #6ea8ee;
        --more: #f0857a; --less: #5fc98f }
    }
    body { background: var(--page); color: var(--text); font: 15px/1.5 system-ui, sans-serif; margin: 0 }
    main { margin: 0 auto; max-width: 64rem; padding: 1.5rem 1rem 4rem }
    h1 { font-size: 1.6rem } h2 { font-size: 1.15rem; margin: 2.2rem 0 .4rem }
    p { margin: .3rem 0 } .quiet, caption { color: var(--quiet) }
    .facts { display: flex; flex-wrap: wrap; gap: .5rem 2.5rem; margin: 1rem 0 }
    .facts dt { color: var(--quiet); font-size: .85rem } .facts dd { font-size: 1.35rem; margin: 0 }
    .scroll { overflow-x: auto } table { border-collapse: collapse; margin: .6rem 0 }
    caption { font-size: .85rem; text-align: left; padding-bottom: .2rem }
    th, td { border-bottom: 1px solid var(--line); padding: .25rem 1.4rem .25rem 0; text-align: left;
      vertical-align: top } th { font-weight: 600 } td.number, th.number { text-align: right;
      font-variant-numeric: tabular-nums }
    .more { color: var(--more) } .less { color: var(--less) }
    svg { display: block; height: auto; max-width: 100%; margin: .6rem 0 }
    svg text { fill: var(--text); font: 13px system-ui, sans-serif } svg .quiet { fill: var(--quiet) }
    svg .bar { fill: var(--bar) } svg .more { fill: var(--more) } svg .less { fill: var(--less) }
    svg .axis { stroke: var(--line) }

    """

  private func amount(_ units: Int128) -> String { Amounts.grouped(report.amount(units)) }
  private func signed(_ units: Int128) -> String { Amounts.signed(report.amount(units)) }

  // MARK: - Sums

  private var facts: String {
    var facts = [
      ("rows", Amounts.grouped(report.rows)), ("priced", Amounts.grouped(report.priced)),
    ]
    if report.denied > 0 { facts.append(("refused", Amounts.grouped(report.denied))) }
    if report.unpriced > 0 { facts.append(("not priced", Amounts.grouped(report.unpriced))) }
    facts.append(("total, × \(report.unit)", amount(report.total)))
    if let worth = view.worth(report.total) { facts.append(("worth", worth)) }
    if let comparison = report.comparison {
      facts.append(("before", amount(comparison.before)))
      let percent = BacktestReport.percent(comparison.before, comparison.after)
      facts.append(("change", "\(signed(comparison.change)) (\(Amounts.percent(percent)))"))
    }
    let items = facts.map {
      "<div><dt>\(Markup.escaped($0.0))</dt><dd>\(Markup.escaped($0.1))</dd></div>\n"
    }
    let sources = report.sources.map { "<code>\(Markup.escaped($0))</code>" }.joined(
      separator: ", ")
    return """
      <p class="quiet">\(sources), priced by <code>\(Markup.escaped(view.folder))</code>, version \
      <code>\(report.version.prefix(12))</code>\(against)</p>
      <dl class="facts">
      \(items.joined())</dl>

      """
  }

  private var against: String {
    guard let comparison = report.comparison else { return "" }
    return ", and by version <code>\(comparison.version.prefix(12))</code> before"
  }

  private var totals: String {
    guard let comparison = report.comparison else { return "" }
    let chart = BarChart(
      title: "What all compared rows come to",
      bars: [
        BarChart.Bar(
          label: "before", value: comparison.before, text: amount(comparison.before), style: .plain),
        BarChart.Bar(
          label: "now", value: comparison.after, text: amount(comparison.after), style: .plain),
      ])
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
    if comparison.rows < report.rows {
      parts.append("\(Amounts.grouped(report.rows - comparison.rows)) are not compared")
    }
    return section("Before and now", chart.svg + "<p>\(parts.joined(separator: ", ")).</p>\n")
  }

  private var customers: String {
    guard let customers = report.customers, let counts = view.customersThatPay else { return "" }
    let changed = customers.filter { $0.change != 0 }
    let text =
      "<p>Of \(Amounts.grouped(customers.count)) customers "
      + "\(Amounts.grouped(counts.more)) pay more, \(Amounts.grouped(counts.less)) less, "
      + "\(Amounts.grouped(counts.same)) the same.</p>\n"
    if changed.isEmpty { return section("Who pays more, who less", text) }
    return section(
      "Who pays more, who less",
      text + changes(changed, "The largest changes by customer")
        + groupTable(changed, ["customer"], "The largest changes"))
  }

  private func changes(_ groups: [BacktestReport.Group], _ title: String) -> String {
    BarChart(
      title: title,
      bars: groups.prefix(Self.chartLimit).map {
        BarChart.Bar(
          label: $0.key.map(view.name).joined(separator: ", "), value: $0.change,
          text: signed($0.change), style: $0.change > 0 ? .more : .less)
      }
    ).svg
  }

  private var groups: String {
    if report.groupNames.isEmpty { return "" }
    let names = report.groupNames.joined(separator: ", ")
    if report.groupNames == ["customer"], view.customersThatPay != nil { return "" }
    let chart =
      report.comparison == nil
      ? BarChart(
        title: "What rows come to by \(names)",
        bars: report.groups.prefix(Self.chartLimit).map {
          BarChart.Bar(
            label: $0.key.map(view.name).joined(separator: ", "), value: $0.units,
            text: amount($0.units), style: .plain)
        }
      ).svg : changes(report.groups.filter { $0.change != 0 }, "The largest changes by \(names)")
    return section(
      "By \(Markup.escaped(names))", chart + groupTable(report.groups, report.groupNames, "Sums"))
  }

  private func groupTable(
    _ groups: [BacktestReport.Group], _ names: [String], _ caption: String
  ) -> String {
    let compares = report.comparison != nil
    let numbers =
      compares ? ["rows", "before", "now", "change", "change in %"] : ["rows", "credits", "share"]
    let rows = groups.prefix(Self.tableLimit).map { group in
      let style = group.change > 0 ? " more" : group.change < 0 ? " less" : ""
      let sums =
        compares
        ? [
          cell(amount(group.before)), cell(amount(group.after)),
          cell(signed(group.change), style: style),
          cell(
            Amounts.percent(BacktestReport.percent(group.before, group.after)), style: style),
        ] : [cell(amount(group.units)), cell(Amounts.share(group.units, of: report.total))]
      return group.key.enumerated().map { index, key in
        let tag = index == 0 ? "th scope=\"row\"" : "td"
        return "<\(tag)>\(Markup.escaped(view.name(key)))</\(tag.prefix(2))>"
      }.joined() + cell(Amounts.grouped(group.sum.rows)) + sums.joined()
    }
    return table(names, numbers, rows, caption, of: groups.count)
  }

  // MARK: - Distribution, rules and what is wrong

  private var distribution: String {
    guard let least = report.least, let largest = report.largest else { return "" }
    let chart = BarChart(
      title: "How many rows come to how much",
      bars: report.bars.map {
        BarChart.Bar(
          label: $0.first == $0.last
            ? amount($0.last) : "over \(amount($0.first - 1)) to \(amount($0.last))",
          value: Int128($0.rows), text: Amounts.grouped($0.rows), style: .plain)
      })
    let percentiles = report.percentiles.map {
      "<td class=\"number\">\(Markup.escaped(amount($0.units)))</td>"
    }
    let names = ["least"] + report.percentiles.map { "\($0.percent) %" } + ["largest"]
    let caption =
      "What so many percent of the rows do not exceed"
      + (report.isExact ? "" : ", within 0.1 %")
    return section(
      "What a row comes to",
      chart.svg
        + table(
          [], names, [cell(amount(least)) + percentiles.joined() + cell(amount(largest))], caption,
          of: 1))
  }

  private var rules: String {
    if report.rules.isEmpty { return "" }
    let chart = BarChart(
      title: "The rules that earned most",
      bars: report.rules.prefix(Self.chartLimit).filter { $0.units > 0 }.map {
        BarChart.Bar(label: $0.name, value: $0.units, text: amount($0.units), style: .plain)
      })
    let rows = report.rules.prefix(Self.tableLimit).map { rule in
      "<th scope=\"row\">\(Markup.escaped(rule.name))</th>"
        + "<td><code>\(Markup.escaped(rule.place))</code></td>"
        + cell(Amounts.grouped(rule.rows)) + cell(amount(rule.units))
        + cell(Amounts.share(rule.units, of: report.total))
    }
    return section(
      "The rules that earned most",
      chart.svg
        + table(
          ["rule", "place"], ["rows", "credits", "share"], rows, "What each rule came to",
          of: report.rules.count))
  }

  private func rejections(_ rejections: [Rejection], _ heading: String) -> String {
    if rejections.isEmpty { return "" }
    let rows = rejections.flatMap { rejection in
      rejection.examples.enumerated().map { index, example in
        "<th scope=\"row\">\(index == 0 ? Markup.escaped(view.name(rejection)) : "")</th>"
          + "<td><code>\(Markup.escaped(view.place(example)))</code></td>"
          + "<td>\(Markup.escaped(example.message))</td>"
          + cell(index == 0 ? Amounts.grouped(rejection.count) : "")
      }
    }
    return section(
      heading,
      table(
        ["reason", "first at", "message"], ["rows"], rows, "The first rows of each kind",
        of: rows.count))
  }

  // MARK: - Parts

  private func section(_ heading: String, _ content: String) -> String {
    "<section>\n<h2>\(heading)</h2>\n\(content)</section>\n"
  }

  private func cell(_ text: String, style: String = "") -> String {
    "<td class=\"number\(style)\">\(Markup.escaped(text))</td>"
  }

  private func table(
    _ names: [String], _ numbers: [String], _ rows: [String], _ caption: String, of count: Int
  ) -> String {
    let head =
      names.map { "<th scope=\"col\">\(Markup.escaped($0))</th>" }
      + numbers.map { "<th scope=\"col\" class=\"number\">\(Markup.escaped($0))</th>" }
    let shown = count > rows.count ? ": \(rows.count) of \(Amounts.grouped(count))" : ""
    return """
      <div class="scroll"><table>
      <caption>\(Markup.escaped(caption))\(shown)</caption>
      <thead><tr>\(head.joined())</tr></thead>
      <tbody>
      \(rows.map { "<tr>\($0)</tr>\n" }.joined())</tbody>
      </table></div>

      """
  }
}
