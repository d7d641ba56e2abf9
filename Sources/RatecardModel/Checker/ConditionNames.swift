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
    // The key of an event rule's `on` is nil: it is not one of the map.
    var pairs: [(key: Node?, matcher: Node)] = []
    if let map, map.kind == .mapping { pairs = map.entries.map { ($0.key, $0.value) } }
    if let on { pairs.append((nil, on)) }
    if pairs.count > 1 { pairs.sort { Self.precedes($0.key, $1.key) } }
    guard !pairs.isEmpty else { return nil }
    // A card may have 100,000 such names, so that their bytes are put together without texts between.
    var name: [UInt8] = []
    name.reserveCapacity(96)
    for (key, matcher) in pairs {
      if !name.isEmpty { name += ", ".utf8 }
      Self.withBytes(of: key) { name += $0 }
      name += ": ".utf8
      Self.write(matcher, to: &name)
    }
    return String(decoding: name, as: UTF8.self)
  }

  private static func precedes(_ left: Node?, _ right: Node?) -> Bool {
    withBytes(of: left) { left in
      withBytes(of: right) { left.lexicographicallyPrecedes($0) }
    }
  }

  private static func withBytes<Result>(
    of key: Node?, _ body: (UnsafeBufferPointer<UInt8>) -> Result
  ) -> Result {
    if let key { return key.withUTF8(body) }
    let on: StaticString = "on"
    return body(UnsafeBufferPointer(start: on.utf8Start, count: on.utf8CodeUnitCount))
  }

  /// A matcher as it is called in names.
  static func matcherName(_ node: Node) -> String {
    var name: [UInt8] = []
    write(node, to: &name)
    return String(decoding: name, as: UTF8.self)
  }

  private static let boundOrder = ["above", "at_least", "below", "at_most", "not"]

  private static func write(_ node: Node, to name: inout [UInt8]) {
    switch node.kind {
    case .scalar:
      let isWord = !node.isPlain && ["any", "present", "absent"].contains(node.text)
      if isWord { name += "\"".utf8 }
      node.withUTF8 { name += $0 }
      if isWord { name += "\"".utf8 }
    case .sequence:
      name += "[".utf8
      for (place, item) in node.items.enumerated() {
        if place > 0 { name += ", ".utf8 }
        write(item, to: &name)
      }
      name += "]".utf8
    case .mapping:
      var entries = Array(node.entries)
      if entries.count > 1 {
        entries.sort {
          (boundOrder.firstIndex(of: $0.key.text) ?? 5)
            < (boundOrder.firstIndex(of: $1.key.text) ?? 5)
        }
      }
      name += "{".utf8
      for (place, entry) in entries.enumerated() {
        if place > 0 { name += ", ".utf8 }
        entry.key.withUTF8 { name += $0 }
        name += ": ".utf8
        write(entry.value, to: &name)
      }
      name += "}".utf8
    }
  }
}
