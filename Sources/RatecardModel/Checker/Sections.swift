internal import RatecardDiagnostics
internal import RatecardSyntax

/// The sections of a card, joined over all of its files.
struct Sections {
  /// A section as one file has it.
  struct Part {
    /// Its key.
    let key: Node
    /// What stands under it.
    let value: Node
  }

  /// What a section is in YAML.
  enum Shape { case header, entries, list, single, accept }

  /// Every section, in the order in which the reference lists them.
  static let known: [(name: String, shape: Shape)] = [
    ("ratecard", .header), ("name", .header), ("credit", .header),
    ("attributes", .entries), ("models", .entries), ("windows", .entries),
    ("costs", .list), ("adjustments", .list), ("tiers", .list), ("events", .list),
    ("routes", .list), ("plans", .entries), ("meter", .single), ("tests", .list),
    ("guards", .list), ("accept", .accept),
  ]

  fileprivate(set) var parts: [String: [Part]] = [:]

  /// Whether any file has the section, even an empty one.
  func contains(_ name: String) -> Bool { parts[name] != nil }

  /// The one part of a section that stands once in a card.
  func single(_ name: String) -> Part? { parts[name]?.first }

  /// The entries of a section that is a mapping, over all files.
  func entries(_ name: String) -> [Node.Entry] {
    (parts[name] ?? []).flatMap { $0.value.kind == .mapping ? Array($0.value.entries) : [] }
  }

  /// The items of a section that is a list, over all files.
  func items(_ name: String) -> [Node] {
    (parts[name] ?? []).flatMap { $0.value.kind == .sequence ? Array($0.value.items) : [] }
  }
}

extension CheckContext {
  /// Takes in the sections of a file, each of the right shape; others are reported and left out.
  mutating func addSections(of tree: Tree) {
    guard let root = tree.root, !root.isMissing else { return }
    guard root.kind == .mapping else {
      report(
        .wrongKind, "a file of a rate card must be a map of sections, this is \(root.inWords)",
        at: root.span, help: "begin with a section, such as `costs:`")
      return
    }
    for entry in root.entries {
      guard let section = Sections.known.first(where: { $0.name == entry.key.text }) else {
        let name = entry.key.text
        let sections = Sections.known.map(\.name)
        let suggestion = Suggestion.closest(to: name, among: sections)
        if let suggestion { partialSections.insert(suggestion) }
        report(
          .unknownKey, "`\(name)` is not a section of a rate card", at: entry.key.span,
          help: suggestion.map { "did you mean `\($0)`?" } ?? "the sections are "
            + sections.map { "`\($0)`" }.joined(separator: ", "))
        continue
      }
      add(Sections.Part(key: entry.key, value: entry.value), to: section)
    }
  }

  private mutating func add(
    _ part: Sections.Part, to section: (name: String, shape: Sections.Shape)
  ) {
    let name = section.name
    let first = sections.parts[name, default: []].first?.key.span
    sections.parts[name, default: []] += []
    guard !part.value.isMissing else {
      return reportMissingValue(of: part.key)
    }
    switch section.shape {
    case .header, .single:
      if let first {
        let what = section.shape == .header ? "header" : name
        return report(
          .repeatedSection, "`\(name)` stands in two files, a card has one \(what)",
          at: part.key.span, help: "keep one of them",
          notes: [Diagnostic.Note("the other is here", at: first)])
      }
    case .accept: break
    case .entries:
      guard part.value.kind == .mapping else {
        partialSections.insert(name)
        return report(
          .wrongKind, "`\(name)` must be a map of names, this is \(part.value.inWords)",
          at: part.value.span, help: "write each entry as `NAME: …` on its own line")
      }
    case .list:
      guard part.value.kind == .sequence else {
        partialSections.insert(name)
        return report(
          .wrongKind, "`\(name)` must be a list, this is \(part.value.inWords)",
          at: part.value.span, help: "begin each entry with `- `")
      }
    }
    sections.parts[name]?.append(part)
  }

  /// The entries of a section of names, each name once over all files and no more than `limit`.
  mutating func namedEntries(
    _ section: String, of what: String, limit: Int
  ) -> [Node.Entry] {
    let entries = sections.entries(section)
    guard isWithin(limit, entries.map(\.key), of: what) else {
      partialSections.insert(section)
      return []
    }
    var names = NameTable(of: what)
    var result: [Node.Entry] = []
    for entry in entries {
      if names.claim(entry.key.text, at: entry.key.span, in: &self) { result.append(entry) }
    }
    return result
  }

  /// The items of a section that is a list, without empty ones, and no more than `limit`.
  mutating func listItems(_ section: String, of what: String, limit: Int) -> [Node] {
    let items = sections.items(section)
    guard isWithin(limit, items, of: what) else {
      partialSections.insert(section)
      return []
    }
    return items.filter { item in
      if item.isMissing {
        report(
          .missingValue, "this entry of `\(section)` is empty", at: item.span,
          help: "remove the `-`, or write the \(what) after it")
      }
      return !item.isMissing
    }
  }

  /// Whether a card stays within a limit on how many of something it may have; reported when not.
  mutating func isWithin(
    _ limit: Int, _ nodes: [Node], of what: String, plural: String? = nil
  ) -> Bool {
    guard nodes.count > limit else { return true }
    report(
      .tooMany,
      "a card has at most \(limit) \(plural ?? what + "s"), this one has \(nodes.count)",
      at: nodes[limit].span, help: "this is the first one over the limit")
    return false
  }
}
