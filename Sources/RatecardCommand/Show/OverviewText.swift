internal import RatecardValues

/// Writes an overview as text for a terminal.
struct OverviewText {
  let isColored: Bool

  func text(_ overview: Overview) -> String {
    var text = heading("Rate card \(overview.card)")
    let width = overview.facts.map(\.label.title.count).max() ?? 0
    for fact in overview.facts {
      text += "  \(padded(fact.label.title, width))  \(fact.value)\n"
    }
    text += "  \(padded("Version", width))  \(overview.version.prefix(12))\n"
    for grid in overview.grids {
      text += "\n" + heading(GridTitle.title(grid, at: overview.at))
      text += lines([[""] + grid.columns.values.map(\.label)] + GridTitle.rows(grid))
    }
    for table in overview.tables {
      text += "\n" + heading(table.label.title)
      text += lines([table.columns.map(\.title)] + table.rows)
    }
    return text
  }

  private func heading(_ text: String) -> String {
    isColored ? "\u{1B}[1m\(text)\u{1B}[0m\n" : "\(text)\n"
  }

  /// Columns of equal width; those that are empty throughout are left out.
  private func lines(_ rows: [[String]]) -> String {
    guard let first = rows.first else { return "" }
    let widths = first.indices.map { column in
      rows.dropFirst().allSatisfy { $0[column].isEmpty } && !first[column].isEmpty
        ? 0 : rows.map { $0[column].count }.max() ?? 0
    }
    return rows.map { row in
      let cells = zip(row, widths).filter { $1 > 0 }.map { padded($0, $1) }
      var line = "  " + cells.joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      return line + "\n"
    }.joined()
  }
}

/// What all formats say of a grid.
enum GridTitle {
  /// `Prices by request_type and model, tier: slow`.
  static func title(_ grid: PriceGrid, at instant: Instant?) -> String {
    var title = "Prices by \(grid.rows.attribute) and \(grid.columns.attribute)"
    if let caption = grid.caption { title += ", \(caption)" }
    if let instant { title += ", at \(instant)" }
    return title
  }

  /// The grid's rows with their labels.
  static func rows(_ grid: PriceGrid) -> [[String]] {
    zip(grid.rows.values, grid.cells).map { row, cells in [row.label] + cells.map(\.short) }
  }
}
