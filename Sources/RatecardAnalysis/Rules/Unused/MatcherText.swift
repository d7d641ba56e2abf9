import RatecardModel
import RatecardValues

/// Writes conditions as cards do.
struct MatcherText {
  private let card: Card

  init(_ card: Card) { self.card = card }

  /// `model: [gpt-4o, o1]`.
  func condition(_ attribute: AttributeID, _ matcher: Matcher) -> String {
    "\(card[attribute].name): \(text(matcher))"
  }

  private func text(_ matcher: Matcher) -> String {
    switch matcher {
    case .any: return "any"
    case .present: return "present"
    case .absent: return "absent"
    case .not(let inner): return "{not: \(text(inner))}"
    case .oneOf(let patterns):
      let items = patterns.map(text)
      return items.count == 1 ? items[0] : "[\(items.joined(separator: ", "))]"
    case .range(let lower, let upper):
      let ends = [
        lower.map { "\($0.isInclusive ? "at_least" : "above"): \(text($0.value))" },
        upper.map { "\($0.isInclusive ? "at_most" : "below"): \(text($0.value))" },
      ]
      return "{\(ends.compactMap(\.self).joined(separator: ", "))}"
    }
  }

  private func text(_ pattern: Pattern) -> String {
    switch pattern {
    case .value(let value): text(value)
    case .glob(let glob): quoted(glob.description)
    }
  }

  private func text(_ value: Value) -> String {
    switch value {
    case .text(let text):
      quoted(
        text.string.split(separator: "*", omittingEmptySubsequences: false).joined(separator: "\\*")
      )
    case .flag(let flag): flag ? "true" : "false"
    case .number(let number): number.description
    case .instant(let instant): instant.description
    }
  }

  /// A text that YAML and the language take for just that: plain where it is a word, else quoted.
  private func quoted(_ text: String) -> String {
    let isWord =
      text.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
          UInt8(ascii: "."), UInt8(ascii: "+"), UInt8(ascii: "*"), UInt8(ascii: "/"),
          UInt8(ascii: "\\"):
          true
        default: byte >= 0x80
        }
      }
    let first = text.utf8.first
    let isPlain =
      isWord && first != UInt8(ascii: "*") && first != UInt8(ascii: "-") && first != nil
      && !["any", "present", "absent", "null", "true", "false"].contains(text)
    if isPlain { return text }
    let parts = text.split(separator: "'", omittingEmptySubsequences: false)
    return "'\(parts.joined(separator: "''"))'"
  }
}
