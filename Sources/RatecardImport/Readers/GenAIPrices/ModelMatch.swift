internal import RatecardJSON
internal import RatecardValues

/// The texts by which requests may name a model, as genai-prices says it.
struct ModelMatch {
  /// Texts and patterns of which one must fit, in the list's order.
  private(set) var patterns: [Glob] = []
  /// What no pattern of a card can say, as the list has it.
  private(set) var unsaid: [String] = []

  /// Reads a `match`; what cannot be said is kept as text.
  init(_ value: JSONValue) { add(value) }

  private mutating func add(_ clause: JSONValue) {
    guard let member = clause.members?.first, clause.members?.count == 1 else {
      if clause != .null { unsaid.append(clause.text()) }
      return
    }
    switch (member.name, member.value) {
    case ("or", .array(let clauses)): for clause in clauses { add(clause) }
    case ("and", .array(let clauses)) where clauses.count == 1: add(clauses[0])
    case ("equals", .string(let text)): take(text, before: false, after: false)
    case ("starts_with", .string(let text)): take(text, before: false, after: true)
    case ("ends_with", .string(let text)): take(text, before: true, after: false)
    case ("contains", .string(let text)): take(text, before: true, after: true)
    case ("regex", .string(let text)):
      guard let texts = LiteralExpression(text)?.texts else {
        unsaid.append(text)
        return
      }
      for text in texts { take(text, before: false, after: false) }
    default: unsaid.append(clause.text())
    }
  }

  /// A pattern that is open on both sides, made to begin with its text.
  static func narrowed(_ pattern: Glob) -> Glob {
    guard pattern.segments.count > 2, pattern.segments[0].isEmpty else { return pattern }
    let text = Glob(literal: String(decoding: pattern.segments[1], as: UTF8.self)).description
    return Glob(parsing: text + "*")
  }

  private mutating func take(_ text: String, before: Bool, after: Bool) {
    let escaped = text.split(separator: "*", omittingEmptySubsequences: false)
      .joined(separator: "\\*")
    let glob = Glob(parsing: (before ? "*" : "") + escaped + (after ? "*" : ""))
    if !patterns.contains(glob) { patterns.append(glob) }
  }
}

/// A regular expression that fits only a few texts: letters, escaped marks, and groups that may be
/// left out, between `^` and `$`.
struct LiteralExpression {
  /// The texts that it fits.
  let texts: [String]

  /// Reads an expression; nil when it is of any other kind.
  init?(_ expression: String) {
    guard expression.hasPrefix("^"), expression.hasSuffix("$"), expression.count > 2 else {
      return nil
    }
    var rest = expression.dropFirst().dropLast()
    guard let texts = Self.sequence(&rest, inGroup: false), rest.isEmpty else { return nil }
    self.texts = texts
  }

  private static func sequence(_ rest: inout Substring, inGroup: Bool) -> [String]? {
    var texts = [""]
    while let character = rest.first {
      if character == ")" { return inGroup ? texts : nil }
      rest.removeFirst()
      var more: [String]
      switch character {
      case "(":
        guard let group = sequence(&rest, inGroup: true), rest.first == ")" else { return nil }
        rest.removeFirst()
        more = group
      case "\\":
        guard let escaped = rest.popFirst(), !escaped.isLetter, !escaped.isNumber else {
          return nil
        }
        more = [String(escaped)]
      case ".", "[", "]", "{", "}", "|", "+", "*", "?", "^", "$": return nil
      default: more = [String(character)]
      }
      if rest.first == "?" {
        rest.removeFirst()
        more.append("")
      } else if let next = rest.first, "+*{".contains(next) {
        return nil
      }
      texts = texts.flatMap { text in more.map { text + $0 } }
      guard texts.count <= 16 else { return nil }
    }
    return inGroup ? nil : texts
  }
}
