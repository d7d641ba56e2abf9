public import RatecardValues

/// What a person corrected of usage that was refused: kept for as long as the store is.
public struct Correction: Hashable, Sendable {
  /// The event's id, which never changes.
  public var id: String
  /// When.
  public var at: Instant
  /// Where it was asked for, such as `http` or `command line`.
  public var source: String
  /// The corrected fields as they were, a JSON object.
  public var from: String
  /// The same fields as they are now; null: taken away.
  public var to: String

  /// Makes a correction.
  public init(id: String, at: Instant, source: String, from: String, to: String) {
    self.id = id
    self.at = at
    self.source = source
    self.from = from
    self.to = to
  }
}
