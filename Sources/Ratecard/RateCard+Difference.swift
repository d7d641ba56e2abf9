public import RatecardAnalysis
internal import RatecardDiagnostics
internal import RatecardEngine
internal import RatecardModel

extension RateCard {
  /// What changes in meaning from another card to this one, and nothing else.
  ///
  /// Exact: requests are compared as regions, not as samples. Throws where that would take too long.
  public func difference(from old: RateCard) throws(DifferenceFailure) -> CardDifference {
    try CardDifference.between(old.model, model)
  }

  /// Findings for the guards of this card that bound how far prices may be from those of the card
  /// before (`changes`), and that do not hold or cannot be proved to; all of them are errors.
  ///
  /// The report's files are those of this card, then those of the old one.
  public func brokenChanges(since old: RateCard) -> Report {
    var bag = DiagnosticBag()
    proveChanges(since: old, into: &bag)
    return Report(files: files + old.files, diagnostics: bag.sorted)
  }

  /// Adds these findings; the old card's files follow those of this one.
  func proveChanges(since old: RateCard, into bag: inout DiagnosticBag) {
    Analysis.proveChanges(
      from: (old.model, old.evaluator.table), to: (model, evaluator.table),
      oldFiles: files.count, into: &bag)
  }
}
