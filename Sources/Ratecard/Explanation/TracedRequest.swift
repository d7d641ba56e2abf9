internal import RatecardModel
internal import RatecardValues

/// A value as conditions look at it; derived ones have shapes that a request cannot write.
enum TracedValue: Hashable {
  case plain(Value)
  /// `balance_percent`, exactly.
  case ratio(Rational)
  /// The windows that hold; never empty.
  case windows([ExactText])
}

/// A request that has passed its checks, with what is derived from it, as a walk over the model
/// sees it.
struct TracedRequest {
  let card: Card
  private(set) var values: [AttributeID: TracedValue] = [:]
  /// How each attribute was come by, where it is not simply what the request says.
  private(set) var remarks: [AttributeID: String] = [:]

  subscript(attribute: AttributeID) -> TracedValue? { values[attribute] }

  /// Reads attributes that a request may carry; whatever the checks would refuse counts as absent.
  init(_ card: Card, _ given: [String: RequestValue], at now: Instant) {
    self.card = card
    for attribute in card.attributes where attribute.origin != .derived {
      if let value = given[attribute.name].flatMap({ Self.value($0, as: attribute.kind) }) {
        values[attribute.id] = .plain(value)
      } else if let value = attribute.defaultValue {
        values[attribute.id] = .plain(value)
        remarks[attribute.id] = "default"
      }
    }
    if values[.at] == nil {
      values[.at] = .plain(.instant(now))
      remarks[.at] = "now"
    }
    resolveAlias(.model)
    resolveAlias(.requestedModel)
    if values[.requestedModel] == nil, let model = values[.model] {
      values[.requestedModel] = model
      remarks[.requestedModel] = remarks[.model] ?? "the model asked for"
    }
    if let tier = text(.currentTier), !card.tierNames.contains(tier) {
      values[.currentTier] = nil
      remarks[.currentTier] = "`\(tier)` is no tier of this card any more"
    }
    deriveClass()
    deriveBalance()
    deriveWindows()
  }

  /// The text of an attribute; nil where it is absent or no text.
  func text(_ attribute: AttributeID) -> ExactText? {
    guard case .plain(.text(let text)) = values[attribute] else { return nil }
    return text
  }

  /// The number of an attribute, 0 where it is absent.
  func number(_ attribute: AttributeID) -> Number {
    guard case .plain(.number(let number)) = values[attribute] else { return .zero }
    return number
  }

  /// Sets what an earlier stage decided: the tier.
  mutating func decide(tier: ExactText?) {
    values[.tier] = tier.map { .plain(.text($0)) }
    remarks[.tier] = tier == nil ? "no tier rule matches" : "decided"
  }

  /// Sets what an earlier stage decided: the model that serves the request.
  mutating func decide(model: ExactText?) {
    values[.model] = model.map { .plain(.text($0)) }
    remarks[.model] = "as routed"
    deriveClass()
  }

  // MARK: Reading

  private static func value(_ given: RequestValue, as kind: Attribute.Kind) -> Value? {
    switch given {
    case .absent: return nil
    case .number(let number): return .number(number)
    case .flag(let flag): return .flag(flag)
    case .instant(let instant): return .instant(instant)
    case .text(let text):
      switch kind {
      case .text, .choice: return .text(ExactText(text))
      case .flag: return text == "true" ? .flag(true) : text == "false" ? .flag(false) : nil
      case .count, .quantity, .number:
        return (try? Number(parsing: text, signed: true)).map { .number($0) }
      case .instant: return (try? Instant(parsing: text)).map { .instant($0) }
      case .windows: return nil
      }
    }
  }

  /// Turns an alias into its model's name: a literal before globs, the glob with the most literal
  /// characters before the others.
  private mutating func resolveAlias(_ attribute: AttributeID) {
    guard let asked = text(attribute), !card.models.models.contains(where: { $0.name == asked })
    else { return }
    var best: (model: ExactText, alias: String, weight: Int)?
    for model in card.models.models {
      for alias in model.aliases {
        switch alias {
        case .value(.text(asked)):
          best = (model.name, asked.string, .max)
        case .glob(let glob)
        where glob.matches(asked.string) && glob.literalCharacters > best?.weight ?? -1:
          best = (model.name, glob.description, glob.literalCharacters)
        default: break
        }
      }
    }
    guard let best else { return }
    values[attribute] = .plain(.text(best.model))
    remarks[attribute] = "alias `\(best.alias)`"
  }

