internal import RatecardDiagnostics
internal import RatecardSyntax
internal import RatecardValues

/// The names of a section: which entries and cells there are, and who replaces whom.
struct RuleDirectory {
  /// What of an entry does not depend on what its rules say.
  struct Entry {
    let head: RuleHead
    let isTable: Bool
    let isWhole: Bool
    /// Its rules, as places in `names` and `paths`.
    let rules: Range<Int>
    /// The entry that it replaces.
    var replaces: Int?
    /// The entry that replaces it.
    var replacedBy: Int?
  }

  /// What a name stands for.
  enum Place: Hashable {
    /// A rule or a table, by its place in `entries`.
    case entry(Int)
    /// A cell: its table, and its place in `names`.
    case cell(of: Int, Int)
  }

  let section: RuleSection
  fileprivate(set) var entries: [Entry] = []
  /// The names of all rules.
  fileprivate(set) var names: [String] = []
  /// The paths of all rules within their tables.
  fileprivate(set) var paths: [String] = []
  fileprivate var places: [ExactText: (place: Place, span: Span)] = [:]

  /// The entry or cell of a name.
  func place(named name: String) -> Place? { places[ExactText(name)]?.place }

  /// An entry and those that it replaces, directly or not.
  func predecessors(of entry: Int) -> [Int] { chain(from: entry) { $0.replaces } }

  /// An entry and those that replace it, directly or not.
  func successors(of entry: Int) -> [Int] { chain(from: entry) { $0.replacedBy } }

  private func chain(from entry: Int, _ next: (Entry) -> Int?) -> [Int] {
    var result = [entry]
    // Each entry is replaced once, so a chain that comes back comes back to its start.
    while let last = result.last, let following = next(entries[last]), following != entry {
      result.append(following)
    }
    return result
  }
}

extension CheckContext {
  /// Gathers the names of a section, each of which stands for one thing, and its replacements.
  mutating func directory<Outcome>(
    of entries: [RuleEntry<Outcome>], in section: RuleSection
  ) -> RuleDirectory {
    var directory = RuleDirectory(section: section)
    directory.entries.reserveCapacity(entries.count)
    directory.places.reserveCapacity(entries.count)
    for (index, entry) in entries.enumerated() {
      let head = entry.head
      claim(head.name, .entry(index), at: head.span, in: &directory)
      let first = directory.names.count
      for cell in entry.cells {
        let name = entry.isTable ? "\(head.name)/\(cell.path)" : head.name
        if entry.isTable {
          claim(name, .cell(of: index, directory.names.count), at: cell.span, in: &directory)
        }
        directory.names.append(name)
        directory.paths.append(cell.path)
      }
      directory.entries.append(
        RuleDirectory.Entry(
          head: head, isTable: entry.isTable, isWhole: entry.isWhole,
          rules: first..<directory.names.count))
    }
    for index in directory.entries.indices { readReplacement(index, in: &directory) }
    return directory
  }

  private mutating func claim(
    _ name: String, _ place: RuleDirectory.Place, at span: Span, in directory: inout RuleDirectory
  ) {
    let name = ExactText(name)
    guard let first = directory.places.updateValue((place, span), forKey: name) else { return }
    directory.places[name] = first
    reportDuplicate(name.string, of: directory.section.ruleName, at: span, first: first.span)
  }

  /// The entry or cell that a reference names; reported when there is none.
  mutating func place(
    of reference: RuleReference, in directory: RuleDirectory
  ) -> RuleDirectory.Place? {
    if let place = directory.place(named: reference.name) { return place }
    // A cell may be missing from a table because it could not be read.
    for (index, byte) in zip(reference.name.utf8.indices, reference.name.utf8)
    where byte == UInt8(ascii: "/") {
      let table = String(reference.name[..<index])
      guard case .entry(let entry)? = directory.place(named: table) else { continue }
      guard directory.entries[entry].isWhole else { return nil }
      let cells = directory.entries[entry].rules.map { directory.names[$0] }
      reportUnknown(
        .unknownRule, "the table `\(table)` has no cell `\(reference.name)`", reference.name,
        at: reference.span, among: candidates(cells), of: directory.section.rawValue,
        otherwise: "a cell is named by its keys as they are written: "
          + (cells.first.map { "`\($0)`" } ?? "`TABLE/KEY/KEY`"))
      return nil
    }
    reportUnknown(
      .unknownRule, "no \(directory.section.ruleName) is called `\(reference.name)`",
      reference.name, at: reference.span, among: candidates(directory.entries.map(\.head.name)),
      of: directory.section.rawValue)
    return nil
  }

  /// The names among which a slip is looked for: none where there are so many that a card full of
  /// slips would take long to check.
  private func candidates(_ names: [String]) -> [String] {
    names.count <= 10_000 ? names.sortedByBytes() : []
  }

  /// Finds whom an entry replaces: a rule a rule, a table a table, each once, and later.
  private mutating func readReplacement(_ index: Int, in directory: inout RuleDirectory) {
    let head = directory.entries[index].head
    guard let reference = head.replaces, let place = place(of: reference, in: directory) else {
      return
    }
    guard case .entry(let replaced) = place else {
      report(
        .replacesOtherKind, "`\(reference.name)` is a cell, and only a whole table is replaced",
        at: reference.span,
        help: "give the cell's new price to a rule of its own that overrides it, or replace the "
          + "table")
      return
    }
    guard replaced != index else {
      report(
        .replacesOtherKind, "`\(reference.name)` replaces itself", at: reference.span,
        help: "give the new one another name and keep the old one, so that history stays")
      return
    }
    let other = directory.entries[replaced]
    let isTable = directory.entries[index].isTable
    guard other.isTable == isTable else {
      report(
        .replacesOtherKind,
        "`\(reference.name)` is a \(other.isTable ? "table" : "rule"), and only a "
          + "\(isTable ? "table" : "rule") can be replaced by this one", at: reference.span,
        notes: [Diagnostic.Note("`\(reference.name)` is here", at: other.head.span)])
      return
    }
    if let first = other.replacedBy {
      let note = directory.entries[first].head.replaces.map {
        Diagnostic.Note("it is first replaced here", at: $0.span)
      }
      report(
        .replacedTwice, "`\(reference.name)` is replaced twice", at: reference.span,
        help: "to go on, replace `\(directory.entries[first].head.name)`",
        notes: note.map { [$0] } ?? [])
      return
    }
    if let from = head.from, let start = other.head.from, from <= start {
      report(
        .replacedTooEarly, "`\(reference.name)` is replaced before it begins", at: reference.span,
        help: "it begins at \(start), this one at \(from)",
        notes: [Diagnostic.Note("`\(reference.name)` is here", at: other.head.span)])
      return
    }
    directory.entries[index].replaces = replaced
    directory.entries[replaced].replacedBy = index
  }
}
