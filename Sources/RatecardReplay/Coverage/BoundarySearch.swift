internal import Ratecard
internal import RatecardCompiler
internal import RatecardDiagnostics
internal import RatecardEngine
internal import RatecardModel
internal import RatecardValues

/// Finds the bounds of a card's rules and tells which of them tests ask about on both sides.
///
/// A bound parts two atoms of an axis. Its rule is reached on the inner side by a test that it
/// answers there; on the outer side by a test for which all else that the rule asks holds. A test
/// without `at` is answered the same at all times, so that it asks at each of them.
struct BoundarySearch {
  private let card: Card
  private let space: Space
  private let tests: [Located]
  /// The bounds found so far; those that all cells of a table share are one.
  private var found: [Key: Finding] = [:]

  private struct Located {
    let location: RequestLocation
    /// Whether it says when it asks.
    let isTimed: Bool
  }

  private struct Key: Hashable {
    let section: String
    let entry: ExactText
    let bound: ExactText
  }

  private struct Finding {
    var span: Span
    var isReached: Bool
  }

  init(_ card: RateCard, _ tests: [CardTest]) {
    guard let space = try? Space(card.model) else {
      preconditionFailure("a loaded card compiles")
    }
    self.card = card.model
    self.space = space
    self.tests = tests.compactMap { test in
      let request = Dictionary(
        test.inputs.map { ($0.name, RequestValue.text($0.text)) },
        uniquingKeysWith: { first, _ in first })
      let location = try? card.location(of: request, asking: test.question, at: .earliest)
      return location.map { Located(location: $0, isTimed: request["at"] != nil) }
    }
  }

  /// Every bound, by section and place.
  func boundaries() -> [TestCoverage.Boundary] {
    var search = self
    let decisions = tests.filter { $0.location.question == .decision }
    let events = tests.filter { $0.location.question == .event }
    let priced = tests.filter { !$0.location.priced.isEmpty }
    search.look(at: card.costs, "costs", priced, \.priced) { [$0.costRule] }
    search.look(at: card.adjustments, "adjustments", priced, \.priced) { $0.adjustments }
    search.look(at: card.tiers, "tiers", decisions, \.asked) { [$0.tierRule] }
    search.look(at: card.routes, "routes", decisions, \.asked) { [$0.routeRule] }
    search.look(at: card.events, "events", events, \.asked) { [$0.eventRule] }
    search.lookAtBands()
    return search.found.sorted { first, second in
      let sections = [first, second].map { Self.order.firstIndex(of: $0.key.section) ?? 0 }
      if sections[0] != sections[1] { return sections[0] < sections[1] }
      if first.value.span != second.value.span { return first.value.span < second.value.span }
      return first.key.bound < second.key.bound
    }.map { key, finding in
      TestCoverage.Boundary(
        section: key.section, rule: key.entry.string, bound: key.bound.string, span: finding.span,
        isReached: finding.isReached)
    }
  }

  private static let order = ["costs", "adjustments", "tiers", "routes", "events"]

  private mutating func note(
    _ bound: String, of entry: String, _ section: String, at span: Span, isReached: Bool
  ) {
    let key = Key(section: section, entry: ExactText(entry), bound: ExactText(bound))
    var finding = found[key] ?? Finding(span: span, isReached: false)
    finding.span = min(finding.span, span)
    finding.isReached = finding.isReached || isReached
    found[key] = finding
  }

  // MARK: Conditions

  /// Where one condition, or date, of a rule begins or ends.
  private struct Edge {
    let bound: String
    let axis: Int
    /// The atoms within and beyond: one pair, or two for a condition that only one value meets.
    var sides: [(inner: AtomSet, outer: AtomSet)]
  }

