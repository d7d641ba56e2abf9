import RatecardCompiler
import RatecardModel
import RatecardValues

/// The balance, the grant and the plan that it comes from, which together make a percentage that no
/// request can carry.
extension PlainRequest {
  private struct Grant {
    /// What the request says for it.
    var values: [AttributeID: Value] = [:]
    let amount: Number?
  }

  /// Takes a balance and a grant that the box admits together; false where there are none.
  func takeBalance(_ values: inout [AttributeID: Value]) -> Bool {
    let attributes: [AttributeID] = [.balance, .granted, .balancePercent]
    let axes = attributes.compactMap { space.axis(of: $0, in: .afterRouting) }
    guard
      axes.contains(where: { box[$0] != nil }) || attributes.contains(where: { given[$0] != nil })
    else { return true }
    let grants = grants(values).filter { admits($0.amount, as: .granted) }
    // Other balances should not differ from this one in their percentage, if that can be.
    let suitable = grants.filter { grant in
      otherBalances.allSatisfy { admitsPercent(of: $0, grant.amount) }
    }
    for grant in suitable + grants {
      for balance in balances(of: grant) {
        let counted = balance ?? number(space.card[.balance].defaultValue)
        guard admits(counted, as: .balance), admitsPercent(of: counted, grant.amount) else {
          continue
        }
        values.merge(grant.values) { $1 }
        if let balance { values[.balance] = .number(balance) }
        return true
      }
    }
    return false
  }

  private func number(_ value: Value?) -> Number? {
    if case .number(let number) = value { return number }
    return nil
  }

  /// What may be granted: by what is settled, by a plan, by the request itself.
  private func grants(_ values: [AttributeID: Value]) -> [Grant] {
    if let amount = number(given[.granted]) { return [Grant(amount: amount)] }
    let plans = space.card.plans.sorted { $0.span < $1.span }.filter { $0.credits != nil }
    let fallback = number(space.card[.granted].defaultValue)
    var result: [Grant] = []
    if let plan = values[.plan] {
      let credits = plans.first { .text($0.name) == plan }?.credits
      result.append(Grant(amount: fallback ?? credits))
    } else {
      result.append(Grant(amount: fallback))
      let axis = space.axis(of: .plan, in: .afterRouting)
      for plan in plans {
        if let axis, let atom = space.atom(of: .text(plan.name), on: axis),
          !atoms(axis).contains(atom)
        {
          continue
        }
        result.append(Grant(values: [.plan: .text(plan.name)], amount: plan.credits))
      }
    }
    for amount in examples(of: .granted) + [100, 1000, 10, 1, 0].map({ Number($0) }) {
      result.append(Grant(values: [.granted: .number(amount)], amount: amount))
    }
    return result
  }

  /// Balances to try with a grant, the plainest first; nil: none is carried.
  private func balances(of grant: Grant) -> [Number?] {
    if let balance = number(given[.balance]) { return [balance] }
    let wantsBalance = space.axis(of: .balance, in: .afterRouting).map(isWanted) ?? false
    let wantsPercent = space.axis(of: .balancePercent, in: .afterRouting).map(isWanted) ?? false
    let ofPercent = grant.amount.map { amount in
      examples(of: .balancePercent).compactMap {
        $0.multiplied(by: amount)?.multiplied(by: .percent)
      }
    }
    var result: [Number?] = wantsPercent ? ofPercent ?? [] : []
    if !wantsBalance { result.append(nil) }
    result += examples(of: .balance)
    if !wantsPercent { result += ofPercent ?? [] }
    return wantsBalance ? result + [nil] : result
  }

  /// A few numbers that the box admits for an attribute.
  private func examples(of attribute: AttributeID) -> [Number] {
    guard let index = space.axis(of: attribute, in: .afterRouting), box[index] != nil,
      case .numbers(let domain) = space.axes[index].domain
    else { return [] }
    return domain.plain(in: atoms(index).intersection(space.axes[index].present))
  }

  private func admits(_ number: Number?, as attribute: AttributeID) -> Bool {
    guard let index = space.axis(of: attribute, in: .afterRouting) else { return true }
    guard let number else { return atoms(index).intersects(space.axes[index].absent) }
    return space.atom(of: .number(number), on: index).map(atoms(index).contains) ?? false
  }

  private func admitsPercent(of balance: Number?, _ granted: Number?) -> Bool {
    guard let index = space.axis(of: .balancePercent, in: .afterRouting) else { return true }
    guard let balance, let granted, !granted.isZero else {
      return atoms(index).intersects(space.axes[index].absent)
    }
    return space.percentAtom(of: balance, granted).map(atoms(index).contains) ?? false
  }
}

extension Space {
  /// The atom of the percentage that a balance is of a grant above 0; nil where no condition looks at
  /// percentages, or the numbers have too many digits.
  func percentAtom(of balance: Number, _ granted: Number) -> Int? {
    guard let index = axis(of: .balancePercent, in: .afterRouting),
      case .numbers(let domain) = axes[index].domain,
      let percent = try? Rational(balance) * Rational(100) / Rational(granted)
    else { return nil }
    return partitionPoint(domain.cuts.count) { place in
      let cut = domain.cuts[place]
      guard let value = try? Rational(cut.value) else { return false }
      return value < percent || value == percent && !cut.isAfter
    }
  }
}

extension Number {
  /// A hundredth.
  static let percent = Number(significand: 1, exponent: -2) ?? .zero
}
