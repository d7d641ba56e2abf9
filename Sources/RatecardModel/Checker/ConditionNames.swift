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
    var pairs: [(key: String, matcher: Node)] = []
    if let map, map.kind == .mapping { pairs = map.entries.map { ($0.key.text, $0.value) } }
    if let on { pairs.append(("on", on)) }
    if pairs.count > 1 { pairs.sort { $0.key.precedesByBytes($1.key) } }
    guard !pairs.isEmpty else { return nil }
    // A card may have 100,000 such names, and interpolation takes its time.
    var name = ""
    for (key, matcher) in pairs {
      if !name.isEmpty { name += ", " }
      name += key
      name += ": "
      Self.write(matcher, to: &name)
    }
    return name
  }

  /// A matcher as it is called in names.
  static func matcherName(_ node: Node) -> String {
    var name = ""
    write(node, to: &name)
    return name
  }

  private static let boundOrder = ["above", "at_least", "below", "at_most", "not"]

  private static func write(_ node: Node, to name: inout String) {
    switch node.kind {
    case .scalar:
      let text = node.text
      let isWord = !node.isPlain && ["any", "present", "absent"].contains(text)
      if isWord { name += "\"" }
      name += text
      if isWord { name += "\"" }
    case .sequence:
      name += "["
      for (place, item) in node.items.enumerated() {
        if place > 0 { name += ", " }
        write(item, to: &name)
      }
      name += "]"
    case .mapping:
      var entries = Array(node.entries)
      if entries.count > 1 {
        entries.sort {
          (boundOrder.firstIndex(of: $0.key.text) ?? 5)
            < (boundOrder.firstIndex(of: $1.key.text) ?? 5)
        }
      }
      name += "{"
      for (place, entry) in entries.enumerated() {
        if place > 0 { name += ", " }
        name += entry.key.text
        name += ": "
        write(entry.value, to: &name)
      }
      name += "}"
    }
  }
}
