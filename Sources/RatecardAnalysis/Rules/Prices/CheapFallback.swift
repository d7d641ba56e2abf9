import RatecardCompiler
import RatecardDiagnostics
import RatecardModel
import RatecardValues

extension LintRule {
  /// A fallback that costs less than what it stands behind, so that whatever the card does not name
  /// is sold too cheaply.
  ///
  /// A rule *stands behind* the priced rules that are more specific and beat it; free ones are not
  /// counted. It is found when either holds:
  ///
  /// - Its price is below each of theirs, and it decides a request in which a text (such as the
  ///   model or the request type) is one that no rule of the card names, nor a glob of the rules
  ///   that beat it. A mere refinement (a longer prompt, a date, a flag) makes no fallback, nor
  ///   does an unnamed request type where the rule itself lists the models it is for.
  /// - For some request type that the card names, its price is at most a third of that of each of
  ///   them that decides a request of the type, and it decides one itself, for a model (or
  ///   another text of an open set) that those of them that look at it do not name.
  ///
  /// Texts that say who asks, not for what (`customer`, `plan`, the tiers), make no fallback.
  /// Prices are compared as `Price.isBelow` does; one that cannot be compared keeps it quiet.
  static let cheapFallback = LintRule(.cheapFallback) {
    inspection throws(RoomSearch.GaveUp) in
    var search = FallbackSearch(inspection)
    var found: [Diagnostic] = []
    for rule in inspection.sets.costs.rules.indices {
      if let diagnostic = try search.finding(for: rule) { found.append(diagnostic) }
    }
    return found
  }
}

private struct FallbackSearch {
  /// A sibling that costs this many times as much is far above.
  private static let far = Rational(3)
  /// The most request types that are shown.
  private static let mostShown = 3

  private let inspection: Inspection
  private let space: Space
  private let set: RuleSet
  private var wins: WinSearch
  private var comparison: RoomSearch
  /// The prices of the rules; nil: refusals.
  private let prices: [Price?]
  /// The texts that say what is asked for.
  private let axes: [(index: Int, texts: TextDomain)]

  init(_ inspection: Inspection) {
    self.inspection = inspection
    space = inspection.space
    set = inspection.sets.costs
    wins = WinSearch(space, set, inspection.budget)
    comparison = RoomSearch(space, inspection.budget)
    prices = inspection.card.costs.map { rule in
      if case .price(let price) = rule.outcome { return price }
      return nil
    }
    let others: Set<AttributeID> = [.customer, .plan, .tier, .currentTier, .requestedModel]
    axes = inspection.space.axes.enumerated().compactMap { index, axis in
      guard case .texts(let texts) = axis.domain, !others.contains(axis.attribute),
        inspection.card[axis.attribute].origin != .event
      else { return nil }
      return (index, texts)
    }
  }

  mutating func finding(for rule: Int) throws(RoomSearch.GaveUp) -> Diagnostic? {
    guard let price = prices[rule] else { return nil }
    var siblings: [Int] = []
    for beater in set.beaters[rule] {
      guard let other = prices[beater], !other.isFree else { continue }
      if try isMoreSpecific(beater, than: rule) { siblings.append(beater) }
    }
    guard !siblings.isEmpty else { return nil }
    if let room = try unnamedRoom(rule, price, siblings) {
      return cheapest(rule, room, siblings)
    }
    let kinds = try cheapKinds(rule, price, siblings)
    return kinds.isEmpty ? nil : farBelow(rule, kinds)
  }

  // MARK: Cheaper than every rule it stands behind

  /// Requests that a rule below all of its siblings decides and whose text is unnamed.
  private mutating func unnamedRoom(
    _ rule: Int, _ price: Price, _ siblings: [Int]
  ) throws(RoomSearch.GaveUp) -> Box? {
    guard siblings.allSatisfy({ isBelow(price, $0) }) else { return nil }
    for (axis, texts) in axes {
      if space.axes[axis].attribute == .requestType, listsTexts(rule, besides: axis) { continue }
      var unnamed = AtomSet(texts.literals.count..<texts.count)
      let naming = siblings.filter { names($0, on: axis) }
      if naming.isEmpty { continue }
      for sibling in naming { unnamed = unnamed.subtracting(named(by: sibling, on: axis)) }
      if unnamed.isEmpty { continue }
      var box = Box.everything
      box.restrict(axis, to: unnamed)
      if let room = try wins.room(wonBy: rule, within: box) { return room }
    }
    return nil
  }

