internal import RatecardCompiler
internal import RatecardModel
internal import RatecardValues

/// What adjustments do to a price.
///
/// Those of a group exclude each other; one without a group is a set of its own.
struct SQLAdjustments {
  let attributes: SQLAttributes
  private var card: Card { attributes.card }
  private var dialect: SQLDialect { attributes.dialect }
  /// Indices into the card's adjustments; of each set, at most one applies.
  private let sets: [[Int]]
  private let groups: [RuleSets.Group]

  init(_ attributes: SQLAttributes, _ sets: RuleSets) {
    self.attributes = attributes
    groups = sets.groups
    let alone = attributes.card.adjustments.indices.filter {
      attributes.card.adjustments[$0].outcome.group == nil
    }
    self.sets = alone.map { [$0] } + groups.map(\.members)
  }

  var isEmpty: Bool { sets.isEmpty }

  // MARK: Which apply

  /// Columns that say which adjustments apply to a price that is `adjustable`.
  func columns(
    adjustable: String, _ conditions: SQLConditions
  ) throws(SQLRefusal) -> [(column: String, text: String)] {
    var columns: [(String, String)] = []
    for (index, rule) in card.adjustments.enumerated() where rule.outcome.group == nil {
      let holds = SQLConditions.all([adjustable, try condition(index, conditions)])
      columns.append((applies(index), "COALESCE(\(holds), FALSE)"))
    }
    for (number, group) in groups.enumerated() {
      var texts: [String] = []
      for index in group.members { texts.append(try condition(index, conditions)) }
      let winner = SQLOrder(rules: group.rules, conditions: texts).winner { group.members[$0] }
      columns.append(("g_\(number)", "CASE WHEN \(adjustable) THEN \(winner) END"))
    }
    return columns
  }

  private func condition(
    _ index: Int, _ conditions: SQLConditions
  ) throws(SQLRefusal) -> String {
    let rule = card.adjustments[index]
    return try about("the adjustment `\(rule.name)`", at: rule.span) {
      () throws(SQLRefusal) in try conditions.scope(rule.scope)
    }
  }

  private func applies(_ index: Int) -> String {
    guard let number = groups.firstIndex(where: { $0.members.contains(index) }) else {
      return "x_\(index)"
    }
    return "g_\(number) = \(index)"
  }

  // MARK: Factors

  /// A product of one factor of each set, all over one denominator.
  struct Factor {
    /// What the numerator is; nil: 1.
    var numerator: SQLInteger?
    var denominator: Int128 = 1
  }

  /// What all `multiply` together come to.
  func factor() throws(SQLRefusal) -> Factor {
    try factor { action in
      if case .multiply(let factor) = action { factor } else { nil }
    }
  }

  /// What all `multiply … of` come to for one component; the denominator is that of all components.
  func factor(of component: Adjustment.Component) throws(SQLRefusal) -> Factor {
    try factor { action in
      guard case .multiplyComponents(let factor, let components) = action else { return nil }
      return components.contains(component) ? factor : .one
    } denominators: { action in
      if case .multiplyComponents(let factor, _) = action { factor.denominator } else { 1 }
    }
  }

  private func factor(
    _ factor: (Adjustment.Action) -> Rational?,
    denominators: ((Adjustment.Action) -> Int128)? = nil
  ) throws(SQLRefusal) -> Factor {
    var result = Factor()
    for set in sets {
      let actions = set.map { ($0, card.adjustments[$0].outcome.action) }
      var common: Int128 = 1
      for (_, action) in actions {
        let denominator = denominators?(action) ?? factor(action)?.denominator ?? 1
        common = try SQLInteger.commonMultiple(common, denominator)
      }
      result.denominator = try SQLInteger.product(result.denominator, common)
      var cases: [String] = []
      var most = common
      for (index, action) in actions {
        guard let factor = factor(action), factor != .one else { continue }
        let numerator = try SQLInteger.product(factor.numerator, common / factor.denominator)
        cases.append("WHEN \(applies(index)) THEN \(numerator)")
        most = max(most, numerator)
      }
      let term: SQLInteger
      if cases.isEmpty {
        if common == 1 { continue }
        term = SQLInteger(common, dialect)
      } else {
        term = SQLInteger("CASE \(cases.joined(separator: " ")) ELSE \(common) END", most: most)
      }
      result.numerator =
        try result.numerator.map { sum throws(SQLRefusal) in try sum * term } ?? term
    }
    return result
  }

  // MARK: Amounts

  /// How many parts of a credit the amounts of adjustments need.
  func parts() throws(SQLRefusal) -> Int128 {
    var parts: Int128 = 1
    for rule in card.adjustments {
      switch rule.outcome.action {
      case .add(let amount), .minimum(let amount), .maximum(let amount):
        parts = try SQLInteger.commonMultiple(parts, amount.denominator)
      case .addRates(let rates):
        parts = try SQLInteger.commonMultiple(parts, SQLCharges.parts(rates, attributes))
      case .multiply, .multiplyComponents: break
      }
    }
    return parts
  }

  /// What is added, and when that has no price.
  func additions(_ charges: SQLCharges) throws(SQLRefusal) -> [SQLCharges.Charge] {
    var found: [SQLCharges.Charge] = []
    for (index, rule) in card.adjustments.enumerated() {
      switch rule.outcome.action {
      case .add(let amount):
        let amount = try charges.whole(amount)
        found.append(
          SQLCharges.Charge(
            amount: SQLInteger(
              "CASE WHEN \(applies(index)) THEN \(dialect.integer(amount)) ELSE 0 END",
              most: amount),
            problems: []))
      case .addRates(let rates):
        for rate in rates {
          var charge = try about("the adjustment `\(rule.name)`", at: rule.span) {
            () throws(SQLRefusal) in try charges.charge(rate, among: rates)
          }
          charge.amount = SQLInteger(
            "CASE WHEN \(applies(index)) THEN \(charge.amount.text) ELSE 0 END",
            most: charge.amount.most)
          for place in charge.problems.indices {
            charge.problems[place].condition =
              "(\(applies(index)) AND \(charge.problems[place].condition))"
          }
          found.append(charge)
        }
      case .multiply, .multiplyComponents, .minimum, .maximum: break
      }
    }
    return found
  }

  /// A price within the largest minimum and the smallest maximum.
  func bounded(_ price: SQLInteger, _ charges: SQLCharges) throws(SQLRefusal) -> SQLInteger {
    var price = price
    for (index, rule) in card.adjustments.enumerated() {
      guard case .minimum(let amount) = rule.outcome.action else { continue }
      let whole = try charges.whole(amount)
      price = price.atLeast(
        SQLInteger(
          "CASE WHEN \(applies(index)) THEN \(dialect.integer(whole)) ELSE 0 END", most: whole))
    }
    for (index, rule) in card.adjustments.enumerated() {
      guard case .maximum(let amount) = rule.outcome.action else { continue }
      let whole = dialect.integer(try charges.whole(amount))
      let open = dialect.integer(SQLInteger.limit)
      price = SQLInteger(
        "LEAST(\(price.text), CASE WHEN \(applies(index)) THEN \(whole) ELSE \(open) END)",
        most: price.most)
    }
    return price
  }
}
