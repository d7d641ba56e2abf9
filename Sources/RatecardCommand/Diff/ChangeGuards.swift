internal import Ratecard
internal import RatecardDiagnostics
internal import RatecardModel

/// What came of the guards of a card that bound how far prices may be from those of the card before.
struct ChangeGuards {
  /// The findings for those that do not hold, or cannot be proved to.
  let report: Report
  /// How many such guards the card has.
  let count: Int

  init(of new: RateCard, since old: RateCard) {
    report = new.brokenChanges(since: old)
    count = new.model.guards.count { $0.boundsChanges }
  }

  /// Whether all of them hold.
  var hold: Bool { !report.hasErrors }

  /// `3 guards on change hold`, `1 of 3 guards on change fails`.
  var summary: String {
    let all = counted(count, "guard") + " on change"
    let broken = report.diagnostics.count
    switch (count, broken) {
    case (0, _): return "no guards on change"
    case (1, _): return "\(all) \(hold ? "holds" : "fails")"
    case (_, 0): return "\(all) hold"
    default: return "\(broken) of \(all) \(broken == 1 ? "fails" : "fail")"
    }
  }
}
