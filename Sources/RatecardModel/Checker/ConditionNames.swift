internal import RatecardSyntax
internal import RatecardValues

/// What rules without a name are called.
extension CheckContext {
  /// The name that conditions make: `attribute: matcher` pairs sorted by attribute and joined with
  /// a comma; alternatives sorted and joined with "or".
  ///
  /// Nil without conditions.
  ///
  /// An event rule's `on` is one of its conditions. Matchers stand as they were written, but for
  /// quotes, which only stay where they keep a word from being `any`, `present` or `absent`.
  func conditionsName(_ when: Node?, on: Node? = nil) -> String? {
    guard let when, when.kind == .sequence else { return pairs(of: when, on: on) }
    let names = Set(when.items.map { ExactText(pairs(of: $0, on: on) ?? "always") }).sorted()
    return names.isEmpty ? nil : names.map(\.string).joined(separator: " or ")
  }

  private func pairs(of map: Node?, on: Node?) -> String? {
    var pairs: [(key: String, matcher: String)] = []
    if let map, map.kind == .mapping {
      pairs = map.entries.map { ($0.key.text, Self.matcherName($0.value)) }
    }
    if let on { pairs.append(("on", Self.matcherName(on))) }
    if pairs.count > 1 { pairs.sort { $0.key.precedesByBytes($1.key) } }
    guard !pairs.isEmpty else { return nil }
    // A card may have 100,000 such names, and interpolation takes its time.
    var name = ""
    for (key, matcher) in pairs {
      if !name.isEmpty { name += ", " }
      name += key
      name += ": "
      name += matcher
    }
    return name
  }

  /// A matcher as it is called in names.
  static func matcherName(_ node: Node) -> String {
    switch node.kind {
    case .scalar:
      let text = node.text
      let isWord = !node.isPlain && ["any", "present", "absent"].contains(text)
      return isWord ? "\"\(text)\"" : text
    case .sequence:
      return "[" + node.items.map(matcherName).joined(separator: ", ") + "]"
    case .mapping:
      let order = ["above", "at_least", "below", "at_most", "not"]
      let entries = node.entries.sorted {
        (order.firstIndex(of: $0.key.text) ?? 5) < (order.firstIndex(of: $1.key.text) ?? 5)
      }
      let pairs = entries.map { "\($0.key.text): \(matcherName($0.value))" }
      return "{" + pairs.joined(separator: ", ") + "}"
    }
  }
}
