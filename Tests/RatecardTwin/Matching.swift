package import RatecardModel
import RatecardValues

/// Whether a matcher holds for a value, literally as the language says; nil is an absent value.
package func holds(_ matcher: Matcher, _ value: TwinValue?) -> Bool {
  switch matcher {
  case .any: return true
  case .not(let inner): return !holds(inner, value)
  case .present:
    if case .windows(let names)? = value { return !names.isEmpty }
    return value != nil
  case .absent: return !holds(.present, value)
  case .oneOf(let patterns):
    guard let value else { return false }
    if case .windows(let names) = value {
      return names.contains { name in patterns.contains { matches($0, .text(name)) } }
    }
    return patterns.contains { matches($0, value) }
  case .range(let lower, let upper):
    guard let value else { return false }
    return isAbove(value, lower) && isBelow(value, upper)
  }
}

private func matches(_ pattern: Pattern, _ value: TwinValue) -> Bool {
  switch (pattern, value) {
  case (.glob(let glob), .text(let text)): Stars(glob).matches(text)
  case (.glob, _): false
  case (.value(let wanted), _): TwinValue(wanted) == value
  }
}

private func isAbove(_ value: TwinValue, _ bound: Bound?) -> Bool {
  guard let bound else { return true }
  let edge = TwinValue(bound.value)
  return precedes(edge, value) || bound.isInclusive && edge == value
}

private func isBelow(_ value: TwinValue, _ bound: Bound?) -> Bool {
  guard let bound else { return true }
  let edge = TwinValue(bound.value)
  return precedes(value, edge) || bound.isInclusive && edge == value
}

private func precedes(_ left: TwinValue, _ right: TwinValue) -> Bool {
  switch (left, right) {
  case (.number(let left), .number(let right)): left < right
  case (.instant(let left), .instant(let right)): left < right
  default: false
  }
}

/// One thing that a rule asks of a request.
package struct Question: Hashable, Sendable {
  package enum Kind: Sendable {
    case condition(AttributeID, Matcher)
    /// Whether `at` lies in a half-open span; nanoseconds since 1970.
    case within(from: Int128?, until: Int128?)
  }

  package let kind: Kind
  /// The question in bytes: texts that look alike but are written differently are not equal.
  private let key: TwinText

  private init(_ kind: Kind) {
    self.kind = kind
    key = TwinText(String(reflecting: kind))
  }

  package static func condition(_ attribute: AttributeID, _ matcher: Matcher) -> Question {
    Question(.condition(attribute, matcher))
  }

  package static func within(from: Int128?, until: Int128?) -> Question {
    Question(.within(from: from, until: until))
  }

  package static func == (left: Question, right: Question) -> Bool { left.key == right.key }

  package func hash(into hasher: inout Hasher) { hasher.combine(key) }

  /// The attribute it looks at.
  package var attribute: AttributeID {
    switch kind {
    case .condition(let attribute, _): attribute
    case .within: .at
    }
  }

  /// Whether a request satisfies it.
  package func holds(for request: TwinRequest) -> Bool {
    switch kind {
    case .condition(let attribute, let matcher):
      return RatecardTwin.holds(matcher, request[attribute])
    case .within(let from, let until):
      guard let at = request[.at]?.instant else { return from == nil && until == nil }
      return (from.map { $0 <= at } ?? true) && (until.map { at < $0 } ?? true)
    }
  }
}

extension RuleScope {
  /// What a request must satisfy for the rules to be compared by it: one of these lists, wholly.
  package var compared: [[Question]] {
    alternatives.map { conditions in
      conditions.map { .condition($0.attribute, $0.matcher) }
        + [.within(from: from?.nanoseconds, until: until?.nanoseconds)]
    }
  }

  /// What a request must satisfy for the rule to hold: the same, and what `replaces` ends.
  package var live: [[Question]] {
    compared.map { $0 + [.within(from: begins?.nanoseconds, until: ends?.nanoseconds)] }
  }

  /// Whether the rule holds for a request.
  package func holds(for request: TwinRequest) -> Bool {
    live.contains { $0.allSatisfy { $0.holds(for: request) } }
  }
}