  private mutating func deriveClass() {
    let name = text(.model)
    let modelClass = card.models.models.first { $0.name == name }?.modelClass
    values[.modelClass] = modelClass.map { .plain(.text($0)) }
    remarks[.modelClass] = modelClass == nil ? nil : "of model \(name ?? "")"
  }

  private mutating func deriveBalance() {
    if values[.granted] == nil, let plan = text(.plan),
      let credits = card.plans.first(where: { $0.name == plan })?.credits
    {
      values[.granted] = .plain(.number(credits))
      remarks[.granted] = "of plan \(plan)"
    }
    guard case .plain(.number(let balance)) = values[.balance],
      case .plain(.number(let granted)) = values[.granted], granted != .zero,
      let percent = try? Rational(balance) * Rational(100) / Rational(granted)
    else { return }
    values[.balancePercent] = .ratio(percent)
    remarks[.balancePercent] = "\(balance) × 100 / \(granted)"
  }

  private mutating func deriveWindows() {
    guard case .plain(.instant(let at)) = values[.at] else { return }
    let names = card.windows.filter { $0.window.contains(at) }.map(\.name).sorted()
    guard !names.isEmpty else { return }
    values[.window] = .windows(names)
    remarks[.window] = "at \(at)"
  }
}

// MARK: Conditions

extension TracedRequest {
  /// Whether a scope holds.
  func satisfies(_ scope: RuleScope) -> Bool {
    if case .plain(.instant(let at)) = values[.at] {
      if let from = scope.from, at < from { return false }
      if let begins = scope.begins, at < begins { return false }
      if let until = scope.until, at >= until { return false }
      if let ends = scope.ends, at >= ends { return false }
    }
    return scope.alternatives.contains { conditions in
      conditions.allSatisfy { holds($0.matcher, of: values[$0.attribute]) }
    }
  }

  private func holds(_ matcher: Matcher, of value: TracedValue?) -> Bool {
    switch matcher {
    case .any: return true
    case .present: return value != nil
    case .absent: return value == nil
    case .not(let inner): return !holds(inner, of: value)
    case .oneOf(let patterns):
      guard let value else { return false }
      return patterns.contains { matches($0, value) }
    case .range(let lower, let upper):
      guard let value else { return false }
      return lower.map { isWithin(value, $0, isLower: true) } ?? true
        && upper.map { isWithin(value, $0, isLower: false) } ?? true
    }
  }

  private func matches(_ pattern: Pattern, _ value: TracedValue) -> Bool {
    switch (pattern, value) {
    case (.value(.number(let wanted)), .ratio(let ratio)): (try? Rational(wanted)) == ratio
    case (.value(let wanted), .plain(let value)): wanted == value
    case (.value(.text(let wanted)), .windows(let names)): names.contains(wanted)
    case (.glob(let glob), .plain(.text(let text))): glob.matches(text.string)
    case (.glob(let glob), .windows(let names)): names.contains { glob.matches($0.string) }
    default: false
    }
  }

  private func isWithin(_ value: TracedValue, _ bound: Bound, isLower: Bool) -> Bool {
    switch (value, bound.value) {
    case (.plain(.number(let value)), .number(let end)): isWithin(value, end, bound, isLower)
    case (.plain(.instant(let value)), .instant(let end)): isWithin(value, end, bound, isLower)
    case (.ratio(let value), .number(let end)):
      (try? Rational(end)).map { isWithin(value, $0, bound, isLower) } ?? false
    default: false
    }
  }

  private func isWithin<Ordered: Comparable>(
    _ value: Ordered, _ end: Ordered, _ bound: Bound, _ isLower: Bool
  ) -> Bool {
    if value == end { return bound.isInclusive }
    return isLower ? value > end : value < end
  }
}
