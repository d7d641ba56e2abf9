import RatecardModel
import RatecardValues

extension Card {
  /// Hands over the conditions of every rule and guard.
  ///
  /// O(conditions).
  func forEachCondition(_ body: (Condition) -> Void) {
    func visit<Outcome>(_ rules: [Rule<Outcome>]) {
      // By their places, since a rule is costly to copy.
      for place in rules.indices {
        for conditions in rules[place].scope.alternatives {
          for condition in conditions { body(condition) }
        }
      }
    }
    visit(costs)
    visit(adjustments)
    visit(tiers)
    visit(routes)
    visit(events)
    for conditions in guards.lazy.flatMap(\.scope.alternatives) { conditions.forEach(body) }
  }

  /// The matchers that rules and guards put on one of some attributes.
  func matchers(on attributes: AttributeID...) -> [Matcher] {
    var matchers: [Matcher] = []
    forEachCondition { condition in
      if attributes.contains(condition.attribute) { matchers.append(condition.matcher) }
    }
    return matchers
  }

  /// The texts that tests give to one of some attributes, as written.
  func testedTexts(of attributes: AttributeID...) -> Set<ExactText> {
    let names = Set(attributes.map { self[$0].name })
    return Set(
      tests.lazy.flatMap(\.inputs).filter { names.contains($0.name) }
        .map { ExactText($0.text) })
  }

  /// The text that requests have where they do not carry an attribute, if it has such a default.
  func defaultText(of attribute: AttributeID) -> ExactText? {
    guard case .text(let text)? = self[attribute].defaultValue else { return nil }
    return text
  }
}

/// The texts that matchers name, and the globs by which they take others.
struct NamedTexts {
  private(set) var literals: Set<ExactText> = []
  private(set) var globs: Set<Glob> = []
  /// Whether a matcher asks whether there is a value at all.
  private(set) var asksForPresence = false

  init(_ matchers: [Matcher]) {
    for matcher in matchers { add(matcher) }
  }

  private mutating func add(_ matcher: Matcher) {
    switch matcher {
    case .any, .range: break
    case .present, .absent: asksForPresence = true
    case .not(let inner): add(inner)
    case .oneOf(let patterns):
      for pattern in patterns {
        switch pattern {
        case .value(.text(let text)): literals.insert(text)
        case .value: break
        case .glob(let glob): globs.insert(glob)
        }
      }
    }
  }

  /// Whether a text is named, or taken by a glob that does not take every text.
  func tellsApart(_ text: ExactText) -> Bool {
    literals.contains(text)
      || globs.contains { $0.literalCharacters > 0 && $0.matches(text.string) }
  }
}
