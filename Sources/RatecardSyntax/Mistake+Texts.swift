import RatecardDiagnostics

/// Texts that lack their quotes, or have one too many.
extension Mistake {
  /// An unquoted text that begins with a character of YAML's own.
  mutating func explainReserved(at start: Int, to report: inout Reporter) {
    guard let first = source.byte(at: start), !source.isBlank(at: start) else {
      return explainUnknown(to: &report)
    }
    let inBrackets = source.isInBrackets(start)
    // A value goes on behind a colon; a key ends there.
    let isValue = source.valueStart(before: start) == start
    let last =
      isValue
      ? source.plainEnd(from: start, inBrackets: inBrackets)
      : source.wordEnd(from: start, inBrackets: inBrackets)
    let end = max(last, start + 1)
    let text = source.text(start, end)
    if first == UInt8(ascii: ">") {
      report.reservedText(
        text, at: start, end: end,
        help: "a bound is written `{above: 1}` or `{at_least: 1}`; a text needs quotes")
    } else {
      report.reservedText(text, at: start, end: end)
    }
    replace(start, with: "x")
    for offset in start..<end where source.isColon(at: offset) { replace(offset, with: ";") }
  }

  /// A quote that is still open at the end of the file, or where a document ends.
  mutating func explainUnclosedQuote(at start: Int, to report: inout Reporter) {
    let end = max(source.contentEnd(from: start), min(start + 1, source.count))
    let inBrackets = source.isInBrackets(start)
    let text = source.text(min(start + 1, end), end)
    let quote = source.text(start, start + 1)
    report.add(
      .unclosedQuote, "the text that begins here has no closing quote", at: start, end: end,
      help: inBrackets || text.utf8.count > 80
        ? "put `\(quote)` at its end" : "write `\(quote)\(text)\(quote)`")
    let isSimple = !text.contains { ":#,[]{}'\"&*!|>%@`".contains($0) }
    if isSimple, !inBrackets, !text.isEmpty, text.first?.isWhitespace == false {
      replace(start, with: " ")
    }
  }

  /// A backslash that begins no escape.
  mutating func explainEscape(to report: inout Reporter) {
    var start = place
    while start > contextPlace, source.byte(at: start) != UInt8(ascii: "\\") { start -= 1 }
    guard source.byte(at: start) == UInt8(ascii: "\\") else { return explainUnknown(to: &report) }
    // The byte after the backslash may be the first of several that make one character.
    var end = min(start + 2, source.count)
    while let byte = source.byte(at: end), byte & 0xC0 == 0x80 { end += 1 }
    let shown = source.text(start, end)
    if failure.problem == "found unknown escape character" {
      report.add(
        .unknownEscape, "`\(shown)` means nothing in double quotes", at: start, end: end,
        help: "write `\\\(shown)`, or put the text in single quotes",
        fix: .init(
          "double the backslash", replacing: report.span(start, start + 1), with: "\\\\"))
    } else {
      report.add(
        .unknownEscape, "the number of a character must follow `\(shown)`", at: start, end: end,
        help: "write the character itself, or `\\\(shown)` for a backslash")
    }
    replace(start, with: "x")
  }

  /// A colon with a blank behind it, where no key can end.
  mutating func explainColon(to report: inout Reporter) {
    guard let start = source.valueStart(before: place), start < place else {
      return explainColonInLine(to: &report)
    }
    explainCutShort(from: start, inBrackets: false, to: &report)
  }

  /// A text with a colon in it that makes YAML see a second key.
  mutating func explainCutShort(from start: Int, inBrackets: Bool, to report: inout Reporter) {
    let end = max(source.plainEnd(from: start, inBrackets: inBrackets), place + 1)
    let whole = source.text(start, end)
    let isQuoted = whole.first.map { "\"'{[".contains($0) } ?? false
    report.add(
      .textCutShort, "a second colon follows on the same line", at: place,
      end: place + 1,
      help: isQuoted
        ? "put the second entry on a line of its own"
        : Reporter.adviceToQuote(whole, "quote the text"))
    if !isQuoted { replace(place, with: ";") }
  }

  /// A line that makes no entry, because its colon or the blank behind it is missing.
  mutating func explainMissingColon(to report: inout Reporter) {
    let start = contextPlace
    let end = max(source.contentEnd(from: start), min(start + 1, source.count))
    let text = source.text(start, end)
    let shown = Reporter.quote(text)
    if let colon = text.firstIndex(of: ":"), text.index(after: colon) < text.endIndex {
      let key = text[..<colon]
      let value = text[text.index(after: colon)...]
      report.add(
        .missingColon, "\(shown) has no space after its colon", at: start, end: end,
        help: text.utf8.count > 80 ? "put a space after it" : "write `\(key): \(value)`")
    } else {
      report.add(
        .missingColon, "\(shown) is not an entry: it has no colon", at: start, end: end,
        help: "write `\(text.prefix(60)): …`, or indent it if it goes on with the text above")
    }
    // Made a comment, the line is lost, but the lines after it can be read.
    if source.isBlank(at: start - 1), Self.isBalanced(text) {
      replace(start, with: "#")
      keepsMeaning = false
    }
  }

  /// Whether no bracket and no quote of a line is left open behind it.
  private static func isBalanced(_ text: String) -> Bool {
    func count(_ mark: Character) -> Int { text.count { $0 == mark } }
    return count("{") == count("}") && count("[") == count("]") && count("\"") % 2 == 0
      && count("'") % 2 == 0
  }
}
