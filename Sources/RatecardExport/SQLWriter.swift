internal import RatecardCompiler
internal import RatecardModel
internal import RatecardValues

/// Writes the stages of the query, each a table expression over the one before.
struct SQLWriter {
  private let attributes: SQLAttributes
  private let sets: RuleSets
  private let conditions: SQLConditions
  private let adjustments: SQLAdjustments
  private var card: Card { attributes.card }
  private var dialect: SQLDialect { attributes.dialect }
  /// What is worked out once before the prices, by its text.
  private var factors: [(column: String, text: String)] = []

  init(_ attributes: SQLAttributes, _ sets: RuleSets) {
    self.attributes = attributes
    self.sets = sets
    conditions = SQLConditions(attributes: attributes)
    adjustments = SQLAdjustments(attributes, sets)
  }

  /// The stages, the last of which is `answered`.
  mutating func stages(from table: String) throws(SQLRefusal) -> [String] {
    let prices = try priced()
    let given = [("given_row", dialect.row)] + (try attributes.given())
    var stages = [stage("given", from: "\(table) AS given_row", given)]
    var last = "given"
    let between: [(String, [(column: String, text: String)])] = [
      ("derived", try attributes.derived() + conditions.clockColumns()),
      ("timed", try conditions.windowColumns()), ("chosen", try chosen()),
      ("adjusted", try adjustments.columns(adjustable: adjustable(), conditions)),
      ("factored", factors), ("charged", prices.charged),
      ("bounded", [("price", prices.bounded.text)]), ("divided", [("whole", prices.divided)]),
    ]
    for (name, columns) in between where !columns.isEmpty {
      stages.append(stage(name, from: last, keeping: true, columns))
      last = name
    }
    stages.append(stage("answered", from: last, try answered(prices)))
    return stages
  }

  private func stage(
    _ name: String, from source: String, keeping: Bool = false,
    _ columns: [(column: String, text: String)]
  ) -> String {
    let lines = (keeping ? ["*"] : []) + columns.map { "\($0.text) AS \($0.column)" }
    return """
      \(name) AS (
        SELECT
          \(lines.joined(separator: ",\n    "))
        FROM \(source)\(dialect.stageEnd)
      )
      """
  }

  // MARK: Which rule

  private func chosen() throws(SQLRefusal) -> [(column: String, text: String)] {
    var texts: [String] = []
    for rule in card.costs {
      texts.append(
        try about("the cost rule `\(rule.name)`", at: rule.span) {
          () throws(SQLRefusal) in try conditions.scope(rule.scope)
        })
    }
    let winner = SQLOrder(rules: sets.costs, conditions: texts).winner { $0 }
    let looksAtTier = attributes.used.contains(.tier)
    return [
      ("winner", winner),
      ("is_invalid", "COALESCE(\(try attributes.invalid(needsTier: looksAtTier)), FALSE)"),
      ("overflows", "COALESCE(\(attributes.overflows()), FALSE)"),
    ]
  }

  /// Whether the winner is a price that adjustments touch.
  private func adjustable() -> String {
    let fixed = card.costs.indices.filter { index in
      if case .price(let price) = card.costs[index].outcome { !price.isAdjustable } else { true }
    }
    if fixed.isEmpty { return "TRUE" }
    return "winner NOT IN (\(fixed.map(String.init).joined(separator: ", ")))"
  }

  // MARK: Prices

  /// The prices of all rules, as whole numbers.
  private struct Prices {
    var charged: [(column: String, text: String)]
    /// The price before it is rounded, in parts.
    var bounded: SQLInteger
    /// The whole part of the price in the smallest part of a credit.
    var divided: String
    /// What that becomes when it is rounded.
    var rounded: String
  }

