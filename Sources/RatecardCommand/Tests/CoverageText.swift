internal import Ratecard
internal import RatecardDiagnostics
internal import RatecardJSON
internal import RatecardReplay
internal import RatecardValues

/// Writes what of a card its tests reach.
struct CoverageText {
  let card: RateCard
  let coverage: TestCoverage

  /// The most lines of one kind, and the most cells of a table.
  private static let most = 20

  /// For a person: a count of each kind there is, with the first of those that are missed.
  func text() -> String {
    rules() + cells() + boundaries()
  }

  private func rules() -> String {
    let missed = coverage.rules.filter { !$0.isReached }
    return count(coverage.rules.count, missed.count, "rule", "rules")
      + list(missed) { "\(place($0.span)): no test reaches \($0.rule) (\($0.section))" }
  }

  private func cells() -> String {
    guard !coverage.cells.isEmpty else { return "" }
    let missed = coverage.cells.filter { !$0.isReached }
    let tables = Dictionary(grouping: missed) { ExactText($0.table ?? "") }
      .map { table, cells in (table: table.string, cells: cells.sorted { $0.span < $1.span }) }
      .sorted { $0.cells[0].span < $1.cells[0].span }
    return count(coverage.cells.count, missed.count, "cell", "cells")
      + list(tables) { table, cells in
        let keys = cells.prefix(Self.most).map { String($0.rule.dropFirst(table.count + 1)) }
        let more = cells.count > keys.count ? " and \(cells.count - keys.count) more" : ""
        return "\(place(cells[0].span)): no test reaches \(counted(cells.count, "cell")) of "
          + "\(table): \(keys.joined(separator: ", "))\(more)"
      }
  }

  private func boundaries() -> String {
    guard !coverage.boundaries.isEmpty else { return "" }
    let missed = coverage.boundaries.filter { !$0.isReached }
    return count(coverage.boundaries.count, missed.count, "boundary", "boundaries")
      + list(missed) {
        "\(place($0.span)): no tests on both sides of \($0.bound) of \($0.rule) (\($0.section))"
      }
  }

  private func count(_ all: Int, _ missed: Int, _ one: String, _ many: String) -> String {
    "\(all - missed) of \(all) \(all == 1 ? one : many) reached\n"
  }

  private func list<Item>(_ items: [Item], _ line: (Item) -> String) -> String {
    var text = items.prefix(Self.most).map { "     \(line($0))\n" }.joined()
    if items.count > Self.most { text += "     and \(items.count - Self.most) more\n" }
    return text
  }

  private func place(_ span: Span) -> String {
    let file = card.files[Int(span.file.index)]
    let position = file.position(at: Int(span.start))
    return "\(file.path):\(position.line):\(position.column)"
  }

  // MARK: JSON

  /// For a machine: everything that is missed.
  func write(to json: inout JSONWriter) {
    json.beginObject()
    write(to: &json, "rules", coverage.rules.count, coverage.rules.filter { !$0.isReached }) {
      $1.member("section", $0.section)
      $1.member("rule", $0.rule)
    }
    write(to: &json, "cells", coverage.cells.count, coverage.cells.filter { !$0.isReached }) {
      $1.member("section", $0.section)
      $1.member("table", $0.table ?? "")
      $1.member("rule", $0.rule)
    }
    write(
      to: &json, "boundaries", coverage.boundaries.count,
      coverage.boundaries.filter { !$0.isReached }
    ) {
      $1.member("section", $0.section)
      $1.member("rule", $0.rule)
      $1.member("bound", $0.bound)
    }
    json.endObject()
  }

  private func write<Item: Spanned>(
    to json: inout JSONWriter, _ name: String, _ count: Int, _ missed: [Item],
    _ members: (Item, inout JSONWriter) -> Void
  ) {
    json.key(name)
    json.beginObject()
    json.member("count", count)
    json.member("reached", count - missed.count)
    json.key("missed")
    json.beginArray()
    for item in missed {
      json.beginObject()
      members(item, &json)
      let file = card.files[Int(item.span.file.index)]
      let position = file.position(at: Int(item.span.start))
      json.member("file", file.path)
      json.member("line", position.line)
      json.member("column", position.column)
      json.endObject()
    }
    json.endArray()
    json.endObject()
  }
}

/// Something with a place in the card.
private protocol Spanned {
  var span: Span { get }
}

extension TestCoverage.Entry: Spanned {}
extension TestCoverage.Boundary: Spanned {}
