internal import Synchronization

/// How many webhooks came, by their type and what came of them.
final class WebhookCounts: Sendable {
  /// What comes of a webhook.
  enum Result: String, CaseIterable, Sendable {
    case applied, repeated, ignored, kept, forged
  }

  private struct Key: Hashable {
    let type: String
    let result: Result
  }

  /// A sender may make up types without end; those beyond so many are counted together.
  private static let typeLimit = 64
  private static let typeLength = 100
  private let counts = Mutex<[Key: Int]>([:])

  /// Counts one; without a type where it was not read.
  func count(_ result: Result, type: String = "") {
    counts.withLock { counts in
      let key = Key(type: String(type.prefix(Self.typeLength)), result: result)
      let isKnown = counts[key] != nil || counts.count < Self.typeLimit
      counts[isKnown ? key : Key(type: "other", result: result), default: 0] += 1
    }
  }

  /// The counts, sorted; of each result a sum is there from the start.
  var all: [(type: String, result: Result, count: Int)] {
    let counts = counts.withLock { $0 }
    let rows = counts.map { (type: $0.key.type, result: $0.key.result, count: $0.value) }
    let missing = Result.allCases.filter { result in !rows.contains { $0.result == result } }
    return (rows + missing.map { (type: "", result: $0, count: 0) }).sorted {
      $0.result == $1.result
        ? $0.type.utf8.lexicographicallyPrecedes($1.type.utf8)
        : $0.result.rawValue < $1.result.rawValue
    }
  }
}
