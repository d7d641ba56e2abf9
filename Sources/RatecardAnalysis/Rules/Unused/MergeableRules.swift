import RatecardCompiler
import RatecardDiagnostics
import RatecardModel

extension LintRule {
  /// Rules of one section that say the same, differ in one condition only, and could be one rule
  /// without any answer changing but for the rule's name.
  ///
  /// They hold at the same time, and their conditions but one are the same; that one lists values,
  /// or bounds ranges that meet. Every other rule that meets one of them is beaten by it, beats it,
  /// or neither, just as it would be with the merged rule. Adjustments that apply side by side must
  /// never apply together. Cells of tables do not count, nor rules that replace or are replaced:
  /// a history reads better as it was written.
  static let mergeableRules = LintRule(.mergeableRules) { inspection throws(RoomSearch.GaveUp) in
    let card = inspection.card
    let sets = inspection.sets
    var found = try inspection.merges(card.costs, sets.costs, .afterRouting)
    found += try inspection.merges(card.tiers, sets.tiers, .beforeRouting)
    found += try inspection.merges(card.routes, sets.routes, .beforeRouting)
    found += try inspection.merges(card.events, sets.events, .beforeRouting)
    for group in sets.groups {
      let members = group.members.map { card.adjustments[$0] }
      found += try inspection.merges(members, group.rules, .afterRouting)
    }
    let alone = card.adjustments.filter { $0.outcome.group == nil }
    return try found + inspection.merges(alone, nil, .afterRouting)
  }
}

extension Inspection {
  /// The merges of a section or group; without `set` of rules that apply side by side.
  fileprivate func merges<Outcome>(
    _ rules: [Rule<Outcome>], _ set: RuleSet?, _ section: Space.Section
  ) throws(RoomSearch.GaveUp) -> [Diagnostic] {
    var numbers: [Outcome: Int] = [:]
    let outcomes =
      set?.rules.map(\.outcome)
      ?? rules.map { rule in
        let number = numbers[rule.outcome] ?? numbers.count
        numbers[rule.outcome] = number
        return number
      }
    let entries = MergeSearch.entries(rules, outcomes: outcomes)
    var search = MergeSearch(space, entries, set, section, budget)
    let text = MatcherText(card)
    return try search.merges().compactMap { merge in
      let members = merge.members.map { entries[$0] }.sorted { $0.span < $1.span }
      guard let first = members.first else { return nil }
      let names = members.prefix(3).map { "`\($0.name)`" }
      let list =
        members.count > 3
        ? names.joined(separator: ", ") + " and \(members.count - 3) more"
        : names.dropLast().joined(separator: ", ") + " and " + (names.last ?? "")
      return Diagnostic(
        .mergeableRules, "\(list) say the same and could be one rule", at: first.span,
        help: "write `\(text.condition(merge.attribute, merge.matcher))` in one of them, and "
          + "remove the other\(members.count > 2 ? "s" : "")",
        notes: members.dropFirst().prefix(8).map { member in
          Diagnostic.Note("`\(member.name)` is here", at: member.span)
        })
    }
  }
}
