internal import RatecardDiagnostics
internal import RatecardSyntax
internal import RatecardValues

/// The fields of a provider's payload that `events` look at, as attributes named `event.NAME`.
///
/// A payload is declared nowhere, so a field's kind is what its matchers ask for: a number where
/// they write numbers, a flag or an instant likewise, and text where they write texts.
extension CheckContext {
  /// The attributes of all fields that conditions of `events` name, by name.
  mutating func eventFields() -> [Attribute] {
    var evidence: [String: [(kind: Attribute.Kind, span: Span)]] = [:]
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
    for (name, kinds) in evidence where isMixed(name, kinds) {
      faultyAttributes.insert(ExactText(name))
      evidence[name] = nil
    }
    let names = evidence.keys.sortedByBytes()
    return names.enumerated().map { offset, name in
      Attribute(
        id: AttributeID(attributes.count + offset), name: name,
        kind: evidence[name]?.first?.kind ?? .text, origin: .event)
    }
  }

  /// Whether matchers take a field for values of different kinds; reported when they do.
  private mutating func isMixed(
    _ name: String, _ kinds: [(kind: Attribute.Kind, span: Span)]
  ) -> Bool {
    let kinds = kinds.sorted { $0.span < $1.span }
    guard let first = kinds.first, let other = kinds.first(where: { $0.kind != first.kind }) else {
      return false
    }
    report(
      .mixedKinds, "`\(name)` is \(other.kind.inWords) here and \(first.kind.inWords) elsewhere",
      at: other.span, help: "a text that looks like something else stands in quotes",
      notes: [Diagnostic.Note("it is \(first.kind.inWords) here", at: first.span)])
    return true
  }

  /// The kinds of the literals in a matcher.
  private static func kinds(
    of matcher: Node
  ) -> [(kind: Attribute.Kind, span: Span)] {
    switch matcher.kind {
    case .mapping: return matcher.entries.flatMap { kinds(of: $0.value) }
    case .sequence: return matcher.items.flatMap { kinds(of: $0) }
    case .scalar:
      let text = matcher.text
      guard !matcher.isMissing else { return [] }
      guard matcher.isPlain else { return [(.text, matcher.span)] }
      if ["any", "present", "absent"].contains(text) { return [] }
      if Bool(text) != nil { return [(.flag, matcher.span)] }
      if (try? Number(parsing: text, signed: true)) != nil { return [(.number, matcher.span)] }
      if (try? Instant(parsing: text)) != nil { return [(.instant, matcher.span)] }
      return [(.text, matcher.span)]
    }
  }
}
