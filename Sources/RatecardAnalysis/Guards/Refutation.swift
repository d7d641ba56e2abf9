import RatecardDiagnostics

/// Why a guard does not hold: what was found, and the requests that show it.
struct Refutation {
  /// What is found, to follow "does not hold: ".
  let says: String
  let notes: [Diagnostic.Note]
}
