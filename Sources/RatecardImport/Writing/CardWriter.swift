internal import RatecardModel
internal import RatecardValues

/// Writes a price list as a rate card: a header, and a file for each provider.
struct CardWriter {
  private let list: PriceList
  /// The rules by model, in the order of the list's models.
  private let rules: [[PlannedRule]]
  private let windows: WindowNames

  /// Plans a list's rules.
  init(_ list: PriceList) {
    var list = list
    list.models.sort { precedes($0.name, $1.name) }
    self.list = list
    rules = list.models.map(RulePlan.rules)
    windows = WindowNames(rules.flatMap { $0 })
  }

  /// How many rules the card has.
  var ruleCount: Int { rules.reduce(0) { $0 + $1.count } }

  /// The files of the card, the header first, the others by name.
  func files(accepting findings: Set<String>) -> [CardFile] {
    let header = HeaderText(list, rules: rules, windows: windows, accepting: findings)
    return [CardFile(name: "card.yaml", text: header.text)] + providerFiles()
  }

  private func providerFiles() -> [CardFile] {
    var names: [String: String] = [:]
    var providers: [String: [Int]] = [:]
    for (index, model) in list.models.enumerated() {
      providers[model.provider, default: []].append(index)
    }
    for provider in list.unpriced.keys { providers[provider, default: []] += [] }
    let sorted = providers.keys.sorted(by: precedes)
    for provider in sorted { names[provider] = fileName(of: provider, taken: Set(names.values)) }
    return sorted.map { provider in
      let indices = providers[provider] ?? []
      let text = ProviderText(
        provider: provider, notes: list.providerNotes[provider] ?? [],
        unpriced: list.unpriced[provider] ?? [],
        models: indices.map { (list.models[$0], rules[$0]) }, windows: windows
      ).text
      return CardFile(name: names[provider] ?? "", text: text)
    }.sorted { precedes($0.name, $1.name) }
  }

  /// A name that every system takes, which no other provider's file has.
  private func fileName(of provider: String, taken: Set<String>) -> String {
    let letters = provider.lowercased().unicodeScalars.map { scalar -> Character in
      let isPlain = scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9") ~= scalar)
      return isPlain || scalar == "-" || scalar == "_" ? Character(scalar) : "-"
    }
    let plain = String(letters).drop { $0 == "-" || $0 == "_" }
    let stem = plain.isEmpty || plain == "card" ? "provider-\(plain)" : String(plain.prefix(100))
    var name = "\(stem).yaml"
    var count = 2
    while taken.contains(name) {
      name = "\(stem)-\(count).yaml"
      count += 1
    }
    return name
  }
}

/// Whether a text sorts before another by its bytes.
func precedes(_ left: String, _ right: String) -> Bool {
  left.utf8.lexicographicallyPrecedes(right.utf8)
}

/// A comment's lines of at most 100 columns, each behind `indent` and `# `.
func comment(_ text: String, indent: String = "") -> String {
  var lines: [String] = []
  var line = ""
  for word in text.split(separator: " ") {
    if !line.isEmpty, indent.count + line.count + word.count + 3 > 100 {
      lines.append(line)
      line = ""
    }
    line += (line.isEmpty ? "" : " ") + word
  }
  lines.append(line)
  return lines.map { "\(indent)# \($0.printable)\n" }.joined()
}

extension String {
  /// The text without what a comment cannot hold, such as an end of line.
  fileprivate var printable: String {
    String(
      String.UnicodeScalarView(
        unicodeScalars.map { scalar in
          switch scalar.value {
          case 0x20...0x7E, 0xA0...0x2027, 0x202A...0xD7FF, 0xE000...0xFEFE, 0xFF00...0xFFFD,
            0x1_0000...0x10_FFFF:
            scalar
          default: "?"
          }
        }))
  }
}
