internal import RatecardDiagnostics
internal import RatecardSyntax
internal import RatecardValues

/// The `plans` section.
extension CheckContext {
  /// The most plans of a card.
  private static let planLimit = 1_000

  /// Takes the plans' names into scope, before anything refers to them.
  mutating func collectPlanNames() {
    planNames = Set(sections.entries("plans").map { ExactText($0.key.text) }).sorted()
  }

  /// Reads the plans, by name.
  mutating func readPlans() -> [Plan] {
    var plans: [Plan] = []
    for entry in namedEntries("plans", of: "plan", limit: Self.planLimit) {
      checkValueName(entry.key, of: "plan")
      if let plan = plan(entry) { plans.append(plan) }
    }
    return plans.sorted { $0.name < $1.name }
  }

  private mutating func plan(_ entry: Node.Entry) -> Plan? {
    guard !entry.value.isMissing else {
      reportMissingValue(of: entry.key)
      return nil
    }
    let keys =
      ["product", "price", "credits", "low_balance_percent", Self.acceptKey] + Self.grantKeys
    guard let fields = fields(of: entry.value, "a plan", keys: keys, named: entry.key) else {
      return nil
    }
    let product = fields["product"].flatMap { name($0, "`product`") }
    let price = fields["price"].flatMap { planPrice($0) }
    let credits = fields["credits"].flatMap { number($0, "`credits`", from: 0) }
    let low = fields["low_balance_percent"].flatMap {
      number($0, "`low_balance_percent`", from: 0, to: 100)
    }
    return Plan(
      name: ExactText(entry.key.text), product: product, price: price?.money,
      interval: price?.interval ?? .month, isPerSeat: price?.isPerSeat ?? false, credits: credits,
      lowBalancePercent: low, grant: grantTerms(fields), span: entry.key.span)
  }

  private struct PlanPrice {
    var money: Money
    var interval: Plan.Interval
    var isPerSeat: Bool
  }

  /// `20 USD per month`, `20 USD per seat per month`, `20 USD per year`, `20 USD once`.
  private mutating func planPrice(_ node: Node) -> PlanPrice? {
    guard let text = text(node, "a plan's `price`") else { return nil }
    let words = text.split(separator: " ").map(String.init)
    var rest = words.dropFirst(2)
    let isPerSeat = rest.starts(with: ["per", "seat"])
    if isPerSeat { rest = rest.dropFirst(2) }
    let interval: Plan.Interval? =
      switch Array(rest) {
      case ["per", "month"]: .month
      case ["per", "year"]: .year
      case ["once"]: .once
      default: nil
      }
    guard words.count > 2, let currency = Currency(words[1]), let interval else {
      let hasMoney = words.count >= 2 && Currency(words[1]) != nil
      report(
        hasMoney ? .unknownInterval : .malformedMoney,
        hasMoney && words.count == 2
          ? "`\(text)` does not say how often it is due"
          : "`\(text)` is not a plan's price",
        at: node.span,
        help: "write `20 USD per month`, `20 USD per seat per month`, `200 USD per year` or "
          + "`20 USD once`")
      return nil
    }
    guard let amount = number(words[0], at: node.span, "a plan's `price`") else { return nil }
    return PlanPrice(
      money: Money(amount: amount, currency: currency.code), interval: interval,
      isPerSeat: isPerSeat)
  }

  /// Checks a name that conditions write as a value: not empty, no star, none of the language's
  /// own words.
  mutating func checkValueName(_ key: Node, of what: String) {
    let name = key.text
    if name.isEmpty {
      report(.invalidName, "a \(what) has an empty name", at: key.span)
    } else if key.withUTF8({ $0.contains(UInt8(ascii: "*")) }) {
      report(
        .invalidName, "a \(what)'s name cannot have a star", at: key.span,
        help: "a star in a condition stands for any run of characters")
    } else if ["any", "present", "absent"].contains(name) {
      report(
        .reservedName, "`\(name)` cannot be the name of a \(what)", at: key.span,
        help: "in a condition the word means something else")
    }
  }
}
