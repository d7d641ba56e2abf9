internal import RatecardJSON
internal import RatecardValues

/// Writes an overview as Markdown.
enum OverviewMarkdown {
  static func text(_ overview: Overview) -> String {
    var text = "# Rate card \(Markup.markdown(overview.card))\n\n"
    for fact in overview.facts {
      text += "- \(fact.label.title): \(Markup.markdown(fact.value))\n"
    }
    text += "- Version: `\(overview.version.prefix(12))`\n"
    for grid in overview.grids {
      text += "\n## \(Markup.markdown(GridTitle.title(grid, at: overview.at)))\n\n"
      text += table([""] + grid.columns.values.map(\.label), GridTitle.rows(grid))
    }
    for section in overview.tables {
      text += "\n## \(section.label.title)\n\n"
      text += table(section.columns.map(\.title), section.rows)
    }
    return text
  }

  private static func table(_ columns: [String], _ rows: [[String]]) -> String {
    let lines = [columns, columns.map { _ in "---" }] + rows
    return lines.enumerated().map { index, line in
      "| " + line.map { index == 1 ? $0 : Markup.markdown($0) }.joined(separator: " | ") + " |\n"
    }.joined()
  }
}

/// Writes an overview as one HTML page that needs nothing else.
enum OverviewHTML {
  static func text(_ overview: Overview) -> String {
    var body = "<h1>Rate card \(Markup.escaped(overview.card))</h1>\n<dl>\n"
    for fact in overview.facts {
      body += "<dt>\(Markup.escaped(fact.label.title))</dt>"
      body += "<dd>\(Markup.escaped(fact.value))</dd>\n"
    }
    body += "<dt>Version</dt><dd><code>\(overview.version.prefix(12))</code></dd>\n</dl>\n"
    for grid in overview.grids {
      body += "<h2>\(Markup.escaped(GridTitle.title(grid, at: overview.at)))</h2>\n"
      body += table([""] + grid.columns.values.map(\.label), GridTitle.rows(grid), isGrid: true)
    }
    for section in overview.tables {
      body += "<h2>\(Markup.escaped(section.label.title))</h2>\n"
      body += table(section.columns.map(\.title), section.rows, isGrid: false)
    }
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>Rate card \(Markup.escaped(overview.card))</title>
      <style>
      body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem }
      table { border-collapse: collapse; display: block; overflow-x: auto }
      th, td { border-bottom: 1px solid #ddd; padding: .3rem .8rem; text-align: left; vertical-align: top }
      table.grid td { text-align: right }
      dl { display: grid; grid-template-columns: max-content 1fr; gap: 0 1rem }
      dd { margin: 0 }
      </style>
      </head>
      <body>
      \(body)</body>
      </html>

      """
  }

  private static func table(_ columns: [String], _ rows: [[String]], isGrid: Bool) -> String {
    let head = columns.map { "<th scope=\"col\">\(Markup.escaped($0))</th>" }.joined()
    let lines = rows.map { row in
      let cells = row.enumerated().map { index, cell in
        isGrid && index == 0
          ? "<th scope=\"row\">\(Markup.escaped(cell))</th>" : "<td>\(Markup.escaped(cell))</td>"
      }
      return "<tr>\(cells.joined())</tr>\n"
    }
    let name = isGrid ? "<table class=\"grid\">" : "<table>"
    return
      "\(name)\n<thead><tr>\(head)</tr></thead>\n<tbody>\n\(lines.joined())</tbody>\n</table>\n"
  }
}

/// Writes an overview as rows for a spreadsheet: section, name, condition and what is said.
enum OverviewCSV {
  static func text(_ overview: Overview) -> String {
    var rows = [["section", "name", "when", "says"]]
    for grid in overview.grids {
      let caption = grid.caption.map { ", \($0)" } ?? ""
      for (row, cells) in zip(grid.rows.values, grid.cells) {
        for (column, cell) in zip(grid.columns.values, cells) {
          rows.append([
            "prices", cell.rule,
            "\(grid.rows.attribute): \(row.label), \(grid.columns.attribute): \(column.label)"
              + caption, cell.price,
          ])
        }
      }
    }
    for table in overview.tables {
      let hasConditions = table.columns.contains { $0.key == "when" }
      for row in table.rows {
        let when = hasConditions ? row[1] : ""
        let rest = zip(table.columns, row).dropFirst(hasConditions ? 2 : 1)
        let said = rest.filter { !$1.isEmpty }
        let says =
          said.count == 1
          ? said.map { $1 } : said.map { "\($0.key): \($1)" }
        rows.append([table.label.key, row[0], when, says.joined(separator: "; ")])
      }
    }
    return rows.map { $0.map(Markup.csv).joined(separator: ",") + "\r\n" }.joined()
  }
}

/// Writes an overview as JSON.
enum OverviewJSON {
  static func text(_ overview: Overview) -> [UInt8] {
    var json = JSONWriter(pretty: true)
    json.beginObject()
    json.member("ratecard", overview.card)
    json.member("version", overview.version)
    if let at = overview.at { json.member("at", at.description) }
    json.key("credit")
    json.beginObject()
    for fact in overview.facts { json.member(fact.label.key, fact.value) }
    json.endObject()
    json.key("prices")
    json.beginArray()
    for grid in overview.grids { write(grid, to: &json) }
    json.endArray()
    for table in overview.tables {
      json.key(table.label.key)
      json.beginArray()
      for row in table.rows {
        json.beginObject()
        for (column, cell) in zip(table.columns, row) { json.member(column.key, cell) }
        json.endObject()
      }
      json.endArray()
    }
    json.endObject()
    return json.bytes + [UInt8(ascii: "\n")]
  }

  private static func write(_ grid: PriceGrid, to json: inout JSONWriter) {
    for (row, cells) in zip(grid.rows.values, grid.cells) {
      for (column, cell) in zip(grid.columns.values, cells) {
        json.beginObject()
        json.member(grid.rows.attribute, row.label)
        json.member(grid.columns.attribute, column.label)
        if let caption = grid.caption, let colon = caption.firstIndex(of: ":") {
          json.member("tier", String(caption[caption.index(colon, offsetBy: 2)...]))
        }
        json.member("price", cell.price)
        json.member("rule", cell.rule)
        json.endObject()
      }
    }
  }
}
