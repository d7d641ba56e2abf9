import RatecardDiagnostics

/// Tabs, indentation, and lines that belong to nothing.
extension Mistake {
  /// A tab where libyaml accepts none.
  mutating func explainTab(to report: inout Reporter) {
    guard tabs.contains(where: { $0 <= place && place < source.firstInLine(of: $0) }) else {
      var end = place
      while source.byte(at: end) == UInt8(ascii: "\t") {
        replace(end, with: " ")
        end += 1
      }
      report.add(
        .tabIndentation, "a tab stands where only spaces may", at: place, end: end,
        help: "put spaces in its place")
      return
    }
    // Whoever indents one line with tabs does it in all of them.
    for tab in tabs where tab + 1 > source.lineStart(of: place) {
      for offset in tab..<source.firstInLine(of: tab)
      where source.byte(at: offset) == UInt8(ascii: "\t") {
        replace(offset, with: " ")
      }
    }
    if let tab = tabs.last(where: { $0 <= place }) {
      Self.reportTab(at: tab, in: source, to: &report)
    }
  }

  static func reportTab(at tab: Int, in source: SourceText, to report: inout Reporter) {
    var end = tab
    while source.byte(at: end) == UInt8(ascii: "\t") { end += 1 }
    let first = source.firstInLine(of: tab)
    let isEmpty = source.byte(at: first).map(TreeBuilder.isBreak) ?? true
    let start = source.lineStart(of: tab)
    report.add(
      .tabIndentation,
      isEmpty ? "a tab stands on an empty line" : "a tab indents this line", at: tab, end: end,
      help: isEmpty ? "remove it" : "indent with spaces",
      fix: isEmpty
        ? .init("empty the line", replacing: report.span(start, first), with: "") : nil)
  }

  /// A colon that is the first of its line, and still ends no key there.
  mutating func explainColonInLine(to report: inout Reporter) {
    let first = source.firstInLine(of: place)
    let (text, end) = shown(at: first)
    guard source.bytes[source.lineStart(of: place)...].prefix(3) != [45, 45, 45] else {
      report.add(
        .brokenYAML, "an entry cannot stand on the line of `---`", at: place, end: place + 1,
        help: "put it on a line of its own")
      return
    }
    guard let above = source.firstInLineAbove(place) else { return explainUnknown(to: &report) }
    let aboveEnd = source.contentEnd(from: above)
    if source.indentation(of: place) > source.indentation(of: above) {
      report.add(
        .wrongIndentation, "\(text) is indented like a part of the text above", at: first,
        end: end, help: "indent it like the entries it belongs with",
        notes: [.init("this text would go on here", at: report.span(above, aboveEnd))])
    } else {
      report.add(
        .missingColon,
        "\(Reporter.quote(source.text(above, aboveEnd))) is not an entry: it has "
          + "no colon", at: above, end: aboveEnd,
        help: "put a colon and a space after the key")
    }
  }

  /// `- ` behind a key on the same line.
  mutating func explainDash(to report: inout Reporter) {
    let end = max(source.contentEnd(from: place), min(place + 1, source.count))
    let item = source.text(min(source.nextVisible(place + 1), end), end)
    report.add(
      .wrongIndentation, "a list item cannot begin on the line of its key", at: place, end: end,
      help: "begin the list on the next line, or write `[\(item)]`")
  }

  /// Something in a block map or list that is neither its next entry nor its end.
  mutating func explainLayout(to report: inout Reporter) {
    let (text, end) = shown(at: place)
    let before = source.trimmed(0, place)
    let isOnLineOfValue = source.firstInLine(of: place) < place
    if isOnLineOfValue {
      if let lastScalar, lastScalar.isQuoted, lastScalar.end == before {
        guard source.areOnOneLine(lastScalar.start, place) else {
          return explainUnclosedQuote(at: lastScalar.start, to: &report)
        }
        let whole = source.text(place, source.contentEnd(from: place))
        report.add(
          .brokenYAML, "\(Reporter.quote(whole)) follows a text that its quotes have ended",
          at: place, end: max(source.contentEnd(from: place), end),
          help: "put the whole text in quotes")
        return
      }
      report.add(
        .brokenYAML, "\(text) follows a value that has ended", at: place, end: end,
        help: "remove it, or put the whole text in quotes")
      return
    }
    if source.isColon(at: place) {
      report.add(
        .keyLeftOut, "there is no key before the colon", at: place, end: place + 1,
        help: "write one, or quote the text if the colon belongs to it")
      return
    }
    let isList = failure.problem == "did not find expected '-' indicator"
    let isItem = source.byte(at: place) == UInt8(ascii: "-") && source.isBlank(at: place + 1)
    let opened = contextPlace
    let notes = [
      Diagnostic.Note(
        "this \(isList ? "list" : "map") begins here",
        at: report.span(opened, max(shown(at: opened).end, opened)))
    ]
    let line = max(source.contentEnd(from: place), end)
    if isList {
      report.add(
        .wrongIndentation, "\(text) is indented like a list item, but does not begin with `- `",
        at: place, end: end, help: "put `- ` before it, or indent it like what it belongs to",
        notes: notes)
    } else if isItem, source.indentation(of: place) == source.indentation(of: opened) {
      report.add(
        .wrongIndentation, "a list item stands among the entries of a map", at: place, end: line,
        help: "indent it under a key that has no value yet", notes: notes)
    } else {
      report.add(
        .wrongIndentation, "\(text) is indented like no line before it", at: place, end: end,
        help: "indent it like the entries it belongs with", notes: notes)
    }
  }

  /// Content after the document's end.
  mutating func explainRest(to report: inout Reporter) {
    let (text, end) = shown(at: place)
    let above = source.firstInLineAbove(place).map { source.text($0, source.lineEnd(of: $0)) }
    if above?.hasPrefix("...") == true {
      report.secondDocument(at: place, end: end)
    } else {
      report.add(
        .brokenYAML, "\(text) follows a value that has ended", at: place, end: end,
        help: "a card's file is one map: write `key: value` on each line")
    }
  }

  // MARK: Marks of YAML that the language has no use for

  mutating func explainDirective(at start: Int, to report: inout Reporter) {
    let end = source.lineEnd(of: start)
    let text = source.text(start, end)
    let version = text.split(whereSeparator: \.isWhitespace)
    if version.count >= 2, version[0] == "%YAML", version[1].hasPrefix("1."),
      failure.problem == "found incompatible YAML document",
      let dot = text.firstIndex(of: ".")
    {
      // A later 1.x is read as 1.2; libyaml knows no other.
      let minor = start + text.utf8.distance(from: text.startIndex, to: dot) + 1
      replace(minor, with: "2")
      var offset = minor + 1
      while let byte = source.byte(at: offset), byte >= 0x30, byte <= 0x39 {
        replace(offset, with: " ")
        offset += 1
      }
      return
    }
    report.directive(at: start, end: source.trimmed(start, end), text: text)
    replace(start, with: "#")
    keepsMeaning = source.firstInLineAbove(start) == nil
  }

  mutating func explainTag(at start: Int, to report: inout Reporter) {
    var end = start
    while end < source.count, !source.isBlank(at: end) { end += 1 }
    end = max(end, min(start + 1, source.count))
    report.tag(at: start, end: end, text: source.text(start, end))
    if source.contentEnd(from: start) > end, !source.isInBrackets(start) {
      for offset in start..<end { replace(offset, with: " ") }
    } else {
      replace(start, with: "x")
    }
  }
}
