import RatecardDiagnostics

/// A failure of libyaml, understood: what the author did, where, and what to write instead.
///
/// Where the author's meaning is plain, `changes` put other bytes in the mistake's place so that
/// the rest of the file can be read too; a changed scalar keeps the text that was written.
struct Mistake {
  /// A byte to put in place of another.
  struct Change {
    let offset: Int
    let byte: UInt8
  }

  /// The last scalar that was read before libyaml stopped.
  struct LastScalar {
    let start: Int
    let end: Int
    let isQuoted: Bool
  }

  let failure: EventReader.Failure
  let place: Int
  let contextPlace: Int
  let source: SourceText
  let lastScalar: LastScalar?
  let tabs: [Int]
  /// What to change before the file is read again; empty when nothing sensible is known.
  var changes: [Change] = []
  /// Whether the changed file still says all that the author wrote, so that its tree can be used.
  var keepsMeaning = true

  init(
    _ failure: EventReader.Failure, at place: Int, from contextPlace: Int, in source: SourceText,
    after lastScalar: LastScalar?, tabs: [Int]
  ) {
    self.failure = failure
    self.place = min(place, source.count)
    self.contextPlace = min(contextPlace, source.count)
    self.source = source
    self.lastScalar = lastScalar
    self.tabs = tabs
  }

  /// Reports the mistake and finds out what to change.
  ///
  /// libyaml tells failures apart by their English text alone, which has not changed since 0.1.
  mutating func explain(to report: inout Reporter) {
    switch (failure.context, failure.problem) {
    case (_, let problem) where problem.hasPrefix("found a tab character"):
      explainTab(to: &report)
    case (_, "found character that cannot start any token"):
      if source.byte(at: place) == UInt8(ascii: "\t") {
        explainTab(to: &report)
      } else {
        explainReserved(at: place, to: &report)
      }
    case ("while scanning an alias", _), ("while scanning an anchor", _),
      ("while scanning a block scalar", _):
      explainReserved(at: contextPlace, to: &report)
    case (_, "mapping keys are not allowed in this context"):
      explainReserved(at: place, to: &report)
    case ("while scanning a quoted scalar", _):
      explainUnclosedQuote(at: contextPlace, to: &report)
    case ("while parsing a quoted scalar", _): explainEscape(to: &report)
    case ("while scanning a directive", _): explainDirective(at: contextPlace, to: &report)
    case (_, "found incompatible YAML document"), (_, "found duplicate %YAML directive"),
      (_, "found duplicate %TAG directive"):
      explainDirective(at: place, to: &report)
    case ("while scanning a tag", _), ("while parsing a tag", _):
      explainTag(at: contextPlace, to: &report)
    case (_, "found undefined tag handle"): explainTag(at: place, to: &report)
    case (_, "mapping values are not allowed in this context"): explainColon(to: &report)
    case (_, "block sequence entries are not allowed in this context"):
      explainDash(to: &report)
    case (_, "could not find expected ':'"): explainMissingColon(to: &report)
    case ("while parsing a flow mapping", _): explainBrackets(open: "{", close: "}", to: &report)
    case ("while parsing a flow sequence", _): explainBrackets(open: "[", close: "]", to: &report)
    case (_, "did not find expected node content"): explainNothing(to: &report)
    case ("while parsing a block mapping", _), ("while parsing a block collection", _):
      explainLayout(to: &report)
    case (_, "did not find expected <document start>"): explainRest(to: &report)
    default: explainUnknown(to: &report)
    }
  }

  func explainUnknown(to report: inout Reporter) {
    let end = min(place + 1, source.count)
    report.add(
      .brokenYAML, "this cannot be read as YAML", at: place, end: end,
      help: "quote the text here, or look for a missing quote or bracket before it")
  }

  /// The word or line at an offset, for a message and its span.
  func shown(at offset: Int) -> (text: String, end: Int) {
    let end = source.wordEnd(from: offset, inBrackets: source.isInBrackets(offset))
    let last = max(end, min(offset + 1, source.count))
    return (Reporter.quote(source.text(offset, last)), last)
  }

  mutating func replace(_ offset: Int, with byte: Character) {
    guard let ascii = byte.asciiValue, source.byte(at: offset) != nil else { return }
    changes.append(Change(offset: offset, byte: ascii))
  }
}
