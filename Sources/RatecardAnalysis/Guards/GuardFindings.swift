import RatecardDiagnostics
import RatecardModel

extension Guard {
  /// The finding that a verdict comes to; nil: the guard holds.
  func diagnostic(_ verdict: GuardProof.Verdict) -> Diagnostic? {
    switch verdict {
    case .proved: nil
    case .refuted(let refutation):
      Diagnostic(
        .guardFails, "the guard `\(name)` does not hold: \(refutation.says)", at: span,
        help: "change the price, or what is promised of which requests", notes: refutation.notes)
    case .undecided(let reason):
      Diagnostic(
        .guardNotProved, "the guard `\(name)` could not be proved: \(reason)", at: span,
        help: "promise it of fewer requests, or promise less")
    case .withoutRequests:
      Diagnostic(
        .guardWithoutRequests, "no request meets the conditions of the guard `\(name)`", at: span,
        help: "correct its `when`, or remove it")
    }
  }
}
