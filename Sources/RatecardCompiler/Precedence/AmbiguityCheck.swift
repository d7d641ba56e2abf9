import RatecardDiagnostics
import RatecardModel
import RatecardValues

/// Proves that in a rule set every request has one answer, or shows a request that has not.
///
/// By the definition: the winner is the matching rule that no other matching rule beats; of several
/// left a refusal wins, and equal outcomes are one answer.
struct AmbiguityCheck {
  private let set: RuleSet
  private let space: Space
  private var search: RoomSearch
  private(set) var found: [Diagnostic] = []

  /// What the second of the two questions may take: whether every rule can win.
  private let steps: Int

  /// A check of which each of its two questions may take `steps`; nil: as many as a proof may.
  init(_ set: RuleSet, in space: Space, steps: Int? = nil) {
    self.set = set
    self.space = space
    self.steps = steps ?? ProofBudget(rules: set.rules.count).stepsLeft
    search = RoomSearch(space, steps: self.steps)
  }

  /// Looks for contradictions, then for rules that can never win.
  ///
  /// Gives up only where a contradiction cannot be ruled out; where it is not certain that every
  /// rule can win, that is a finding.
  mutating func run() throws(RoomSearch.GaveUp) {
    var contradicting = Set<Int>()
    try checkRivals(&contradicting)
    try checkCircles(&contradicting)
    search = RoomSearch(space, steps: steps)
    for index in set.rules.indices where !contradicting.contains(index) {
      do throws(RoomSearch.GaveUp) { try checkWins(index) } catch {
        found.append(
          Diagnostic(
            .proofSkipped,
            "the rules that beat `\(set.rules[index].name)` overlap in too many ways to find out "
              + "whether it ever wins",
            at: set.rules[index].span,
            help: "split rules with several alternatives, or ranges that overlap in many ways"))
        return
      }
    }
  }

  private struct Conflict {
    let first: Int
    let second: Int
    let code: DiagnosticCode
    let room: Box
  }

  private mutating func checkRivals(_ contradicting: inout Set<Int>) throws(RoomSearch.GaveUp) {
    var conflicts: [Conflict] = []
    for (first, second) in set.rivals {
      if set.rules[first].outcome == set.rules[second].outcome
        || (set.rules[first].isDenial && set.rules[second].isDenial)
      {
        continue
      }
      let conflict = try RoomSearch.deciding(
        "whether `\(set.rules[first].name)` and `\(set.rules[second].name)` contradict each other",
        at: set.rules[first].span
      ) { () throws(RoomSearch.GaveUp) -> Conflict? in try self.conflict(first, second) }
      if let conflict { conflicts.append(conflict) }
    }
    // A rule that contradicts many is the one to show; each is shown once.
    var degree: [Int: Int] = [:]
    for conflict in conflicts {
      degree[conflict.first, default: 0] += 1
      degree[conflict.second, default: 0] += 1
    }
    var byHub: [Int: [Conflict]] = [:]
    for conflict in conflicts {
      contradicting.formUnion([conflict.first, conflict.second])
      let first = (degree[conflict.first] ?? 0, set.rules[conflict.first].span)
      let second = (degree[conflict.second] ?? 0, set.rules[conflict.second].span)
      let firstLeads = first > second
      byHub[firstLeads ? conflict.first : conflict.second, default: []].append(conflict)
    }
    for (hub, conflicts) in byHub.sorted(by: { $0.key < $1.key }) { report(hub, conflicts) }
  }

  private mutating func conflict(
    _ first: Int, _ second: Int
  ) throws(RoomSearch.GaveUp) -> Conflict? {
    if let room = try sameConditions(first, second) {
      return Conflict(first: first, second: second, code: .sameConditions, room: room)
    }
    // Between a price and a refusal the refusal wins.
    if set.rules[first].isDenial || set.rules[second].isDenial { return nil }
    return try contested(first, second).map {
      Conflict(first: first, second: second, code: .ambiguousRules, room: $0)
    }
  }

  /// A request that two rules of the very same conditions both hold for; nil when they differ.
  private mutating func sameConditions(
    _ first: Int, _ second: Int
  ) throws(RoomSearch.GaveUp) -> Box? {
    guard try set.isInside(first, second, &search), try set.isInside(second, first, &search)
    else { return nil }
    for (left, right) in meetings(first, second) {
      if let common = left.intersection(right), let room = try search.room(in: common, outside: [])
      {
        return room
      }
    }
    return nil
  }

  /// A request for which both rules are left: neither is beaten, and no refusal wins.
  private mutating func contested(
    _ first: Int, _ second: Int
  ) throws(RoomSearch.GaveUp) -> Box? {
    let beaters = boxes(set.beaters[first]) + boxes(set.beaters[second])
    for (left, right) in meetings(first, second) {
      guard let common = left.intersection(right) else { continue }
      let room = try search.room(
        in: common, outside: beaters, notRefusedBy: set.refusals(beside: first, in: common))
      if let room { return room }
    }
    return nil
  }

  private func meetings(_ first: Int, _ second: Int) -> [(Box, Box)] {
    set.rules[first].holds.flatMap { left in
      set.rules[second].holds.filter { left.intersects($0) }.map { (left, $0) }
    }
  }

  private func boxes(_ rules: [Int]) -> [Box] { rules.flatMap { set.rules[$0].holds } }

