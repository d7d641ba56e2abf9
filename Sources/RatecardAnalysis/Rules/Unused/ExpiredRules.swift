import RatecardCompiler
import RatecardDiagnostics
import RatecardModel
import RatecardValues

extension LintRule {
  /// Rules that hold at no instant from now on.
  ///
  /// They ended by `until`, by a condition on `at`, or because another replaced them. The cells of
  /// a table that end together are shown once.
  static let expiredRules = LintRule(.expiredRule) { inspection in
    let card = inspection.card
    let (space, sets) = (inspection.space, inspection.sets)
    return inspection.expired(card.costs) { sets.costs.rules[$0].holds }
      + inspection.expired(card.adjustments) {
        space.boxes(card.adjustments[$0].scope, in: .afterRouting, .holding)
      }
      + inspection.expired(card.tiers) { sets.tiers.rules[$0].holds }
      + inspection.expired(card.routes) { sets.routes.rules[$0].holds }
      + inspection.expired(card.events) { sets.events.rules[$0].holds }
  }
}

/// Cells of a table that end together.
private struct EndedTable: Hashable {
  let name: String
  let end: Instant
}

extension Inspection {
  fileprivate func expired<Outcome>(
    _ rules: [Rule<Outcome>], holds: (Int) -> [Box]
  ) -> [Diagnostic] {
    guard let axis = space.axis(of: .at, in: .afterRouting) else { return [] }
    var ended: [(rule: Rule<Outcome>, end: Instant)] = []
    for index in rules.indices {
      guard let end = end(of: holds(index), on: axis), end <= now else { continue }
      ended.append((rules[index], end))
    }
    var shown: Set<EndedTable> = []
    var found: [Diagnostic] = []
    for (rule, end) in ended.sorted(by: { $0.rule.span < $1.rule.span }) {
      if let table = rule.table,
        !shown.insert(EndedTable(name: table, end: end)).inserted
      {
        continue
      }
      found.append(
        Diagnostic(
          .expiredRule, "`\(rule.table ?? rule.name)` ended at \(end)", at: rule.span,
          help: "nothing has to be done: older usage can still be priced by it"))
    }
    return found
  }

  /// The first instant from which on no request lies in the boxes; nil: there is none.
  private func end(of boxes: [Box], on axis: Int) -> Instant? {
    guard case .times(let times) = space.axes[axis].domain, !boxes.isEmpty else { return nil }
    var latest = Instant.earliest
    for box in boxes {
      guard let atom = box[axis]?.last else { return nil }
      let stretch = times.atoms[atom].stretch
      guard stretch < times.cuts.count else { return nil }
      latest = max(latest, times.cuts[stretch])
    }
    return latest
  }
}
