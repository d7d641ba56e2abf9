public import RatecardDiagnostics

/// A finding that the card's author has seen and wants left as it is, with the reason why.
public struct Acceptance: Hashable, Sendable {
  /// The kind of finding; never one that keeps a card from loading.
  public var code: DiagnosticCode
  /// Why it is accepted.
  public var reason: String
  /// Where it stands.
  public var span: Span
  /// The entry it stands in: findings that point into it are accepted; nil: all of the card's.
  public var entry: Span?

  /// Makes an acceptance.
  public init(code: DiagnosticCode, reason: String, span: Span, entry: Span?) {
    self.code = code
    self.reason = reason
    self.span = span
    self.entry = entry
  }

  /// Whether it is this finding that is accepted.
  public func covers(_ diagnostic: Diagnostic) -> Bool {
    guard diagnostic.code == code, diagnostic.severity != .error else { return false }
    guard let entry else { return true }
    return entry.file == diagnostic.span.file && entry.start <= diagnostic.span.start
      && diagnostic.span.end <= entry.end
  }
}
