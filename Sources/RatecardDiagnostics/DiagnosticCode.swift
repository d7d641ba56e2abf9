/// A kind of finding, with its stable number and name and what documents it.
///
/// The kinds are declared in `Catalogue/`, one file a range; `all` lists them. A test holds every
/// example against the loader: `wrong` shows the finding, `right` does not.
public struct DiagnosticCode: Hashable, Sendable {
  /// The stable code, such as `RC0402`.
  public let id: String
  /// The stable name, such as `ambiguous-rules`.
  public let name: String
  /// The severity it has unless the place says otherwise.
  public let severity: Severity
  /// What is found, in a sentence.
  public let summary: String
  /// Why it matters, in a sentence or two.
  public let reason: String
  /// A card (or the sections that matter; a header is added where none says `ratecard:`) that shows
  /// it.
  ///
  /// A line `### PATH` begins a further file. Empty where no short text can show it.
  public let wrong: String
  /// The same, put right.
  public let right: String

  /// Declares a kind of finding.
  public init(
    _ id: String, _ name: String, _ severity: Severity = .error, summary: String, reason: String,
    wrong: String, right: String
  ) {
    self.id = id
    self.name = name
    self.severity = severity
    self.summary = summary
    self.reason = reason
    self.wrong = wrong
    self.right = right
  }

  /// Equal when the ids are.
  public static func == (left: DiagnosticCode, right: DiagnosticCode) -> Bool {
    left.id == right.id
  }

  /// Hashes the id.
  public func hash(into hasher: inout Hasher) { hasher.combine(id) }
}
