import RatecardCompiler
import RatecardDiagnostics

/// One thing that lint looks for; each stands in a file of its own in `Rules/`.
struct LintRule: Sendable {
  /// The kind of finding, with its documentation.
  let code: DiagnosticCode
  /// Finds it; gives up when the proof takes too long.
  let check: @Sendable (Inspection) throws(RoomSearch.GaveUp) -> [Diagnostic]

  init(
    _ code: DiagnosticCode,
    _ check: @escaping @Sendable (Inspection) throws(RoomSearch.GaveUp) -> [Diagnostic]
  ) {
    self.code = code
    self.check = check
  }

  /// Every rule, by its finding's number.
  static let all: [LintRule] = prices + unused + tiers
}
