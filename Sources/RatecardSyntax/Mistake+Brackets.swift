import RatecardDiagnostics

/// Lists and maps in brackets that do not close, or lack a comma.
extension Mistake {
  /// libyaml wanted a comma or the closing bracket; `contextPlace` is the opening one.
  mutating func explainBrackets(open: String, close: String, to report: inout Reporter) {
    let opened = contextPlace
    let closing = source.closing(of: opened)
    let isInside = closing.map { place < $0 } ?? false
    switch source.byte(at: place) {
    case UInt8(ascii: ":") where source.isColon(at: place) || isInside:
      if let start = source.valueStart(before: place), start < place, start > opened {
        return explainCutShort(from: start, inBrackets: true, to: &report)
      }
    case UInt8(ascii: "]") where close == "}", UInt8(ascii: "}") where close == "]":
      return explainWrongBracket(open: open, close: close, to: &report)
    default: break
    }
    if let lastScalar, lastScalar.isQuoted, !source.areOnOneLine(lastScalar.start, place),
      lastScalar.start > opened, source.areOnOneLine(lastScalar.end, place)
    {
      return explainUnclosedQuote(at: lastScalar.start, to: &report)
    }
    let isOnOneLine = source.areOnOneLine(opened, place)
    let isDeeper = source.indentation(of: place) > source.indentation(of: opened)
    guard isInside, isOnOneLine || isDeeper else {
      var notes: [Diagnostic.Note] = []
      let next = source.firstInLine(of: place)
      if place < source.count, !isOnOneLine {
        notes.append(
          .init("it is still open here", at: report.span(next, shown(at: next).end)))
      }
      report.add(
        .unclosedBracket, "this `\(open)` is not closed", at: opened,
        end: min(opened + 1, source.count), help: "put `\(close)` where it ends", notes: notes)
      return
    }
    // At a colon the missing comma is before the key.
    let isAtColon = source.byte(at: place) == UInt8(ascii: ":")
    let start = isAtColon ? source.firstInLine(of: place) : place
    let (text, end) = shown(at: start)
    if let lastScalar, lastScalar.isQuoted, source.nextVisible(lastScalar.end) == place,
      source.areOnOneLine(lastScalar.end, place)
    {
      report.add(
        .unclosedBracket, "\(text) follows a text in quotes without a comma", at: place, end: end,
        help: "put a comma between them, or the whole text in quotes")
    } else {
      report.add(
        .unclosedBracket, "a comma is missing before \(text)", at: start, end: end,
        help: "put a comma after the entry before it")
    }
  }

  private mutating func explainWrongBracket(
    open: String, close: String, to report: inout Reporter
  ) {
    let written = source.text(place, place + 1)
    report.add(
      .unclosedBracket, "`\(written)` stands where `\(close)` is expected", at: place,
      end: place + 1, help: "close what was opened last first",
      notes: [
        .init("`\(open)` is opened here", at: report.span(contextPlace, contextPlace + 1))
      ])
    // With nothing open around it, the wrong bracket can only be meant as the right one.
    if let mark = close.first, !source.isInBrackets(contextPlace) { replace(place, with: mark) }
  }

  /// A comma or closing bracket where a value should stand.
  mutating func explainNothing(to report: inout Reporter) {
    let end = min(place + 1, source.count)
    let inBrackets = failure.context == "while parsing a flow node"
    switch source.byte(at: place) {
    case UInt8(ascii: ",") where inBrackets:
      report.add(
        .brokenYAML, "nothing stands before this comma", at: place, end: end,
        help: "remove the comma, or write what is missing",
        fix: .init("remove the comma", replacing: report.span(place, end), with: ""))
      replace(place, with: " ")
    case UInt8(ascii: ","): explainReserved(at: place, to: &report)
    case UInt8(ascii: "]"), UInt8(ascii: "}"):
      report.add(
        .unclosedBracket, "`\(source.text(place, end))` closes nothing", at: place, end: end,
        help: "remove it, or open its list or map before it")
      replace(place, with: " ")
      keepsMeaning = false
    case UInt8(ascii: ":") where inBrackets:
      let last = source.plainEnd(from: place, inBrackets: true)
      report.add(
        .keyLeftOut, "there is no key before the colon", at: place, end: end,
        help: "write one, or quote the text if the colon belongs to it")
      for offset in place..<max(last, place) { replace(offset, with: " ") }
    case nil:
      let opened = contextPlace
      report.add(
        .brokenYAML, "the file ends where a value is expected", at: opened, end: opened,
        help: "a bracket before this place is not closed")
    default: explainUnknown(to: &report)
    }
  }
}
