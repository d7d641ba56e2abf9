internal import RatecardJSON
internal import RatecardValues
internal import Ratecard

/// What the service says about itself: a JSON object a line.
package struct ServiceLog: Sendable {
  /// How much a line matters.
  package enum Level: String, Comparable, Sendable, CaseIterable {
    /// Every request.
    case debug
    /// What an operator wants to know.
    case info
    /// What an operator should look at.
    case warning
    /// What needs an operator.
    case error

    package static func < (left: Level, right: Level) -> Bool { left.rank < right.rank }

    private var rank: Int {
      switch self {
      case .debug: 0
      case .info: 1
      case .warning: 2
      case .error: 3
      }
    }
  }

  /// The least that is written.
  package let level: Level
  private let write: @Sendable ([UInt8]) -> Void

  /// Makes a log that hands whole lines to `write`, from any thread.
  package init(level: Level = .info, write: @escaping @Sendable ([UInt8]) -> Void) {
    self.level = level
    self.write = write
  }

  /// Writes a line.
  func callAsFunction(
    _ level: Level, _ event: String, _ fields: (inout JSONWriter) -> Void = { _ in }
  ) {
    guard level >= self.level else { return }
    var json = JSONWriter()
    json.beginObject()
    json.member("at", Instant.present.description)
    json.member("level", level.rawValue)
    json.member("event", event)
    fields(&json)
    json.endObject()
    json.raw(CollectionOfOne(UInt8(ascii: "\n")))
    write(json.bytes)
  }
}