  private mutating func look<Outcome>(
    at rules: [Rule<Outcome>], _ section: String, _ tests: [Located],
    _ atoms: (RequestLocation) -> [Int32], deciding: (RequestLocation) -> [Int]
  ) {
    let place: Space.Section =
      section == "costs" || section == "adjustments" ? .afterRouting : .beforeRouting
    let time = space.axis(of: .at, in: .afterRouting)
    var decided: [Int: [Located]] = [:]
    for test in tests {
      for rule in deciding(test.location) where rule >= 0 {
        decided[rule, default: []].append(test)
      }
    }
    for (index, rule) in rules.enumerated() {
      for conditions in rule.scope.alternatives {
        func check(_ edge: Edge, _ others: [Condition], _ scope: RuleScope, at span: Span) {
          let box = space.box(others, of: scope, in: place, .holding)
          func isInside(_ test: Located, _ side: AtomSet) -> Bool {
            let atoms = atoms(test.location)
            return side.contains(Int(atoms[edge.axis]))
              && box.sides.allSatisfy { side in
                side.axis == time && time != edge.axis && !test.isTimed
                  || side.atoms.contains(Int(atoms[side.axis]))
              }
          }
          let isReached = edge.sides.allSatisfy { side in
            (decided[index] ?? []).contains { isInside($0, side.inner) }
              && tests.contains { isInside($0, side.outer) }
          }
          note(edge.bound, of: rule.table ?? rule.name, section, at: span, isReached: isReached)
        }
        for (index, condition) in conditions.enumerated() {
          var others = conditions
          others.remove(at: index)
          for edge in edges(of: condition, in: place) {
            check(edge, others, rule.scope, at: condition.span)
          }
        }
        for (date, scope) in rule.scope.withoutDates {
          for edge in edges(of: date) { check(edge, conditions, scope, at: rule.span) }
        }
      }
    }
  }

  /// The places among numbers, or dates, at which a condition begins or ends to hold.
  private func edges(of condition: Condition, in section: Space.Section) -> [Edge] {
    let (index, selected) = space.select(condition, in: section)
    let name = card[condition.attribute].name
    switch space.axes[index].domain {
    case .numbers(let numbers):
      let ends = selected.ranges.flatMap { [$0.lowerBound, $0.upperBound] }.map { Int($0) }
      var edges: [Edge] = []
      for atom in ends where atom > 0 && atom < numbers.count {
        guard let cut = numbers.lowerCut(of: atom) else { continue }
        let (below, above) = (AtomSet(atom: atom - 1), AtomSet(atom: atom))
        let side = selected.contains(atom) ? (above, below) : (below, above)
        let bound = "\(name) \(words(cut, numbers, condition))"
        if edges.last?.bound == bound {
          edges[edges.count - 1].sides.append(side)
        } else {
          edges.append(Edge(bound: bound, axis: index, sides: [side]))
        }
      }
      return edges
    case .times(let times) where condition.attribute == .at:
      return times.cuts.compactMap { cut in
        let (before, after) = sides(of: cut, times)
        let isInside = [before, after].map { $0.isSubset(of: selected) }
        guard isInside[0] != isInside[1] else { return nil }
        // What is written may be the last moment before the cut.
        let written = condition.matcher.numbers.first { number in
          number == cut.asNumber || number.adding(.one) == cut.asNumber
        }
        return Edge(
          bound: "at \(words(written ?? cut.asNumber))", axis: index,
          sides: [isInside[0] ? (before, after) : (after, before)])
      }
    default: return []
    }
  }

  /// A cut as the condition has it: among integers "after 5" and "before 6" are one.
  private func words(_ cut: Cut, _ numbers: NumberDomain, _ condition: Condition) -> String {
    let written = condition.matcher.numbers.first { number in
      [Cut.before(number), .after(number)].contains {
        (numbers.isInteger ? $0.amongIntegers() : $0) == cut
      }
    }
    let number = written ?? cut.value
    return numbers.highest == nil ? number.grouped : words(number)
  }

  /// The instant of so many nanoseconds.
  private func words(_ nanoseconds: Number) -> String {
    nanoseconds.asInteger().flatMap(Instant.init(nanoseconds:))?.brief ?? nanoseconds.description
  }

  private func edges(of date: RuleScope.Date) -> [Edge] {
    guard let axis = space.axis(of: .at, in: .afterRouting),
      case .times(let times) = space.axes[axis].domain, times.cuts.contains(date.instant)
    else { return [] }
    let (before, after) = sides(of: date.instant, times)
    return [
      Edge(
        bound: "at \(date.instant.brief)", axis: axis,
        sides: [date.isBeginning ? (after, before) : (before, after)])
    ]
  }

