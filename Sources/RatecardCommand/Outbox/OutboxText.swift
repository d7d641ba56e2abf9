internal import RatecardJSON
internal import RatecardService
internal import RatecardStore
internal import RatecardValues

/// What the outbox holds, as a person reads it.
enum OutboxText {
  /// How much there is, in a line.
  static func line(of summary: OutboxSummary) -> String {
    let since = summary.oldest.map { ", the oldest since \($0)" } ?? ""
    var parts = [
      "\(summary.depth) waiting\(since)", "\(summary.dead) dead",
      "\(summary.deadLetters) dead letters",
    ]
    if summary.notices + summary.deadNotices > 0 {
      parts.append("notices: \(summary.notices) waiting, \(summary.deadNotices) dead")
    }
    return parts.joined(separator: "; ")
  }

  /// An entry in a line: state, code, time, customer, credits, id and reason.
  static func line(of entry: OutboxEntry) -> String {
    [
      padded(entry.due == nil ? "dead" : "waiting", 7), padded(entry.code ?? "-", 12),
      entry.at.description, visible(entry.customer.isEmpty ? "-" : entry.customer),
      entry.credits?.description ?? "-", visible(entry.id), visible(entry.reason ?? ""),
    ].joined(separator: "  ").trimmingSpacesAtEnd
  }

  /// The members of an object, a line each.
  static func lines(of json: [UInt8]) -> [String] {
    let members = (try? JSONValue(parsing: json))?.members ?? []
    return members.map { member in
      if case .string(let text) = member.value { return "\(member.name): \(visible(text))" }
      return "\(member.name): \(member.value.text())"
    }
  }

  /// A text on one line, without what a terminal would obey.
  static func visible(_ text: String) -> String {
    String(
      String.UnicodeScalarView(
        text.unicodeScalars.map { scalar in
          switch scalar.value {
          case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029, 0x202A...0x202E, 0x2066...0x2069: "\u{FFFD}"
          default: scalar
          }
        }))
  }
}

extension String {
  fileprivate var trimmingSpacesAtEnd: String {
    String(reversed().drop { $0 == " " }.reversed())
  }
}

/// Writes a list of entries as they come, so that it may be longer than memory.
struct OutboxList {
  private let isJSON: Bool
  private let output: Output
  /// The kind whose list is open.
  private var kind: OutboxEntry.Kind?
  private var isEmpty = true

  init(isJSON: Bool, output: Output) {
    self.isJSON = isJSON
    self.output = output
  }

  mutating func begin(_ summary: OutboxSummary) {
    guard isJSON else { return output.line(OutboxText.line(of: summary)) }
    var json = JSONWriter()
    json.beginObject()
    OutboxJSON.write(summary, to: &json)
    output.write(json.bytes)
  }

  mutating func add(_ entry: OutboxEntry) {
    guard isJSON else { return output.line(OutboxText.line(of: entry)) }
    open(entry.kind)
    var json = JSONWriter()
    OutboxJSON.write(entry, to: &json)
    if !isEmpty { output.write(",") }
    output.write(json.bytes)
    isEmpty = false
  }

  mutating func end(next: OutboxPlace?) {
    guard isJSON else {
      if let next { output.line("more: --after \(next)") }
      return
    }
    open(nil)
    output.line(#","next":\#(next.map { "\"\($0)\"" } ?? "null")}"#)
  }

  /// Opens the list of a kind after those before it; nil: after all.
  private mutating func open(_ wanted: OutboxEntry.Kind?) {
    guard kind != wanted || wanted == nil else { return }
    let kinds = OutboxEntry.Kind.allCases
    let from = kind.flatMap { kinds.firstIndex(of: $0) }.map { $0 + 1 } ?? 0
    let to = wanted.flatMap { kinds.firstIndex(of: $0) } ?? kinds.count - 1
    guard from <= to else {
      if wanted == nil { output.write("]") }
      return
    }
    for place in from...to {
      if place > 0 { output.write("]") }
      output.write(",\"\(OutboxJSON.list(of: kinds[place]))\":[")
      isEmpty = true
    }
    if wanted == nil { output.write("]") }
    kind = wanted ?? kinds[to]
  }
}