  private mutating func priced() throws(SQLRefusal) -> Prices {
    let parts = try parts()
    let componentParts = try adjustments.factor(of: .credits).denominator
    let charges = SQLCharges(attributes: attributes, parts: parts)
    let own = SQLCharges(
      attributes: attributes, parts: try SQLInteger.product(parts, componentParts))
    var prices = Cases(subject: "winner")
    var problems = Cases(subject: "winner")
    var most: Int128 = 0
    for (index, rule) in card.costs.enumerated() {
      guard case .price(let price) = rule.outcome else { continue }
      try about("the cost rule `\(rule.name)`", at: rule.span) { () throws(SQLRefusal) in
        let (amount, when) = try self.price(price, charges, own)
        most = max(most, amount.most)
        prices.add(index, amount.text)
        if !when.isEmpty { problems.add(index, Self.problem(when)) }
      }
    }
    let additions = try adjustments.additions(own)
    var total = SQLInteger(prices.text(or: dialect.integer(0)), most: most)
    for addition in additions { total = try total + addition.amount }
    let factor = try adjustments.factor()
    if let numerator = factor.numerator { total = try total * numerator }
    let all = try SQLInteger.product(own.parts, factor.denominator)
    let column = SQLInteger("total", most: total.most)
    let bounded = try adjustments.bounded(
      column, SQLCharges(attributes: attributes, parts: all))
    let when = additions.flatMap(\.problems)
    var problem = problems.text(or: nil)
    if !when.isEmpty {
      let added = Self.problem(when)
      problem = problem.map { "COALESCE(\($0), \(added))" } ?? added
    }
    let rounding = try rounding(SQLInteger("price", most: bounded.most), parts: all)
    let text = dialect == .spark ? "STRING" : "TEXT"
    return Prices(
      charged: [("total", total.text), ("problem", problem ?? "CAST(NULL AS \(text))")],
      bounded: bounded, divided: rounding.divided, rounded: rounding.rounded)
  }

  private static func problem(_ when: [(condition: String, code: String)]) -> String {
    "CASE " + when.map { "WHEN \($0.condition) THEN '\($0.code)'" }.joined(separator: " ") + " END"
  }

  /// How many parts of a credit all amounts need, but for what factors add.
  private func parts() throws(SQLRefusal) -> Int128 {
    var parts = try about("the adjustments", at: card.adjustments.first?.span) {
      () throws(SQLRefusal) in try adjustments.parts()
    }
    for rule in card.costs {
      guard case .price(let price) = rule.outcome else { continue }
      try about("the cost rule `\(rule.name)`", at: rule.span) { () throws(SQLRefusal) in
        for amount in [price.credits, price.minimum, price.maximum].compactMap(\.self) {
          parts = try SQLInteger.commonMultiple(parts, amount.denominator)
        }
        parts = try SQLInteger.commonMultiple(parts, SQLCharges.parts(price.rates, attributes))
      }
    }
    return parts
  }

  /// What a price comes to before whole-price adjustments, and when it has none.
  private mutating func price(
    _ price: Price, _ charges: SQLCharges, _ own: SQLCharges
  ) throws(SQLRefusal) -> (SQLInteger, [(condition: String, code: String)]) {
    var problems: [(condition: String, code: String)] = []
    var sum: SQLInteger?
    if let credits = price.credits {
      sum = try weighed(SQLInteger(try charges.whole(credits), dialect), .credits)
    }
    for rate in price.rates {
      let charge = try charges.charge(rate, among: price.rates)
      problems += charge.problems
      let term = try weighed(charge.amount, .attribute(rate.attribute))
      sum = try sum.map { sum throws(SQLRefusal) in try sum + term } ?? term
    }
    var total = sum ?? SQLInteger(0, dialect)
    if let minimum = price.minimum {
      total = total.atLeast(SQLInteger(try own.whole(minimum), dialect))
    }
    if let maximum = price.maximum {
      total = total.atMost(SQLInteger(try own.whole(maximum), dialect))
    }
    return (total, problems)
  }

  private mutating func weighed(
    _ amount: SQLInteger, _ component: Adjustment.Component
  ) throws(SQLRefusal) -> SQLInteger {
    guard let numerator = try adjustments.factor(of: component).numerator else { return amount }
    let text = "CAST(\(numerator.text) AS \(dialect.integerType))"
    let known = factors.first { $0.text == text }?.column
    let column = known ?? "f_\(factors.count)"
    if known == nil { factors.append((column, text)) }
    return try amount * SQLInteger(column, most: numerator.most)
  }

