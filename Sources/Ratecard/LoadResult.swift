public import RatecardDiagnostics

/// What loading a folder comes to: a card, or the reasons why there is none.
public enum LoadResult: Sendable {
  /// A card that may be asked; the report may hold warnings.
  case loaded(RateCard, Report)
  /// No card; the report holds at least one error.
  case refused(Report)

  /// What was found while reading, whether or not there is a card.
  public var report: Report {
    switch self {
    case .loaded(_, let report), .refused(let report): report
    }
  }

  /// The card, if there is one.
  public var card: RateCard? {
    switch self {
    case .loaded(let card, _): card
    case .refused: nil
    }
  }
}

/// The diagnostics of a load, with the files that their places lie in.
public struct Report: Sendable {
  /// The files read; a span's file is an index into them.
  public let files: [SourceFile]
  /// The findings, by file and place.
  public let diagnostics: [Diagnostic]

  /// Makes a report of findings that are already sorted.
  public init(files: [SourceFile], diagnostics: [Diagnostic]) {
    self.files = files
    self.diagnostics = diagnostics
  }

  /// Whether an error is among the findings.
  public var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }
}
