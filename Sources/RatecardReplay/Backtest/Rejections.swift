internal import Ratecard

/// A kind of reason why rows could not be priced, with the first of them.
public struct Rejection: Sendable {
  /// A row and what is wrong with it.
  public struct Example: Sendable {
    /// The place of its source among those read.
    public let source: Int
    /// The line that it begins at.
    public let line: Int
    /// What is wrong.
    public let message: String
  }

  /// The kind: `bad_row`, or as answers spell it: `invalid_request`, `unpriced`, `overflow`.
  public let code: String
  /// The attribute that it is about, if it is about one.
  public let attribute: String?
  /// How many rows there are.
  public internal(set) var count = 0
  /// The first of them.
  public internal(set) var examples: [Example] = []

  /// How many rows are shown of each kind.
  static let exampleLimit = 3

  mutating func keepFirst() {
    examples.sort { ($0.source, $0.line) < ($1.source, $1.line) }
    examples.removeLast(max(0, examples.count - Self.exampleLimit))
  }
}

/// Counts rows that could not be priced, by reason.
struct Rejections {
  private struct Reason: Hashable {
    let code: String
    let attribute: String?
  }

  private var found: [Reason: Rejection] = [:]

  mutating func add(_ error: RequestError, isFault: Bool, source: Int, line: Int) {
    let reason = Reason(
      code: isFault ? "bad_row" : error.code.rawValue, attribute: error.attribute)
    var known = found[reason] ?? Rejection(code: reason.code, attribute: reason.attribute)
    known.count += 1
    // One worker sees rows in their order.
    if known.examples.count < Rejection.exampleLimit {
      let help = error.code == .unpriced && error.attribute == nil ? nil : error.help
      known.examples.append(
        Rejection.Example(
          source: source, line: line, message: error.message + (help.map { "; \($0)" } ?? "")))
    }
    found[reason] = known
  }

  mutating func add(_ other: Rejections) {
    for (reason, rejection) in other.found {
      guard var known = found[reason] else {
        found[reason] = rejection
        continue
      }
      known.count += rejection.count
      known.examples += rejection.examples
      known.keepFirst()
      found[reason] = known
    }
  }

  /// All kinds, the most frequent first.
  var sorted: [Rejection] {
    found.values.sorted {
      ($1.count, $0.code, $0.attribute ?? "") < ($0.count, $1.code, $1.attribute ?? "")
    }
  }
}
