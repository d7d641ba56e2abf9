import RatecardCompiler
import RatecardDiagnostics
import RatecardModel
import RatecardValues

extension LintRule {
  /// Prices, routes and tiers that end before the next begin.
  ///
  /// A hole lies between a rule that ends and one that begins later, where the conditions of one,
  /// dates apart, hold all requests of the other's. Some request, whatever its instant, is decided
  /// by the one just before its end and by the other at its beginning; at every instant between it
  /// has no rule, or a rule that stands behind both: one that holds more requests than either and
  /// says something else. A base price with the very conditions of one of the two is no hole, and
  /// neither is a distance as long as one of the two holds, as between two seasons: unless there is
  /// no price at all.
  static let timelineHoles = LintRule(.timelineHole) { inspection throws(RoomSearch.GaveUp) in
    let card = inspection.card
    let sets = inspection.sets
    return try inspection.holes(
      card.costs.map { DatedRule($0) }, sets.costs, .afterRouting, noRule: "there is no price",
      isNoPrice: true)
      + inspection.holes(
        card.tiers.map { DatedRule($0) }, sets.tiers, .beforeRouting, noRule: "there is no tier")
      + inspection.holes(
        card.routes.map { DatedRule($0) }, sets.routes, .beforeRouting,
        noRule: "no rule of `routes` holds")
  }
}

extension Inspection {
  /// The first hole after each rule; of those between the same two entries one.
  fileprivate func holes(
    _ rules: [DatedRule], _ set: RuleSet, _ section: Space.Section, noRule: String,
    isNoPrice: Bool = false
  ) throws(RoomSearch.GaveUp) -> [Diagnostic] {
    guard
      var search = HoleSearch(space, set, rules, section, toleratesNoRule: !isNoPrice, budget)
    else { return [] }
    struct Entries: Hashable {
      let first: String
      let second: String
    }
    var shown: Set<Entries> = []
    var found: [Diagnostic] = []
    for hole in try search.holes() {
      let (ending, beginning) = (rules[hole.ending], rules[hole.beginning])
      let names = Entries(
        first: ending.entry ?? set.rules[hole.ending].name,
        second: beginning.entry ?? set.rules[hole.beginning].name)
      guard shown.insert(names).inserted else { continue }
      found.append(
        diagnostic(hole, names.first, names.second, set, noRule: noRule))
    }
    return found
  }

  private func diagnostic(
    _ hole: HoleSearch.Hole, _ first: String, _ second: String, _ set: RuleSet, noRule: String
  ) -> Diagnostic {
    let between = hole.between.map { "`\(set.rules[$0].name)` decides" } ?? noRule
    var notes = [
      Diagnostic.Note("`\(second)` begins here", at: set.rules[hole.beginning].span)
    ]
    if let winner = hole.between {
      let rule = set.rules[winner]
      notes.append(Diagnostic.Note("`\(rule.name)` says \(set.words(of: winner))", at: rule.span))
    }
    let involved = [hole.ending, hole.beginning] + [hole.between].compactMap(\.self)
    let witness = witness(in: hole.room, of: set, showing: involved)
    notes.append(Diagnostic.Note("such as \(witness.text)"))
    return Diagnostic(
      .timelineHole,
      "`\(first)` ends at \(hole.end) and `\(second)` begins at \(hole.start): in between "
        + between,
      at: set.rules[hole.ending].span,
      help: "an end is the first instant at which the rule no longer holds: let it end at "
        + "\(hole.start)",
      notes: notes)
  }
}

/// The time of a rule and its other conditions, whatever its section.
struct DatedRule {
  /// The table that it is a cell of.
  let entry: String?
  /// First instant at which it holds; nil: it always has.
  let start: Instant?
  /// First instant at which it no longer holds; nil: there is none.
  let end: Instant?
  /// What it asks besides.
  let others: RuleScope

  var isDated: Bool { start != nil || end != nil }

  init<Outcome>(_ rule: Rule<Outcome>) {
    entry = rule.table
    let scope = rule.scope
    var starts = [scope.from, scope.begins]
    var ends = [scope.until, scope.ends]
    var alternatives = scope.alternatives
    // A range of `at` says the same as `from` and `until`.
    if alternatives.count == 1, alternatives[0].contains(where: { $0.attribute == .at }) {
      alternatives[0].removeAll { condition in
        guard condition.attribute == .at, case .range(let lower, let upper) = condition.matcher
        else { return false }
        starts.append(lower.map { $0.asLowerCut.asInstant ?? .latest })
        ends.append(upper.flatMap { $0.asUpperCut.asInstant })
        return true
      }
    }
    start = starts.lazy.compactMap(\.self).max()
    end = ends.lazy.compactMap(\.self).min()
    others = RuleScope(alternatives: alternatives)
  }
}
