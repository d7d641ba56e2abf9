package import RatecardModel
package import RatecardValues

/// What the conditions of a card name: for each attribute the texts and globs, the ends of ranges,
/// the windows and the dates.
struct ConditionUsage {
  struct Texts {
    var literals: Set<ExactText> = []
    var globs: Set<Glob> = []
  }

  private(set) var texts: [Texts]
  private(set) var cuts: [Set<Cut>]
  /// Where a stretch of time begins.
  private(set) var instants: Set<Instant> = []
  private(set) var windowNames: Set<ExactText> = []
  /// Whether a condition asks whether any window holds at all.
  private(set) var usesEveryWindow = false
  private var used: [Bool]

  /// Whether the literals of each attribute matter: those of a closed set are known.
  private let keepsLiterals: [Bool]

  init(_ attributes: [Attribute]) {
    texts = Array(repeating: Texts(), count: attributes.count)
    cuts = Array(repeating: [], count: attributes.count)
    used = Array(repeating: false, count: attributes.count)
    keepsLiterals = attributes.map { attribute in
      if case .choice = attribute.kind {
        attribute.id == .model || attribute.id == .requestedModel
      } else {
        true
      }
    }
  }

  func uses(_ attribute: AttributeID) -> Bool { used[attribute.index] }

  var usesModel: Bool { uses(.model) || uses(.modelClass) || uses(.requestedModel) }
  var usesTime: Bool { uses(.at) || uses(.window) || !instants.isEmpty }

  mutating func add(_ scope: RuleScope) {
    if let from = scope.from { instants.insert(from) }
    if let until = scope.until { instants.insert(until) }
    if let begins = scope.begins { instants.insert(begins) }
    if let ends = scope.ends { instants.insert(ends) }
    for conditions in scope.alternatives {
      for condition in conditions {
        used[condition.attribute.index] = true
        add(condition.matcher, on: condition.attribute)
      }
    }
  }

  private mutating func add(_ matcher: Matcher, on attribute: AttributeID) {
    switch matcher {
    case .any, .present, .absent:
      if attribute == .window { usesEveryWindow = true }
    case .not(let inner):
      add(inner, on: attribute)
    case .oneOf(let patterns):
      for pattern in patterns { add(pattern, on: attribute) }
    case .range(let lower, let upper):
      if let lower { add(lower.asLowerCut, on: attribute) }
      if let upper { add(upper.asUpperCut, on: attribute) }
    }
  }

  private mutating func add(_ pattern: Pattern, on attribute: AttributeID) {
    switch pattern {
    case .glob(let glob):
      texts[attribute.index].globs.insert(glob)
    case .value(.text(let text)):
      if attribute == .window {
        windowNames.insert(text)
      } else if keepsLiterals[attribute.index] {
        texts[attribute.index].literals.insert(text)
      }
    case .value(.flag):
      break
    case .value(.number(let number)):
      cuts[attribute.index].formUnion([.before(number), .after(number)])
    case .value(.instant(let instant)):
      add(.before(instant.asNumber), on: attribute)
      add(.after(instant.asNumber), on: attribute)
    }
  }

  private mutating func add(_ cut: Cut, on attribute: AttributeID) {
    guard attribute == .at else {
      cuts[attribute.index].insert(cut)
      return
    }
    if let instant = cut.asInstant { instants.insert(instant) }
  }
}

extension Bound {
  package var asNumber: Number {
    switch value {
    case .number(let number): number
    case .instant(let instant): instant.asNumber
    case .text, .flag: preconditionFailure("a bound is a number or an instant")
    }
  }

  package var asLowerCut: Cut { isInclusive ? .before(asNumber) : .after(asNumber) }
  package var asUpperCut: Cut { isInclusive ? .after(asNumber) : .before(asNumber) }
}

extension Cut {
  /// The first instant after the cut, for cuts between nanoseconds; nil past the last instant.
  package var asInstant: Instant? {
    guard let nanoseconds = amongIntegers().value.asInteger() else { return nil }
    return Instant(nanoseconds: nanoseconds)
  }
}
