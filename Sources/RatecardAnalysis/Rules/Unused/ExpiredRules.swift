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
    return inspection.expired(card.costs, .afterRouting)
      + inspection.expired(card.adjustments, .afterRouting)
      + inspection.expired(card.tiers, .beforeRouting)
      + inspection.expired(card.routes, .beforeRouting)
      + inspection.expired(card.events, .beforeRouting)
  }
}

/// Cells of a table that end together.
private struct EndedTable: Hashable {
  let name: String
  let end: Instant
}

extension Inspection {
  fileprivate func expired<Outcome>(
    _ rules: [Rule<Outcome>], _ section: Space.Section
  ) -> [Diagnostic] {
    guard let axis = space.axis(of: .at, in: section) else { return [] }
    var shown: Set<EndedTable> = []
    var found: [Diagnostic] = []
    for rule in rules.sorted(by: { $0.span < $1.span }) {
      let boxes = space.boxes(rule.scope, in: section, .holding)
      guard let end = end(of: boxes, on: axis), end <= now else { continue }
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
      guard let atom = box[axis]?.ranges.last.map({ Int($0.upperBound) - 1 }) else { return nil }
      let stretch = times.atoms[atom].stretch
      guard stretch < times.cuts.count else { return nil }
      latest = max(latest, times.cuts[stretch])
    }
    return latest
  }
}
