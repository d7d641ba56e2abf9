public import RatecardValues

/// A notice on its way to whoever is told of notices.
public struct NoticePosting: Hashable, Sendable {
  /// Where it stands among notices.
  public var sequence: Int64
  /// The name under which it is posted, the same at every attempt.
  public var id: String
  /// The notice.
  public var notice: Notice
  /// Since when it has been tried, as far as giving up goes by that.
  public var since: Instant
  /// What becomes of it next.
  public var state: OutboxEvent.State
  /// The poster that holds it.
  public var owner: String?
  /// How often it was tried in vain.
  public var attempts: Int
  /// Why the last attempt failed.
  public var lastFailure: String?
  /// The same as a code.
  public var code: DeliveryCode?
}
