internal import RatecardValues

/// The fewest rules that charge a model's prices in every situation.
///
/// A situation gets rules where its price differs from what the situations around it make of it.
/// Where two of those meet and one of them is right, it overrides the other. A price that changes at
/// a date is a rule that replaces the one before, so that dates never count when rules are compared; a
/// situation that has rules at all has them from the beginning, for a rule that begins by itself would
/// not lie within one that always held.
struct RulePlan {
  /// A situation that has rules.
  private struct Slot {
    let place: Int
    /// By period; nil: the list has none.
    let prices: [Price?]
    /// The slots that it overrides.
    var overrides: [Int] = []
  }

  private let model: PricedModel
  private var slots: [Slot] = []

  private var grid: PriceGrid { model.grid }

  /// The rules for a model, the most general one first.
  static func rules(for model: PricedModel) -> [PlannedRule] {
    var plan = RulePlan(model: model)
    plan.choose()
    return plan.rules()
  }

  private init(model: PricedModel) { self.model = model }

  /// Decides which situations have rules, from the most general one down.
  private mutating func choose() {
    let order = grid.situations.indices.sorted { left, right in
      let (leftDepth, rightDepth) = (depth(left), depth(right))
      return leftDepth == rightDepth ? left < right : leftDepth < rightDepth
    }
    for place in order {
      let prices = grid.prices[place]
      guard prices.contains(where: { $0 != nil }) else { continue }
      if isSettled(place) || settle(place) { continue }
      slots.append(Slot(place: place, prices: prices))
    }
  }

  /// Lets one of the closest slots around a situation override the others, where that makes its
  /// price.
  private mutating func settle(_ place: Int) -> Bool {
    let around = closest(to: place)
    for winner in around where slots[winner].prices == grid.prices[place] {
      let before = slots[winner].overrides
      slots[winner].overrides += around.filter {
        slots[$0].prices != slots[winner].prices && !before.contains($0)
      }
      let isMutual = slots[winner].overrides.contains { slots[$0].overrides.contains(winner) }
      if !isMutual, isSettled(place) { return true }
      slots[winner].overrides = before
    }
    return false
  }

  /// Whether the slots so far make a situation's price: some are left that none beats, and all of
  /// those have it.
  private func isSettled(_ place: Int) -> Bool {
    let holding = slots.indices.filter { includes(slots[$0].place, place) }
    let left = holding.filter { slot in !holding.contains { beats($0, slot) } }
    return !left.isEmpty && left.allSatisfy { slots[$0].prices == grid.prices[place] }
  }

  private func beats(_ left: Int, _ right: Int) -> Bool {
    if left == right { return false }
    if slots[left].overrides.contains(right) { return true }
    return includes(slots[right].place, slots[left].place)
      && !slots[right].overrides.contains(left)
  }

  private func rules() -> [PlannedRule] {
    var chains = slots.map(chain)
    let heads = chains.map { $0.filter { $0.replaces == nil }.map(\.name) }
    for (index, slot) in slots.enumerated() {
      let overrides = slot.overrides.flatMap { heads[$0] }
      // What replaces a rule overrides what that one did.
      for place in chains[index].indices where chains[index][place].replaces == nil {
        chains[index][place].overrides = overrides
      }
    }
    return chains.flatMap { $0 }
  }

  /// A situation's rules, one after another in time.
  private func chain(of slot: Slot) -> [PlannedRule] {
    let name = name(of: slot)
    var rules: [PlannedRule] = []
    var last: Price?
    for (period, price) in slot.prices.enumerated() where price != last {
      let start = period == 0 ? nil : grid.starts[period - 1]
      let replaced = last == nil ? nil : rules.last?.name
      if price == nil, !rules.isEmpty { rules[rules.count - 1].until = start }
      if let price {
        rules.append(
          PlannedRule(
            name: name + (start.map { " from \($0)" } ?? ""), model: model.name,
            conditions: conditions(of: slot), from: start, replaces: replaced, price: price))
      }
      last = price
    }
    return rules
  }

  // MARK: - Situations

  /// How specific a situation is.
  private func depth(_ place: Int) -> Int {
    zip(grid.dimensions, grid.situations[place]).reduce(0) { $0 + $1.0.depth($1.1) }
  }

  private func includes(_ wide: Int, _ narrow: Int) -> Bool {
    let (outer, inner) = (grid.situations[wide], grid.situations[narrow])
    return grid.dimensions.indices.allSatisfy { grid.dimensions[$0].includes(outer[$0], inner[$0]) }
  }

  /// The slots around a situation within which no other of them stands.
  private func closest(to place: Int) -> [Int] {
    let around = slots.indices.filter { includes(slots[$0].place, place) }
    return around.filter { slot in
      !around.contains { $0 != slot && includes(slots[slot].place, slots[$0].place) }
    }
  }

  private func conditions(of slot: Slot) -> [PlannedRule.Condition] {
    zip(grid.dimensions, grid.situations[slot.place]).compactMap { dimension, coordinate in
      guard coordinate > 0 else { return nil }
      return PlannedRule.Condition(
        attribute: dimension.attribute, matcher: dimension.cells[coordinate - 1].matcher)
    }
  }

  private func name(of slot: Slot) -> String {
    ([model.name] + conditions(of: slot).map { $0.matcher.label(of: $0.attribute) })
      .joined(separator: ", ")
  }
}

extension Matcher {
  /// What it is in a rule's name.
  fileprivate func label(of attribute: String) -> String {
    let words = attribute.map { $0 == "_" ? " " : $0 }
    switch self {
    case .texts(let texts): return texts.joined(separator: " or ")
    case .above(let number), .atLeast(let number):
      let what = attribute == UsageUnit.inputTokens.rawValue ? "" : String(words) + " "
      let bound = if case .above = self { "above" } else { "from" }
      return "\(what)\(bound) \(number.short)"
    case .absent: return "without " + String(words)
    case .present: return "with " + String(words)
    case .windows(let windows):
      let labels = windows.map(\.label)
      return labels.indices.filter { labels.firstIndex(of: labels[$0]) == $0 }
        .map { labels[$0] }.joined(separator: " and ")
    }
  }
}

extension Number {
  /// As a person writes it: `272K`, `1M`, `32_768`.
  var short: String {
    guard significand > 0 else { return description }
    switch exponent {
    case 6...8: return shifted(by: -6) + "M"
    case 3...5: return shifted(by: -3) + "K"
    default: return grouped
    }
  }

  private func shifted(by places: Int) -> String {
    Number(significand: significand, exponent: exponent + places)?.description ?? description
  }
}
