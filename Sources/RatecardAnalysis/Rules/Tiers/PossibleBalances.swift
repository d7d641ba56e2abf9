import RatecardCompiler
import RatecardModel
import RatecardValues

/// Tells whether the balance, the grant and the percentage that a box asks for can be those of one
/// request.
///
/// The space takes the three as independent, as rules are compared; what customers can come to is
/// about real ones. A percentage is there just when a balance is and a grant other than 0, and a
/// plan with credits always makes a grant. Numbers lie densely; a balance or grant that is narrowed
/// to a count is taken as if it did not.
struct PossibleBalances {
  private let space: Space
  private let balance: Int?
  private let granted: Int?
  private let percent: Int?
  private let plan: Int?
  /// Whether a request may be without a plan, or on one without credits.
  private let mayLackGrant: Bool

  init(_ space: Space) {
    self.space = space
    balance = space.axis(of: .balance, in: .beforeRouting)
    granted = space.axis(of: .granted, in: .beforeRouting)
    percent = space.axis(of: .balancePercent, in: .beforeRouting)
    plan = space.axis(of: .plan, in: .beforeRouting)
    let plans = space.card.plans
    mayLackGrant =
      space.card[.plan].defaultValue == nil || plans.isEmpty
      || plans.contains { $0.credits == nil }
  }

  /// The box, or a part of it that real requests are in; nil: there is none.
  func narrowed(_ box: Box) -> Box? {
    guard percent != nil || granted != nil else { return box }
    for grant in choices(box, granted, .granted) {
      for left in choices(box, balance, .balance) {
        for share in choices(box, percent, .balancePercent) where agree(left, grant, share) {
          var result = box
          if let balance { result.restrict(balance, to: left.atoms) }
          if let granted { result.restrict(granted, to: grant.atoms) }
          if let percent { result.restrict(percent, to: share.atoms) }
          guard grant.isAbsent else { return result }
          guard mayLackGrant else { continue }
          guard let plan else { return result }
          result.restrict(plan, to: plansWithoutCredits(plan))
          if !result.isEmpty { return result }
        }
      }
    }
    return nil
  }

  /// The atoms of plans that grant nothing, and of no plan.
  private func plansWithoutCredits(_ axis: Int) -> AtomSet {
    guard case .texts(let texts) = space.axes[axis].domain else { return space.axes[axis].all }
    let granting = Set(space.card.plans.filter { $0.credits != nil }.map(\.name))
    return AtomSet(
      ascending: (0..<space.axes[axis].count).filter { atom in
        atom >= texts.literals.count || !granting.contains(texts.literals[atom])
      })
  }

  /// A value of one of the three, as far as a box leaves it open: missing, or in a range.
  private struct Choice {
    let atoms: AtomSet
    /// Nil: not carried.
    let range: Stretch?

    var isAbsent: Bool { range == nil }
  }

  private func choices(_ box: Box, _ axis: Int?, _ attribute: AttributeID) -> [Choice] {
    guard let axis, case .numbers(let numbers) = space.axes[axis].domain else {
      let any = Choice(atoms: .empty, range: Stretch())
      return space.card[attribute].defaultValue == nil
        ? [any, Choice(atoms: .empty, range: nil)] : [any]
    }
    let all = box[axis] ?? space.axes[axis].all
    var result = all.intersection(space.axes[axis].present).ranges.map { run in
      Choice(
        atoms: AtomSet(Int(run.lowerBound)..<Int(run.upperBound)),
        range: Stretch(
          lower: numbers.lowerCut(of: Int(run.lowerBound)),
          upper: numbers.upperCut(of: Int(run.upperBound) - 1)))
    }
    if all.intersects(space.axes[axis].absent) {
      result.append(Choice(atoms: space.axes[axis].absent, range: nil))
    }
    return result
  }

  private func agree(_ balance: Choice, _ grant: Choice, _ share: Choice) -> Bool {
    guard let balance = balance.range, let grant = grant.range else { return share.isAbsent }
    guard let share = share.range else { return grant.holdsZero }
    return grant.signs.contains { sign in
      let grants = sign < 0 ? grant.negated : grant
      let shares = sign < 0 ? share.negated : share
      return shares.times(positive: grants).meets(balance.hundredfold)
    }
  }

  /// A range of exact numbers.
  private struct Stretch {
    struct End {
      /// Nil: there is no end.
      let value: Rational?
      let isInside: Bool

      static let none = End(value: nil, isInside: false)
    }

    var lower = End.none
    var upper = End.none

    init() {}

    init(lower: End, upper: End) {
      self.lower = lower
      self.upper = upper
    }

    init(lower: Cut?, upper: Cut?) {
      self.lower = End(
        value: lower.flatMap { try? Rational($0.value) }, isInside: !(lower?.isAfter ?? true))
      self.upper = End(
        value: upper.flatMap { try? Rational($0.value) }, isInside: upper?.isAfter ?? false)
    }

    var holdsZero: Bool {
      let isAbove = lower.value.map { $0 < .zero || $0 == .zero && lower.isInside } ?? true
      let isBelow = upper.value.map { .zero < $0 || $0 == .zero && upper.isInside } ?? true
      return isAbove && isBelow
    }

    /// Which of -1 and 1 are signs of numbers in it.
    var signs: [Int] {
      let hasNegative = lower.value.map { $0 < .zero } ?? true
      let hasPositive = upper.value.map { .zero < $0 } ?? true
      return (hasPositive ? [1] : []) + (hasNegative ? [-1] : [])
    }

    var negated: Stretch {
      func negated(_ end: End) -> End {
        End(value: end.value.flatMap { try? .zero - $0 }, isInside: end.isInside)
      }
      return Stretch(lower: negated(upper), upper: negated(lower))
    }

    var hundredfold: Stretch {
      func hundredfold(_ end: End) -> End {
        End(value: end.value.flatMap { try? $0 * Rational(100) }, isInside: end.isInside)
      }
      return Stretch(lower: hundredfold(lower), upper: hundredfold(upper))
    }

    /// The products of its numbers and the positive ones of another range.
    ///
    /// The products of two ranges are a range, whose ends lie in corners. An end too large to be
    /// held exactly is taken as none.
    func times(positive other: Stretch) -> Stretch {
      let isCut = other.lower.value.map { !(Rational.zero < $0) } ?? true
      let least = isCut ? End(value: .zero, isInside: false) : other.lower
      func product(_ own: End, _ factor: End) -> End {
        guard let value = own.value else { return .none }
        if value == .zero { return own }
        guard let by = factor.value, let product = try? value * by else { return .none }
        return End(value: product, isInside: own.isInside && factor.isInside)
      }
      let isLowPositive = lower.value.map { .zero < $0 } ?? false
      let isHighPositive = upper.value.map { .zero < $0 } ?? true
      return Stretch(
        lower: product(lower, isLowPositive ? least : other.upper),
        upper: product(upper, isHighPositive ? other.upper : least))
    }

    /// Whether some number is in both.
    func meets(_ other: Stretch) -> Bool { !isBelow(other) && !other.isBelow(self) }

    private func isBelow(_ other: Stretch) -> Bool {
      guard let end = upper.value, let start = other.lower.value else { return false }
      return end < start || end == start && !(upper.isInside && other.lower.isInside)
    }
  }
}
