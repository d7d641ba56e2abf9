internal import RatecardDiagnostics
internal import RatecardSyntax
internal import RatecardValues

/// From entries to rules: sorted by name, with everything that `overrides` and `replaces` say.
extension CheckContext {
  /// The most places of rules in the `overrides` of a section, after tables became their cells.
  private static let mostOverrides = 20_000_000

  /// Resolves the names of a section, whose entries may come in any order; empty, after something
  /// was reported, when not every rule could be read.
  mutating func resolve<Outcome>(
    _ entries: [RuleEntry<Outcome>], in section: RuleSection
  ) -> [Rule<Outcome>] {
    let directory = directory(of: entries, in: section)
    let order = directory.names.indices.sorted {
      directory.names[$0].precedesByBytes(directory.names[$1])
    }
    guard let overrides = overrides(in: directory, order: order), !bag.hasErrors else { return [] }
    var owners = Array(repeating: 0, count: order.count)
    for index in directory.entries.indices {
      for rule in directory.entries[index].rules { owners[rule] = index }
    }
    return order.map { rule in
      let owner = owners[rule]
      let cell = entries[owner].cells[rule - directory.entries[owner].rules.lowerBound]
      let end = directory.entries[owner].replacedBy.flatMap { directory.entries[$0].head.from }
      return Rule(
        name: directory.names[rule],
        scope: Self.scope(of: entries[owner].head, and: cell, until: end),
        overrides: overrides[owner], outcome: cell.outcome, span: cell.span,
        table: entries[owner].isTable ? entries[owner].head.name : nil)
    }
  }

  private static func scope<Outcome>(
    of head: RuleHead, and cell: RuleCell<Outcome>, until end: Instant?
  ) -> RuleScope {
    var alternatives = head.alternatives
    if !cell.conditions.isEmpty {
      for index in alternatives.indices {
        alternatives[index] = (alternatives[index] + cell.conditions)
          .sorted { $0.attribute < $1.attribute }
      }
    }
    return RuleScope(
      alternatives: alternatives, from: head.isReplacement ? nil : head.from, until: head.until,
      begins: head.isReplacement ? head.from : nil, ends: end)
  }

  /// What each entry's rules override, as places in the sorted section; nil after something was
  /// reported.
  ///
  /// An entry overrides what it names and what those that it replaces name; and with each of these
  /// what replaces it. It never overrides a part of itself.
  private mutating func overrides(in directory: RuleDirectory, order: [Int]) -> [[Int]]? {
    var none: [[Int]] = Array(repeating: [], count: directory.entries.count)
    let named = directory.entries.indices.map { namedPlaces($0, in: directory) }
    guard named.contains(where: { !$0.isEmpty }) else { return none }
    var rank = Array(repeating: 0, count: order.count)
    for (place, rule) in order.enumerated() { rank[rule] = place }

    // Rules that override the same share one list.
    var known: [Set<RuleDirectory.Place>: [Int]] = [:]
    var total = 0
    for index in directory.entries.indices
    where !named[index].isEmpty || directory.entries[index].replaces != nil {
      var places: Set<RuleDirectory.Place> = []
      for entry in directory.predecessors(of: index) {
        for place in named[entry] { places.formUnion(withSuccessors(place, in: directory)) }
      }
      places = places.filter { $0.entry != index }
      guard !places.isEmpty else { continue }
      if let list = known[places] {
        none[index] = list
        continue
      }
      var list: [Int] = []
      for place in places {
        switch place {
        case .entry(let entry): list += directory.entries[entry].rules.map { rank[$0] }
        case .cell(_, let rule): list.append(rank[rule])
        }
      }
      list = Set(list).sorted()
      total += list.count
      guard total <= Self.mostOverrides else {
        report(
          .tooMany,
          "the rules of `\(directory.section.rawValue)` override each other more than "
            + "\(Self.mostOverrides) times, cells counted", at: directory.entries[index].head.span,
          help: "write conditions by which the particular rules beat the general ones")
        return nil
      }
      known[places] = list
      none[index] = list
    }
    return none
  }

  /// What an entry names in its `overrides`.
  private mutating func namedPlaces(
    _ index: Int, in directory: RuleDirectory
  ) -> [RuleDirectory.Place] {
    directory.entries[index].head.overrides.compactMap { reference in
      guard let place = place(of: reference, in: directory) else { return nil }
      guard place.entry != index else {
        let isCell = place != .entry(index)
        report(
          .overridesItself,
          isCell
            ? "`\(reference.name)` is a cell of the table that overrides it"
            : "`\(reference.name)` overrides itself", at: reference.span,
          help: "name another \(directory.section.ruleName), one that would else be as good")
        return nil
      }
      return place
    }
  }

  /// An entry or cell and what stands in its place once it is replaced: for a cell, the cell at
  /// the same path of the later table.
  private func withSuccessors(
    _ place: RuleDirectory.Place, in directory: RuleDirectory
  ) -> [RuleDirectory.Place] {
    let successors = directory.successors(of: place.entry)
    guard case .cell(_, let rule) = place else { return successors.map { .entry($0) } }
    let path = directory.paths[rule]
    return successors.compactMap { entry in
      directory.place(named: "\(directory.entries[entry].head.name)/\(path)")
    }
  }
}

extension RuleDirectory.Place {
  /// The entry, or the table of the cell.
  var entry: Int {
    switch self {
    case .entry(let entry), .cell(let entry, _): entry
    }
  }
}
