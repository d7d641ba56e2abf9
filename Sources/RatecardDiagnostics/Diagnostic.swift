/// How much a finding weighs: an error keeps the card from loading.
public enum Severity: String, Hashable, Sendable {
  case error, warning, note
}

/// One finding about a rate card, at one place, in words for the card's author.
///
/// Messages are lower case without a full stop; what the person wrote stands in backticks; what to
/// do about it stands in `help`.
public struct Diagnostic: Hashable, Sendable {
  /// A further place that explains the finding.
  public struct Note: Hashable, Sendable {
    /// What is to be seen there.
    public let message: String
    /// The place; nil for a remark that has none.
    public let span: Span?

    /// Makes a note.
    public init(_ message: String, at span: Span? = nil) {
      self.message = message
      self.span = span
    }
  }

  /// A change of the source that removes the finding without changing what anything else means.
  public struct Fix: Hashable, Sendable {
    /// What the change does, as an imperative: "quote the text".
    public let message: String
    /// The bytes to replace.
    public let span: Span
    /// What to put there.
    public let replacement: String

    /// Makes a fix that replaces the bytes of `span`.
    public init(_ message: String, replacing span: Span, with replacement: String) {
      self.message = message
      self.span = span
      self.replacement = replacement
    }
  }

  /// What kind of finding it is.
  public let code: DiagnosticCode
  /// How much it weighs; usually the code's own severity.
  public let severity: Severity
  /// What is wrong.
  public let message: String
  /// Where.
  public let span: Span
  /// What to do about it, shown beside the caret.
  public let help: String?
  /// Further places.
  public let notes: [Note]
  /// A safe change that removes it, if there is one.
  public let fix: Fix?

  /// Makes a diagnostic; the severity is the code's unless given.
  public init(
    _ code: DiagnosticCode, _ message: String, at span: Span, severity: Severity? = nil,
    help: String? = nil, notes: [Note] = [], fix: Fix? = nil
  ) {
    self.code = code
    self.severity = severity ?? code.severity
    self.message = message
    self.span = span
    self.help = help
    self.notes = notes
    self.fix = fix
  }
}

/// What a stage of the pipeline collects while it reads: diagnostics, in the order found.
public struct DiagnosticBag: Sendable {
  /// Everything collected so far.
  public private(set) var diagnostics: [Diagnostic] = []
  /// Whether an error is among them.
  public private(set) var hasErrors = false

  /// Starts with nothing collected.
  public init() {}

  /// Adds a diagnostic; the same offence (code and span) is kept once.
  public mutating func add(_ diagnostic: Diagnostic) {
    let key = Key(code: diagnostic.code, span: diagnostic.span)
    guard seen.insert(key).inserted else { return }
    diagnostics.append(diagnostic)
    if diagnostic.severity == .error { hasErrors = true }
  }

  /// Adds everything another bag holds.
  public mutating func add(contentsOf other: DiagnosticBag) {
    for diagnostic in other.diagnostics { add(diagnostic) }
  }

  /// The diagnostics by file and place; at the same place in the order found.
  public var sorted: [Diagnostic] {
    diagnostics.enumerated().sorted { ($0.element.span, $0.offset) < ($1.element.span, $1.offset) }
      .map(\.element)
  }

  private struct Key: Hashable {
    let code: DiagnosticCode
    let span: Span
  }
  private var seen: Set<Key> = []
}
