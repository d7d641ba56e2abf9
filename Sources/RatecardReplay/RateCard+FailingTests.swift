public import Ratecard
internal import RatecardDiagnostics
internal import RatecardModel

extension RateCard {
  /// Runs the card's own tests: a finding, an error, for each that fails.
  ///
  /// What a live card asks of each card before it answers anybody:
  ///
  ///     LiveRateCard(folder: folder, admission: .init(provesGuards: true) { $0.failingTests() })
  ///
  /// The report's files are the card's.
  public func failingTests() -> Report {
    let failures = CardTestRun(self).results.filter { !$0.passes }
    return Report(files: files, diagnostics: failures.map(Self.diagnostic))
  }

  private static func diagnostic(_ result: CardTestResult) -> Diagnostic {
    Diagnostic(
      .testFails, "the test `\(result.test.name)` fails: the answer is \(result.answer.summary)",
      at: result.test.span, help: "mend the card, or expect what it answers",
      notes: result.mismatches.map { mismatch in
        Diagnostic.Note(
          "`\(mismatch.part)` is expected to be `\(mismatch.expected)`, and is "
            + (mismatch.actual.map { "`\($0)`" } ?? "not in the answer"), at: mismatch.span)
      })
  }
}