  private mutating func report(_ hub: Int, _ conflicts: [Conflict]) {
    guard let shown = conflicts.first(where: { $0.code == .sameConditions }) ?? conflicts.first
    else { return }
    let other = shown.first == hub ? shown.second : shown.first
    let (rule, rival) = (set.rules[hub], set.rules[other])
    let isSame = shown.code == .sameConditions
    var notes = [
      Diagnostic.Note("`\(rival.name)` says \(set.words(of: other))", at: rival.span),
      Diagnostic.Note("`\(rule.name)` says \(set.words(of: hub))", at: rule.span),
      Diagnostic.Note("both hold for \(Witness(in: shown.room, axes: set.axes, of: space).text)"),
    ]
    let others = Set(conflicts.map { $0.first == hub ? $0.second : $0.first }).count - 1
    if others > 0 {
      notes.append(
        Diagnostic.Note("the same is true of \(others) other rule\(others == 1 ? "" : "s")"))
    }
    found.append(
      Diagnostic(
        shown.code,
        isSame
          ? "`\(rule.name)` and `\(rival.name)` have the same conditions and different outcomes"
          : "`\(rule.name)` and `\(rival.name)` both hold for some requests and neither beats the "
            + "other",
        at: rule.span,
        help: isSame
          ? "remove one, change its conditions, or write `overrides: \(rival.name)` here"
          : "write `overrides: \(rival.name)` here, `overrides: \(rule.name)` there, or add a rule "
            + "for the overlap",
        notes: notes))
  }

  /// Looks for requests of which every matching rule is beaten; only circles can do that.
  private mutating func checkCircles(_ contradicting: inout Set<Int>) throws(RoomSearch.GaveUp) {
    let circles = StronglyConnected(set.beaters).components.filter { $0.count > 1 }
    for circle in circles {
      var circles = CircleSearch(set, circle, search)
      let start = set.rules[circle[0]]
      let shown = try RoomSearch.deciding(
        "whether `\(start.name)` and others beat each other in a circle", at: start.span
      ) { () throws(RoomSearch.GaveUp) in try circles.room() }
      guard let shown,
        let start = shown.rules.max(by: {
          set.rules[$0].span < set.rules[$1].span
        })
      else { continue }
      contradicting.formUnion(circle)
      let names = shown.rules.map { "`\(set.rules[$0].name)`" }.joined(separator: ", ")
      found.append(
        Diagnostic(
          .circularOverrides, "\(names) beat each other in a circle, so that none of them wins",
          at: set.rules[start].span, help: "remove one of the `overrides`",
          notes: shown.rules.filter { $0 != start }.map { index in
            let beaters = set.beaters[index].filter(shown.rules.contains)
              .map { "`\(set.rules[$0].name)`" }.joined(separator: ", ")
            return Diagnostic.Note(
              "`\(set.rules[index].name)` is beaten by \(beaters)", at: set.rules[index].span)
          } + [
            Diagnostic.Note(
              "all hold for \(Witness(in: shown.room, axes: set.axes, of: space).text)")
          ]))
    }
  }

  private mutating func checkWins(_ index: Int) throws(RoomSearch.GaveUp) {
    let rule = set.rules[index]
    guard !rule.holds.isEmpty else {
      found.append(
        Diagnostic(
          .neverMet, "no request can meet the conditions of `\(rule.name)`", at: rule.span,
          help: "remove the rule, or the condition that excludes the others"))
      return
    }
    if try wins(index, in: rule.holds) { return }
    if try isSuspended(index) { return }
    // A rule that refuses before this one counts as what beats it.
    let refusing = set.refusals(beside: index)
    let winners = (set.beaters[index] + refusing).sorted()
    var differs = false
    // What it beats does not win where it holds.
    for other in (set.beaters[index] + set.rivals(of: index)).sorted()
    where set.rules[other].outcome != rule.outcome {
      let common = meetings(index, other).compactMap { $0.intersection($1) }
      if common.isEmpty { continue }
      if try wins(other, in: common) {
        differs = true
        break
      }
    }
    let named = winners.prefix(3).map { "`\(set.rules[$0].name)`" }
    let more = winners.count - named.count
    let list = named.joined(separator: ", ") + (more > 0 ? " and \(more) more" : "")
    let notes = winners.prefix(3).map { other in
      Diagnostic.Note(
        "`\(set.rules[other].name)` says \(set.words(of: other))",
        at: set.rules[other].span)
    }
    found.append(
      Diagnostic(
        .neverWins,
        differs
          ? "`\(rule.name)` never wins: \(list) beat\(winners.count == 1 ? "s" : "") it wherever "
            + "it holds"
          : "`\(rule.name)` changes nothing: wherever it holds, \(list) says the same",
        at: rule.span, severity: differs ? .error : .warning,
        help: differs ? "remove it, or let it override what beats it" : "remove it", notes: notes))
  }

  /// Whether a rule is a price, and a refusal of the same conditions overrides it, or the reverse.
  ///
  /// That is meant: a price that is kept while it is not sold.
  private mutating func isSuspended(_ index: Int) throws(RoomSearch.GaveUp) -> Bool {
    for other in set.beaters[index]
    where set.rules[other].overrides.binarySearchFinds(index)
      && set.rules[other].isDenial != set.rules[index].isDenial
    {
      if try set.isInside(index, other, &search), try set.isInside(other, index, &search) {
        return true
      }
    }
    return false
  }

  /// Whether a rule is left for some request in the boxes, and not for a refusal.
  private mutating func wins(_ index: Int, in holds: [Box]) throws(RoomSearch.GaveUp) -> Bool {
    if set.beaters[index].isEmpty, set.refusals(beside: index).isEmpty { return !holds.isEmpty }
    let beaters = boxes(set.beaters[index])
    for box in holds {
      let refusals = set.refusals(beside: index, in: box)
      if try search.room(in: box, outside: beaters, notRefusedBy: refusals) != nil { return true }
    }
    return false
  }
}
