/// An entry of a section: a rule or table, before it is YAML.
struct DraftRule {
  var name: String?
  /// `when` as the alternatives of a list, each one a list of attributes and matchers.
  var when: [[(attribute: String, matcher: String)]] = [[]]
  /// Every other key.
  var fields: [(key: String, value: String)] = []
  var overrides: [String] = []

  var isTable: Bool { fields.contains { $0.key == "table" } }

  func field(_ key: String) -> String? { fields.first { $0.key == key }?.value }

  func yaml(_ random: inout SeededRandom) -> String {
    var pairs: [String] = []
    if let name { pairs.append("name: \(name)") }
    let maps = when.map { conditions in
      "{"
        + conditions.shuffled(using: &random).map { "\($0.attribute): \($0.matcher)" }
        .joined(separator: ", ") + "}"
    }
    if maps != ["{}"] {
      pairs.append(
        "when: " + (maps.count == 1 ? maps[0] : "[" + maps.joined(separator: ", ") + "]"))
    }
    pairs += fields.map { "\($0.key): \($0.value)" }
    if overrides.count == 1 {
      pairs.append("overrides: \(quoted(overrides[0]))")
    } else if !overrides.isEmpty {
      pairs.append("overrides: [" + overrides.map(quoted).joined(separator: ", ") + "]")
    }
    return "{" + pairs.shuffled(using: &random).joined(separator: ", ") + "}"
  }
}

/// A text as a single-quoted scalar.
func quoted(_ text: String) -> String {
  "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
}

/// A card that is still easily changed.
struct CardDraft {
  var header: [String] = []
  /// Sections that are maps, with their entries.
  var maps: [String: [String]] = [:]
  /// Sections that are lists of rules.
  var rules: [String: [DraftRule]] = [:]

  /// The card as YAML files; another seed means the same card in another order.
  func files(_ count: Int = 1, seed: UInt64 = 0) -> [String] {
    var random = SeededRandom(seed: seed)
    var files = [String](repeating: "", count: count)
    var parts: [[String: [String]]] = .init(repeating: [:], count: count)
    files[0] = header.map { $0 + "\n" }.joined()
    let isShuffled = seed != 0
    for (name, entries) in maps.sorted(by: { $0.key < $1.key }) {
      let entries = isShuffled ? entries.shuffled(using: &random) : entries
      for entry in entries {
        parts[.random(in: 0..<count, using: &random)][name, default: []].append("  \(entry)\n")
      }
    }
    for (name, entries) in rules.sorted(by: { $0.key < $1.key }) {
      let entries = isShuffled ? entries.shuffled(using: &random) : entries
      for entry in entries {
        parts[.random(in: 0..<count, using: &random)][name, default: []]
          .append("  - \(entry.yaml(&random))\n")
      }
    }
    for index in files.indices {
      let sections = parts[index].sorted { $0.key < $1.key }
      for (name, entries) in isShuffled ? sections.shuffled(using: &random) : sections {
        files[index] += "\(name):\n" + entries.joined()
      }
    }
    return files.filter { !$0.isEmpty }
  }

  /// The same card with one entry less, for every entry that can go.
  var smaller: [CardDraft] {
    var drafts: [CardDraft] = []
    for (name, entries) in rules.sorted(by: { $0.key < $1.key }) {
      for index in entries.indices {
        var draft = self
        draft.rules[name]?.remove(at: index)
        if draft.rules[name]?.isEmpty == true { draft.rules[name] = nil }
        if let gone = entries[index].name {
          for other in draft.rules[name]?.indices ?? 0..<0 {
            draft.rules[name]?[other].overrides.removeAll { $0 == gone || $0.hasPrefix(gone + "/") }
          }
        }
        drafts.append(draft)
        for alternative in entries[index].when.indices {
          for place in entries[index].when[alternative].indices {
            var draft = self
            draft.rules[name]?[index].when[alternative].remove(at: place)
            drafts.append(draft)
          }
        }
        for place in entries[index].fields.indices {
          var draft = self
          draft.rules[name]?[index].fields.remove(at: place)
          drafts.append(draft)
        }
        for place in entries[index].overrides.indices {
          var draft = self
          draft.rules[name]?[index].overrides.remove(at: place)
          drafts.append(draft)
        }
      }
    }
    for (name, entries) in maps {
      for index in entries.indices {
        var draft = self
        draft.maps[name]?.remove(at: index)
        if draft.maps[name]?.isEmpty == true { draft.maps[name] = nil }
        drafts.append(draft)
      }
    }
    return drafts
  }
}
