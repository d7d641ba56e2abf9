import RatecardCompiler
import RatecardModel
import RatecardValues

/// Proposals for the dates of rules and for the windows that they look at.
extension Proposer {
  /// The moments around the rule's beginning and end, and around what it asks of `at`.
  mutating func dateProposals(
    _ subject: Subject, _ scenes: [Scene]
  ) throws(RoomSearch.GaveUp) -> [Proposal] {
    guard let time else { return [] }
    let scope = subject.scope
    let begins = [scope.from, scope.begins].compactMap(\.self)
    var ends = [scope.until].compactMap(\.self)
    // A replacement of the same conditions shows this end with its own beginning.
    if let end = scope.ends, !replacements.contains(Replacement(subject.section, scope, at: end)) {
      ends.append(end)
    }
    var looked: [(what: String, date: Instant, points: [TimePoint])] =
      begins.map { ("begins \($0)", $0, time.points(at: $0, isEnd: false)) }
      + ends.map { ("ends \($0)", $0, time.points(at: $0, isEnd: true)) }
    looked += scope.instants.map { ("at \($0)", $0, time.points(around: $0)) }
    var proposals: [Proposal] = []
    for (what, date, points) in looked where !isSeen(what, of: subject.entry, in: subject.section) {
      var choices: [Proposal.Choice] = []
      for scene in scenes {
        if let choice = try choice(scene, date, points, time) { choices.append(choice) }
      }
      guard let proposal = proposal(subject, choices) else { continue }
      see(what, of: subject.entry, in: subject.section)
      proposals.append(proposal)
    }
    return proposals
  }

  /// Requests that differ in their time, where the rule wins at one of the moments.
  private func choice(
    _ scene: Scene, _ date: Instant, _ points: [TimePoint], _ time: PlainTime
  ) throws(RoomSearch.GaveUp) -> Proposal.Choice? {
    for point in points.reversed() {
      guard let atom = time.atom(of: point.instant) else { continue }
      let moment = Box.everything.replacing(time.axis, by: AtomSet(atom: atom))
      if let room = try scene.room(in: space, within: moment) {
        return choice(scene, points, in: room)
      }
    }
    // Where a window keeps the rule from being seen at the date itself, within the weeks beside it.
    let week: Int128 = 7 * 86_400_000_000_000
    for isAfter in [true, false] {
      guard let side = isAfter ? points.last : points.first else { continue }
      let stretch = time.stretch(of: side.instant)
      let beside = Box.everything.replacing(
        time.axis, by: time.times.atoms(inStretches: stretch..<stretch + 1))
      guard let room = try scene.room(in: space, within: beside), let atoms = room[time.axis],
        let instant = time.hours(beside: date, isAfter: isAfter, in: stretch).first(where: {
          time.atom(of: $0).map(atoms.contains) ?? false
        })
      else { continue }
      // The same hour of the same weekday, on the other side.
      let weeks = (instant.nanoseconds - date.nanoseconds) / week + (isAfter ? 1 : -1)
      guard let other = Instant(nanoseconds: instant.nanoseconds - weeks * week) else { continue }
      let moments = isAfter ? [other, instant] : [instant, other]
      let titles = ["in the weeks before \(date.brief)", "in the weeks after \(date.brief)"]
      return choice(
        scene, zip(titles, moments).map { TimePoint(title: $0, instant: $1) }, in: room)
    }
    return nil
  }

  private func choice(_ scene: Scene, _ points: [TimePoint], in room: Box) -> Proposal.Choice? {
    guard let values = values(in: room, scene) else { return nil }
    let cases = points.map { point in
      (point.title, values.merging([.at: .instant(point.instant)]) { $1 })
    }
    return choice(scene, cases, room)
  }

  /// The moments around the hours of windows that no rule before has shown.
  mutating func windowProposals(
    _ subject: Subject, _ scenes: [Scene]
  ) throws(RoomSearch.GaveUp) -> [Proposal] {
    guard let time else { return [] }
    var proposals: [Proposal] = []
    for (bit, window) in time.times.windows.enumerated() {
      let named = card.windows[window]
      guard subject.scope.looks(atWindow: named.name),
        !isSeen("hours", of: named.name, in: "windows")
      else { continue }
      let inside = time.times.atoms(withAnyOf: 1 << UInt64(bit))
      let outside = space.axes[time.axis].all.subtracting(inside)
      var choices: [[Proposal.Choice]] =
        named.window.hours.isEmpty ? [[]] : named.window.hours.map { _ in [] }
      for scene in scenes {
        var room: Box?
        for atoms in [inside, outside] where room == nil {
          room = try scene.room(
            in: space, within: Box.everything.replacing(time.axis, by: atoms))
        }
        guard let room, let atoms = room[time.axis] else { continue }
        for (index, points) in time.points(around: named, in: atoms).enumerated() {
          guard !points.isEmpty, let choice = choice(scene, points, in: room) else { continue }
          choices[index].append(choice)
        }
      }
      let found = choices.compactMap { proposal(subject, $0) }
      if !found.isEmpty { see("hours", of: named.name, in: "windows") }
      proposals += found
    }
    return proposals
  }
}

/// Where a rule takes over from another, and for which requests.
struct Replacement: Hashable, Sendable {
  private struct Asked: Hashable, Sendable {
    let attribute: AttributeID
    let matcher: Matcher
  }

  private let section: String
  private let alternatives: Set<Set<Asked>>
  private let at: Instant

  init(_ section: String, _ scope: RuleScope, at instant: Instant) {
    self.section = section
    alternatives = Set(
      scope.alternatives.map { conditions in
        Set(conditions.map { Asked(attribute: $0.attribute, matcher: $0.matcher) })
      })
    at = instant
  }

  /// Those of a card.
  static func all(of card: Card) -> Set<Replacement> {
    func find<Outcome>(_ section: String, _ rules: [Rule<Outcome>]) -> [Replacement] {
      rules.compactMap { rule in
        rule.scope.begins.map { Replacement(section, rule.scope, at: $0) }
      }
    }
    return Set(
      find("costs", card.costs) + find("adjustments", card.adjustments) + find("tiers", card.tiers)
        + find("routes", card.routes) + find("events", card.events))
  }
}

extension RuleScope {
  /// The instants that conditions on `at` name, ascending.
  fileprivate var instants: [Instant] {
    var found: Set<Instant> = []
    func add(_ matcher: Matcher) {
      switch matcher {
      case .any, .present, .absent: break
      case .not(let inner): add(inner)
      case .oneOf(let patterns):
        for case .value(.instant(let instant)) in patterns { found.insert(instant) }
      case .range(let lower, let upper):
        for case .instant(let instant)? in [lower?.value, upper?.value] { found.insert(instant) }
      }
    }
    for condition in alternatives.joined() where condition.attribute == .at {
      add(condition.matcher)
    }
    return found.sorted()
  }

  /// Whether a condition asks for a window, or whether any holds.
  fileprivate func looks(atWindow name: ExactText) -> Bool {
    func looks(_ matcher: Matcher) -> Bool {
      switch matcher {
      case .present, .absent: true
      case .not(let inner): looks(inner)
      case .oneOf(let patterns): patterns.contains(.value(.text(name)))
      case .any, .range: false
      }
    }
    return alternatives.joined().contains { $0.attribute == .window && looks($0.matcher) }
  }
}
