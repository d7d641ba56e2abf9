internal import RatecardDiagnostics
internal import RatecardSyntax

/// A mapping whose keys are known: what stands under each of them.
///
/// Made by `CheckContext.fields(of:…)`, which reports keys that are unknown, missing or empty; a
/// key that was reported is not here.
struct Fields {
  /// One key and what stands under it.
  struct Field {
    /// The key's text, which is looked for again and again.
    let name: String
    /// The key, to point at.
    let key: Node
    /// The value, never empty.
    let value: Node
  }

  /// The place of the mapping.
  let span: Span
  fileprivate(set) var fields: [Field] = []
  /// Whether a key was reported, so that nothing further should be said about what is missing.
  fileprivate(set) var isFaulty = false

  fileprivate init(span: Span) { self.span = span }

  /// What stands under a key.
  subscript(key: String) -> Node? { fields.first { $0.name == key }?.value }

  /// The key itself, to point at.
  func key(_ key: String) -> Node? { fields.first { $0.name == key }?.key }

  /// Whether a key is there, with a value.
  func has(_ key: String) -> Bool { fields.contains { $0.name == key } }

  /// The keys of these that are there, in this order.
  func present(_ keys: [String]) -> [String] { keys.filter(has) }
}

extension CheckContext {
  /// Reads a mapping whose keys are known; nil, and a finding, when it is none.
  ///
  /// `what` says what it is, with its article: "a plan". Reported are keys that are unknown (with
  /// the closest known one), required keys that are missing, and keys without a value. `accept`
  /// is read here where it is among the keys, and holds for the node with its key `entryKey`.
  mutating func fields(
    of node: Node, _ what: String, keys: [String], required: [String] = [],
    named entryKey: Node? = nil
  ) -> Fields? {
    guard node.kind == .mapping else {
      report(
        .wrongKind, "\(what) must be a map, this is \(node.inWords)", at: node.span,
        help: "its keys are " + keys.map { "`\($0)`" }.joined(separator: ", "))
      return nil
    }
    var result = Fields(span: node.span)
    var seen: [String] = []
    for entry in node.entries {
      let name = entry.key.text
      guard keys.contains(name) else {
        result.isFaulty = true
        report(
          .unknownKey, "\(what) has no key `\(name)`", at: entry.key.span,
          help: Suggestion.closest(to: name, among: keys).map { "did you mean `\($0)`?" }
            ?? "its keys are " + keys.map { "`\($0)`" }.joined(separator: ", "))
        continue
      }
      seen.append(name)
      guard !entry.value.isMissing else {
        result.isFaulty = true
        reportMissingValue(of: entry.key)
        continue
      }
      if name == Self.acceptKey {
        let start = entryKey?.span.start ?? node.span.start
        readAcceptances(
          entry.value,
          in: Span(file: node.span.file, start: Int(start), end: Int(node.span.end)))
        continue
      }
      result.fields.append(Fields.Field(name: name, key: entry.key, value: entry.value))
    }
    let missing = required.filter { !seen.contains($0) }
    if !missing.isEmpty, !result.isFaulty {
      result.isFaulty = true
      report(
        .missingKey, "\(what) needs " + missing.map { "`\($0)`" }.joined(separator: " and "),
        at: node.span,
        help: "add " + missing.map { "`\($0): …`" }.joined(separator: " and "))
    }
    return result
  }

  /// Reports a key with nothing after it.
  mutating func reportMissingValue(of key: Node) {
    report(
      .missingValue, "`\(key.text)` has no value", at: key.span,
      help: "write one after the colon, or remove the key")
  }

  /// Reports all but the first of several keys that exclude each other; true when there are some.
  ///
  /// `reason` says why, as a sentence: "a rule has a price or a refusal".
  @discardableResult
  mutating func reportConflict(
    among keys: [String], in fields: Fields, because reason: String
  ) -> Bool {
    let present = fields.present(keys)
    guard let first = present.first, present.count > 1 else { return false }
    for other in present.dropFirst() {
      guard let key = fields.key(other) else { continue }
      let note = fields.key(first).map { Diagnostic.Note("`\(first)` is here", at: $0.span) }
      report(
        .conflictingKeys, "`\(other)` cannot stand beside `\(first)`: \(reason)", at: key.span,
        help: "keep one of them", notes: note.map { [$0] } ?? [])
    }
    return true
  }
}

extension Node {
  /// What it is, in a person's words: "a list", "the text `x`".
  var inWords: String {
    switch kind {
    case .mapping: "a map"
    case .sequence: "a list"
    case .scalar: isMissing ? "empty" : isPlain ? "`\(text)`" : "the text \"\(text)\""
    }
  }
}
