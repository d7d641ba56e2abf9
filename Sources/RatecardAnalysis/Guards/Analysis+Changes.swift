public import RatecardDiagnostics
public import RatecardEngine
public import RatecardModel
import RatecardValues

extension Analysis {
  /// Adds a finding for each guard of a card that bounds how far prices may be from those of the
  /// card before, and that does not hold or cannot be proved to.
  ///
  /// Both are cards that load, with their tables. Findings point into the new card's files; what
  /// they say of the old one points to files that follow those: `oldFiles` is the number of its
  /// first one.
  public static func proveChanges(
    from old: (card: Card, table: RuleTable), to new: (card: Card, table: RuleTable),
    oldFiles: Int, into bag: inout DiagnosticBag
  ) {
    let guards = new.card.guards.filter(\.boundsChanges)
    guard !guards.isEmpty else { return }
    let units = (old.card.credit.unit, new.card.credit.unit)
    guard ExactText(units.0) == ExactText(units.1) else {
      for item in guards { bag.add(item.diagnostic(ofUnit: units.1, after: units.0)) }
      return
    }
    do {
      let prices = try PairedPrices(Both(old.card, new.card), Both(old.table, new.table))
      add(
        guards.map { item in
          var proof = ChangeProof(item, over: prices, oldFiles: oldFiles)
          return (item, proof.run())
        }, into: &bag)
    } catch {
      add(guards.map { ($0, .undecided(GuardProof.words(for: error))) }, into: &bag)
    }
  }

  private static func add(
    _ verdicts: [(item: Guard, verdict: GuardProof.Verdict)], into bag: inout DiagnosticBag
  ) {
    for (item, verdict) in verdicts {
      if let diagnostic = item.diagnostic(verdict) { bag.add(diagnostic) }
    }
  }
}

extension Guard {
  /// The finding where the card before has prices in another unit.
  fileprivate func diagnostic(ofUnit new: String, after old: String) -> Diagnostic {
    Diagnostic(
      .guardNotProved,
      "the guard `\(name)` could not be proved: prices are in `\(new)`, and in the card before in "
        + "`\(old)`", at: span,
      help: "leave it out for this one change: a price is no multiple of one in another unit")
  }
}
