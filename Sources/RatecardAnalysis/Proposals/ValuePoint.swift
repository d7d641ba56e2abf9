import RatecardCompiler
import RatecardModel
import RatecardValues

/// A value of an attribute beside one of its bounds.
struct ValuePoint: Sendable {
  /// Where it lies: `just below`, `at` or `just above`.
  let place: String
  let number: Number
}

extension Space {
  /// The values just below, at and just above a bound of a numeric attribute, those that requests
  /// can carry.
  ///
  /// A step is the least that people tell apart: one of a count, a second of an instant, the last
  /// decimal of credits, a hundredth of anything else, or what the bound itself is written to. It
  /// is made smaller where another bound of the card lies nearer.
  func points(around bound: Number, of id: AttributeID) -> [ValuePoint] {
    let attribute = card[id]
    var points: [ValuePoint] = []
    func add(_ place: String, _ number: Number?) {
      guard let number, isAllowed(number, attribute) else { return }
      points.append(ValuePoint(place: place, number: number))
    }
    if attribute.kind == .count, !bound.isInteger {
      guard let floor = bound.floor() else { return [] }
      add("just below", Number(significand: floor, exponent: 0))
      add("just above", Number(significand: floor + 1, exponent: 0))
      return points
    }
    add("just below", neighbor(of: bound, attribute, isBelow: true))
    add("at", bound)
    add("just above", neighbor(of: bound, attribute, isBelow: false))
    return points
  }

  /// The exponent of ten of the least step that people tell apart.
  func stepExponent(of attribute: Attribute, at bound: Number) -> Int {
    switch attribute.kind {
    case .count: 0
    case .instant: 9
    default:
      switch attribute.id {
      case .balance, .granted: -max(card.credit.decimals, bound.decimals)
      default: -max(2, bound.decimals)
      }
    }
  }

  private func isAllowed(_ number: Number, _ attribute: Attribute) -> Bool {
    switch attribute.kind {
    case .count, .quantity: !number.isNegative
    case .instant: number.asInteger().flatMap(Instant.init(nanoseconds:)) != nil
    default: true
    }
  }

  /// The nearest value on one side that no other bound parts from this one.
  private func neighbor(
    of bound: Number, _ attribute: Attribute, isBelow: Bool
  ) -> Number? {
    var domain: NumberDomain?
    if let index = axis(of: attribute.id, in: .afterRouting),
      case .numbers(let numbers) = axes[index].domain
    {
      domain = numbers
    }
    let exponent = stepExponent(of: attribute, at: bound)
    for exponent in stride(from: exponent, through: exponent - 20, by: -1) {
      guard let step = Number(significand: isBelow ? -1 : 1, exponent: exponent),
        let number = bound.adding(step)
      else { return nil }
      guard let domain, attribute.kind != .count else { return number }
      let beside: Int
      if isBelow {
        let atom = domain.atomsBelow(.before(bound))
        let startsHere = domain.lowerCut(of: atom) == .before(bound)
        beside = startsHere ? atom - 1 : atom
      } else {
        beside = domain.atomsBelow(.after(bound))
      }
      if domain.atomsBelow(.before(number)) == beside { return number }
    }
    return nil
  }
}

extension Number {
  /// The value of an attribute that the number stands for: of an instant its nanoseconds.
  func value(of attribute: Attribute) -> Value {
    guard attribute.kind == .instant,
      let instant = asInteger().flatMap(Instant.init(nanoseconds:))
    else { return .number(self) }
    return .instant(instant)
  }
}

extension RuleScope {
  /// The numbers, or instants, at which conditions of the scope begin or end, by attribute; `at`
  /// and windows are left out.
  func bounds(_ card: Card) -> [(attribute: AttributeID, bound: Number)] {
    var found: [(attribute: AttributeID, bound: Number)] = []
    func add(_ value: Value, _ attribute: AttributeID) {
      let number: Number
      switch value {
      case .number(let value): number = value
      case .instant(let instant): number = instant.asNumber
      case .text, .flag: return
      }
      if !found.contains(where: { $0 == (attribute, number) }) { found.append((attribute, number)) }
    }
    func add(_ matcher: Matcher, _ attribute: AttributeID) {
      switch matcher {
      case .any, .present, .absent: break
      case .not(let inner): add(inner, attribute)
      case .oneOf(let patterns):
        for case .value(let value) in patterns { add(value, attribute) }
      case .range(let lower, let upper):
        for bound in [lower, upper] { if let bound { add(bound.value, attribute) } }
      }
    }
    for condition in alternatives.joined() where condition.attribute != .at {
      add(condition.matcher, condition.attribute)
    }
    return found.sorted { ($0.attribute, $0.bound) < ($1.attribute, $1.bound) }
  }
}