  /// The atoms of the stretches on both sides of a cut.
  private func sides(of cut: Instant, _ times: TimeDomain) -> (before: AtomSet, after: AtomSet) {
    let place = partitionPoint(times.cuts.count) { times.cuts[$0] < cut }
    return (
      times.atoms(inStretches: place..<place + 1), times.atoms(inStretches: place + 1..<place + 2)
    )
  }

  // MARK: Bands

  private mutating func lookAtBands() {
    var ofCosts: [Int: [RequestLocation.Charge]] = [:]
    var ofAdjustments: [Int: [RequestLocation.Charge]] = [:]
    for test in tests {
      for charge in test.location.charges {
        if charge.adjustment < 0 {
          ofCosts[test.location.costRule, default: []].append(charge)
        } else {
          ofAdjustments[charge.adjustment, default: []].append(charge)
        }
      }
    }
    for (index, rule) in card.costs.enumerated() {
      guard case .price(let price) = rule.outcome else { continue }
      look(at: price.rates, of: rule.name, "costs", at: rule.span, ofCosts[index] ?? [])
    }
    for (index, rule) in card.adjustments.enumerated() {
      guard case .addRates(let rates) = rule.outcome.action else { continue }
      look(at: rates, of: rule.name, "adjustments", at: rule.span, ofAdjustments[index] ?? [])
    }
  }

  private mutating func look(
    at rates: [Rate], of rule: String, _ section: String, at span: Span,
    _ charges: [RequestLocation.Charge]
  ) {
    for (index, rate) in rates.enumerated() {
      let bands: [Rate.Band]
      switch rate.schedule {
      case .linear: continue
      case .graduated(let all, _), .volume(let all): bands = all
      }
      let reached = Set(
        charges.lazy.filter { $0.rate == index }.map { charge in
          bands.firstIndex { $0.holds(charge.end) } ?? bands.count
        })
      for (place, band) in bands.enumerated() {
        guard let bound = band.bound else { continue }
        note(
          "\(card[rate.attribute].name) \(bound.grouped)", of: rule, section, at: span,
          isReached: reached.contains(place) && reached.contains(place + 1))
      }
    }
  }
}

extension Rate.Band {
  /// Whether a quantity is no higher than the band.
  fileprivate func holds(_ quantity: Rational) -> Bool {
    guard let bound else { return true }
    guard let end = try? Rational(bound) else { return false }
    return isInclusive ? quantity <= end : quantity < end
  }
}

extension Matcher {
  /// The numbers, or instants, that it names.
  fileprivate var numbers: [Number] {
    switch self {
    case .any, .present, .absent: []
    case .not(let inner): inner.numbers
    case .range(let lower, let upper): [lower, upper].compactMap { $0?.asNumber }
    case .oneOf(let patterns):
      patterns.compactMap { pattern in
        switch pattern {
        case .value(.number(let number)): number
        case .value(.instant(let instant)): instant.asNumber
        default: nil
        }
      }
    }
  }
}

extension RuleScope {
  /// A beginning or an end of a rule.
  fileprivate struct Date {
    let instant: Instant
    let isBeginning: Bool
  }

  /// Each beginning and end, with the scope that lacks it.
  fileprivate var withoutDates: [(Date, RuleScope)] {
    func scope(
      without instant: Instant?, isBeginning: Bool, from: Instant?, until: Instant?,
      begins: Instant?, ends: Instant?
    ) -> (Date, RuleScope)? {
      guard let instant else { return nil }
      return (
        Date(instant: instant, isBeginning: isBeginning),
        RuleScope(
          alternatives: alternatives, from: from, until: until, begins: begins, ends: ends)
      )
    }
    return [
      scope(
        without: from, isBeginning: true, from: nil, until: until, begins: begins, ends: ends),
      scope(
        without: until, isBeginning: false, from: from, until: nil, begins: begins, ends: ends),
      scope(
        without: begins, isBeginning: true, from: from, until: until, begins: nil, ends: ends),
      scope(
        without: ends, isBeginning: false, from: from, until: until, begins: begins, ends: nil),
    ].compactMap(\.self)
  }
}