  // MARK: The rounding

  private func rounding(
    _ price: SQLInteger, parts: Int128
  ) throws(SQLRefusal) -> (divided: String, rounded: String) {
    let smallest = try SQLInteger.powerOfTen(card.credit.decimals)
    let divisor = SQLInteger.divisor(smallest, parts)
    let dividend = try price * (smallest / divisor)
    let parts = parts / divisor
    let divided: SQLInteger
    var rounded = "whole"
    switch card.credit.rounding {
    case .down: divided = try dividend.divided(by: parts, dialect)
    case .up:
      divided = try (dividend + SQLInteger(parts - 1, dialect)).divided(by: parts, dialect)
    case .halfUp:
      let doubled = try SQLInteger.product(parts, 2)
      divided = try (dividend * 2 + SQLInteger(parts, dialect)).divided(by: doubled, dialect)
    case .halfEven:
      divided = try dividend.divided(by: parts, dialect)
      _ = try dividend * 2
      let rest = "(\(dividend.text) - whole * \(parts)) * 2"
      rounded =
        "whole + CASE WHEN \(rest) > \(parts) OR (\(rest) = \(parts) AND whole % 2 = 1)"
        + " THEN 1 ELSE 0 END"
    }
    guard divided.most < (try SQLInteger.powerOfTen(27)) - 1 else {
      throw SQLRefusal("its prices may need more than 27 digits")
    }
    let unit =
      card.credit.decimals == 0 ? "" : " * \(Number(units: 1, decimals: card.credit.decimals))"
    return (divided.text, "CAST(\(rounded) AS DECIMAL(27, 0))\(unit)")
  }

  // MARK: The answer

  private func answered(_ prices: Prices) throws(SQLRefusal) -> [(column: String, text: String)] {
    var names = Cases(subject: "winner")
    var denials = Cases(subject: "winner")
    for (index, rule) in card.costs.enumerated() {
      names.add(index, try dialect.text(rule.name))
      if case .deny(let text) = rule.outcome { denials.add(index, try dialect.text(text.string)) }
    }
    let text = dialect == .spark ? "STRING" : "TEXT"
    return [
      ("given_row", "given_row"),
      ("credits", prices.rounded),
      ("rule", names.text(or: nil) ?? "CAST(NULL AS \(text))"),
      ("denied", denials.text(or: nil) ?? "CAST(NULL AS \(text))"),
      (
        "error",
        "CASE WHEN is_invalid THEN 'invalid_request' WHEN overflows THEN 'overflow'"
          + " WHEN winner IS NULL THEN 'unpriced' ELSE problem END"
      ),
    ]
  }
}

/// A `CASE` over numbers, in which those with the same answer stand together.
private struct Cases {
  let subject: String
  private var answers: [(text: String, numbers: [Int])] = []
  /// Texts that look alike may be written differently.
  private var places: [ExactText: Int] = [:]

  init(subject: String) { self.subject = subject }

  mutating func add(_ number: Int, _ text: String) {
    if let place = places[ExactText(text)] {
      answers[place].numbers.append(number)
    } else {
      places[ExactText(text)] = answers.count
      answers.append((text, [number]))
    }
  }

  /// The expression; nil: there are no cases, and nothing else to answer.
  func text(or other: String?) -> String? {
    if answers.isEmpty { return other }
    let lines = answers.map { answer in
      let numbers = answer.numbers.map(String.init)
      let isOne =
        numbers.count == 1 ? "= \(numbers[0])" : "IN (\(numbers.joined(separator: ", ")))"
      return "WHEN \(subject) \(isOne) THEN \(answer.text)"
    }
    let end = other.map { " ELSE \($0)" } ?? ""
    return "CASE \(lines.joined(separator: "\n      "))\(end) END"
  }

  func text(or other: String) -> String { text(or: Optional(other)) ?? other }
}