  private func cheapest(_ rule: Int, _ room: Box, _ siblings: [Int]) -> Diagnostic? {
    guard let least = least(of: siblings) else { return nil }
    let own = set.rules[rule]
    let count = siblings.count
    return Diagnostic(
      .cheapFallback,
      "`\(own.name)` costs less than \(count == 1 ? "the rule" : "each of the \(count) rules") "
        + "it stands behind, and decides what no rule names",
      at: own.span, help: Self.help,
      notes: [
        note(least, count == 1 ? "" : ", the cheapest of them"),
        note(rule, ", such as for \(inspection.witness(in: room, of: set).text)"),
      ])
  }

  // MARK: Far below the others of a request type

  private struct Kind {
    let name: String
    /// The cheapest other rule that decides a request of the type.
    let sibling: Int
    /// Requests of the type that the fallback decides.
    let room: Box
  }

  private mutating func cheapKinds(
    _ rule: Int, _ price: Price, _ siblings: [Int]
  ) throws(RoomSearch.GaveUp) -> [Kind] {
    guard let kinds = axes.first(where: { space.axes[$0.index].attribute == .requestType }) else {
      return []
    }
    let caught = axes.filter { $0.index != kinds.index && catches(rule, $0) }.map(\.index)
    let near = Set(siblings.filter { !isBelow(price, $0, times: Self.far) })
    if caught.isEmpty || near.count == siblings.count { return [] }
    // The siblings by the types that they ask for.
    var general: [Int] = []
    var byKind: [Int: [Int]] = [:]
    for sibling in siblings {
      if !names(sibling, on: kinds.index) {
        general.append(sibling)
      } else {
        for atom in named(by: sibling, on: kinds.index).atoms {
          byKind[atom, default: []].append(sibling)
        }
      }
    }
    var found: [Kind] = []
    for kind in kinds.texts.literals.indices {
      let here = general + (byKind[kind] ?? [])
      var box = Box.everything
      box.restrict(kinds.index, to: AtomSet(atom: kind))
      guard let room = try room(rule, of: box, catching: caught, beside: here, near),
        let sibling = try leastWinner(of: here.filter { !near.contains($0) }, within: box)
      else { continue }
      found.append(Kind(name: kinds.texts.literals[kind].string, sibling: sibling, room: room))
    }
    return found
  }

  /// Requests of a type that a rule decides for a text that its siblings leave out; nil also where
  /// a sibling near in price decides a request of the type.
  private mutating func room(
    _ rule: Int, of box: Box, catching axes: [Int], beside siblings: [Int], _ near: Set<Int>
  ) throws(RoomSearch.GaveUp) -> Box? {
    let caught = axes.compactMap { axis in
      textsLeft(on: axis, by: siblings).map { (axis, $0) }
    }
    guard !caught.isEmpty, siblings.contains(where: { !near.contains($0) }) else { return nil }
    for sibling in siblings where near.contains(sibling) {
      if try wins.wins(sibling, within: box) { return nil }
    }
    for (axis, left) in caught {
      var asked = box
      asked.restrict(axis, to: left)
      guard let room = try wins.room(wonBy: rule, within: asked) else { continue }
      for sibling in siblings where !near.contains(sibling) && names(sibling, on: axis) {
        if try wins.wins(sibling, within: box) { return room }
      }
    }
    return nil
  }

  /// Whether a rule catches texts of an axis without naming them: of models, or of an open set.
  ///
  /// Where it lists texts itself, it says what they cost.
  private func catches(_ rule: Int, _ axis: (index: Int, texts: TextDomain)) -> Bool {
    let isOpen = !axis.texts.others.isEmpty
    return (isOpen || space.axes[axis.index].attribute == .model) && !lists(rule, axis)
  }

