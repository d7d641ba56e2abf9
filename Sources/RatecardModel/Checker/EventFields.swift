internal import RatecardDiagnostics
internal import RatecardSyntax
internal import RatecardValues

/// The fields of a provider's payload that `events` look at, as attributes named `event.NAME`.
///
/// A payload is declared nowhere, so a field's kind is what its matchers ask for: a number where
/// they write numbers, a flag or an instant likewise, and text where they write texts or differ.
extension CheckContext {
  /// The attributes of all fields that conditions of `events` name, by name.
  mutating func eventFields() -> [Attribute] {
    var evidence: [String: [Attribute.Kind]] = [:]
    for rule in sections.items("events") where rule.kind == .mapping {
      for entry in rule.entries where entry.key.text == "when" {
        let maps = entry.value.kind == .sequence ? Array(entry.value.items) : [entry.value]
        for map in maps where map.kind == .mapping {
          for condition in map.entries {
            let name = condition.key.text
            guard name.hasPrefix("event."), name.utf8.count > 6,
              name.utf8.dropFirst(6).allSatisfy(Self.isNameByte)
            else { continue }
            evidence[name, default: []] += Self.kinds(of: condition.value)
          }
        }
      }
    }
    let names = evidence.keys.sortedByBytes()
    return names.enumerated().map { offset, name in
      let kinds = Set(evidence[name] ?? [])
      return Attribute(
        id: AttributeID(attributes.count + offset), name: name,
        kind: kinds.count == 1 ? kinds.first ?? .text : .text, origin: .event)
    }
  }

  /// The kinds of the literals in a matcher.
  private static func kinds(of matcher: Node) -> [Attribute.Kind] {
    switch matcher.kind {
    case .mapping: return matcher.entries.flatMap { kinds(of: $0.value) }
    case .sequence: return matcher.items.flatMap { kinds(of: $0) }
    case .scalar:
      let text = matcher.text
      guard !matcher.isMissing else { return [] }
      guard matcher.isPlain else { return [.text] }
      if ["any", "present", "absent"].contains(text) { return [] }
      if Bool(text) != nil { return [.flag] }
      if (try? Number(parsing: text, signed: true)) != nil { return [.number] }
      if (try? Instant(parsing: text)) != nil { return [.instant] }
      return [.text]
    }
  }
}
