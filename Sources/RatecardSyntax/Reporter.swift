import RatecardDiagnostics

/// Words the mistakes that are met while a file is read, and counts them against the bound.
struct Reporter {
  let file: FileID
  let limit: Int
  private(set) var bag = DiagnosticBag()
  private(set) var isFull = false

  init(file: FileID, limit: Int) {
    self.file = file
    self.limit = limit
  }

  mutating func add(
    _ code: DiagnosticCode, _ message: String, at start: Int, end: Int, help: String? = nil,
    notes: [Diagnostic.Note] = [], fix: Diagnostic.Fix? = nil
  ) {
    guard !isFull else { return }
    let span = Span(file: file, start: start, end: max(start, end))
    if bag.diagnostics.count >= limit {
      isFull = true
      bag.add(
        Diagnostic(
          .tooManyMistakes, "more than \(limit) mistakes; the rest of the file is not checked",
          at: span, help: "put these right and run again"))
      return
    }
    bag.add(Diagnostic(code, message, at: span, help: help, notes: notes, fix: fix))
  }

  func span(_ start: Int, _ end: Int) -> Span { Span(file: file, start: start, end: end) }

  /// What the author wrote, in backticks and cut to a readable length.
  static func quote(_ bytes: some Sequence<UInt8>) -> String {
    quote(String(decoding: Array(bytes), as: UTF8.self))
  }

  static func quote(_ text: String) -> String {
    let shown = text.prefix(60).map { $0.isNewline || $0 == "\t" ? " " : $0 }
    return "`" + String(shown) + (shown.count < text.count ? "…`" : "`")
  }

  /// A text as YAML in quotes that keep it as it is.
  static func yamlQuoted(_ text: String) -> String {
    let text = text.split(whereSeparator: \.isNewline).enumerated()
      .map { $0 == 0 ? $1 : $1.drop { $0 == " " || $0 == "\t" } }.joined(separator: " ")
    if text.contains("\\") { return "'" + doubled("'", in: text) + "'" }
    if text.contains("\"") {
      return text.contains("'") ? "'" + doubled("'", in: text) + "'" : "'" + text + "'"
    }
    return "\"" + text + "\""
  }

  /// Help that shows a text in quotes, unless it is too long to be read there.
  static func adviceToQuote(_ text: String, _ advice: String = "quote it") -> String {
    text.utf8.count > 80 ? advice : "\(advice): `\(yamlQuoted(text))`"
  }

  private static func doubled(_ mark: Character, in text: String) -> String {
    String(text.flatMap { $0 == mark ? [$0, $0] : [$0] })
  }

  // MARK: Bounds

  mutating func tooDeep(at offset: Int, limit: Int) {
    add(
      .tooDeep, "lists and maps stand in each other more than \(limit) deep", at: offset,
      end: offset + 1, help: "a bracket may be missing before this place")
  }

  mutating func tooManyNodes(at offset: Int, limit: Int) {
    add(
      .tooManyNodes, "the file holds more than \(limit) keys and values", at: offset, end: offset,
      help: "spread the entries over several files")
  }

  mutating func aliasExpansion(at start: Int, end: Int, limit: Int) {
    add(
      .aliasExpansion, "written out, the aliases of this file are more than \(limit) values",
      at: start, end: end, help: "write the entries themselves instead of aliases of aliases")
  }

  mutating func recursiveAlias(_ name: String, at start: Int, end: Int, anchor: Int) {
    add(
      .recursiveAlias, "\(Self.quote("*" + name)) stands inside the very value it names", at: start,
      end: end, help: "write the value itself here",
      notes: [.init("this value is named here", at: span(anchor, anchor))])
  }

  // MARK: Marks of YAML that the language has no use for

  mutating func tag(at start: Int, end: Int, text: String) {
    add(
      .tag, "\(Self.quote(text)) is a YAML tag, which rate cards do not have", at: start, end: end,
      help: "remove it, or quote the text if it belongs to it")
  }

  mutating func secondDocument(at start: Int, end: Int) {
    add(
      .severalDocuments, "a second document begins here; a file holds one", at: start, end: end,
      help: "remove this line, or move what follows into a file of its own")
  }

  mutating func directive(at start: Int, end: Int, text: String) {
    add(
      .directive, "\(Self.quote(text)) is a YAML directive, which rate cards do not have",
      at: start, end: end, help: "remove the line, or quote the text if it is meant as one")
  }

  /// A text that begins with a character which YAML keeps for itself.
  mutating func reservedText(_ text: String, at start: Int, end: Int, help: String? = nil) {
    let isStar = text.hasPrefix("*")
    let mark = text.first.map { $0 == "`" ? "a backtick" : "`\($0)`" } ?? "a mark"
    let shown = text.hasPrefix("`") ? "this text" : Self.quote(text)
    add(
      isStar ? .leadingStar : .reservedCharacter,
      isStar
        ? "\(shown) begins with a star, which YAML reads as the name of an anchor"
        : "\(shown) begins with \(mark), which YAML reserves", at: start, end: end,
      help: help ?? Self.adviceToQuote(text),
      fix: help == nil
        ? .init("quote the text", replacing: span(start, end), with: Self.yamlQuoted(text)) : nil)
  }
}
