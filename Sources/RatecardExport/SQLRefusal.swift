public import RatecardDiagnostics

/// Why a card cannot be written in SQL.
public struct SQLRefusal: Error, Sendable {
  /// What of the card it is about, such as `the cost rule `chat``; nil: the card as a whole.
  public internal(set) var subject: String?
  /// Where that stands.
  public internal(set) var span: Span?
  /// Why, as a sentence about the subject without its full stop.
  public let reason: String

  init(_ reason: String) { self.reason = reason }
}

/// Does a part of the work; what is refused in it is about `subject`.
func about<Result>(
  _ subject: @autoclosure () -> String, at span: Span?,
  _ body: () throws(SQLRefusal) -> Result
) throws(SQLRefusal) -> Result {
  do throws(SQLRefusal) { return try body() } catch {
    var refusal = error
    if refusal.subject == nil { (refusal.subject, refusal.span) = (subject(), span) }
    throw refusal
  }
}
