/// Why bytes are no JSON document, and where.
public struct JSONFailure: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong, in words for the person who wrote it: lower case, without a full stop.
  public let message: String
  /// The byte at which it is wrong, from 0.
  public let offset: Int

  /// Makes a failure.
  public init(_ message: String, at offset: Int) {
    self.message = message
    self.offset = offset
  }

  /// The message with its place, counted from 1.
  public var description: String { "\(message) at byte \(offset + 1)" }
}