  /// Whether a rule holds only for texts of an axis that it lists.
  private func lists(_ rule: Int, _ axis: (index: Int, texts: TextDomain)) -> Bool {
    let unnamed = AtomSet(axis.texts.literals.count..<axis.texts.count)
    return set.rules[rule].holds.allSatisfy { holds in
      holds[axis.index].map { !$0.intersects(unnamed) } ?? false
    }
  }

  private func listsTexts(_ rule: Int, besides axis: Int) -> Bool {
    axes.contains { $0.index != axis && lists(rule, $0) }
  }

  /// The texts of an axis that none of some rules names, of which at least one names some; nil where
  /// there are none.
  private func textsLeft(on axis: Int, by rules: [Int]) -> AtomSet? {
    let naming = rules.filter { names($0, on: axis) }
    let left = naming.reduce(space.axes[axis].present) {
      $0.subtracting(named(by: $1, on: axis))
    }
    return left.isEmpty || naming.isEmpty ? nil : left
  }

  private func farBelow(_ rule: Int, _ kinds: [Kind]) -> Diagnostic {
    let own = set.rules[rule]
    let shown = kinds.prefix(Self.mostShown)
    let names = shown.map { "`\($0.name)`" }.joined(separator: ", ")
    let more = kinds.count > shown.count ? " and \(kinds.count - shown.count) more" : ""
    var notes = shown.map {
      note($0.sibling, ", the least of the others for `\($0.name)`")
    }
    let witness = inspection.witness(in: kinds[0].room, of: set).text
    notes.append(note(rule, ", such as for \(witness)"))
    return Diagnostic(
      .cheapFallback,
      "`\(own.name)` costs at most a third of the cheapest other price for \(names)\(more)",
      at: own.span, help: Self.help, notes: notes)
  }

  // MARK: Siblings

  private static let help =
    "raise its price, refuse what is not named, or write why it is meant: "
    + "`accept: {cheap-fallback: …}`"

  private func note(_ rule: Int, _ remark: String) -> Diagnostic.Note {
    Diagnostic.Note(
      "`\(set.rules[rule].name)` says \(set.words(of: rule))\(remark)", at: set.rules[rule].span)
  }

  /// Whether a rule that beats another holds only where the other does: it need not when it beats
  /// the other by name.
  private mutating func isMoreSpecific(
    _ rule: Int, than other: Int
  ) throws(RoomSearch.GaveUp) -> Bool {
    guard set.rules[rule].overrides.binarySearchFinds(other) else { return true }
    return try set.isInside(rule, other, &comparison)
  }

  private func isBelow(_ price: Price, _ rule: Int, times factor: Rational = .one) -> Bool {
    prices[rule].map { price.isBelow($0, times: factor) } ?? false
  }

  /// Whether a rule holds for certain texts of an axis only.
  private func names(_ rule: Int, on axis: Int) -> Bool {
    set.rules[rule].holds.allSatisfy { $0[axis] != nil }
  }

  private func named(by rule: Int, on axis: Int) -> AtomSet {
    set.rules[rule].holds.reduce(AtomSet.empty) { $0.union($1[axis] ?? .empty) }
  }

  /// The first of some rules of which none is cheaper.
  private func least(of rules: [Int]) -> Int? {
    var least: Int?
    for rule in rules where least.map({ isCheaper(rule, than: $0) }) ?? true { least = rule }
    return least
  }

  /// The same among those that decide a request of a box.
  private mutating func leastWinner(
    of rules: [Int], within box: Box
  ) throws(RoomSearch.GaveUp) -> Int? {
    var least: Int?
    for rule in rules where least.map({ isCheaper(rule, than: $0) }) ?? true {
      if try wins.wins(rule, within: box) { least = rule }
    }
    return least
  }

  private func isCheaper(_ rule: Int, than other: Int) -> Bool {
    prices[rule].map { isBelow($0, other) } ?? false
  }
}
