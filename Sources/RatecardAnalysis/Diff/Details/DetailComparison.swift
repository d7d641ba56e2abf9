import RatecardCompiler
import RatecardModel
import RatecardValues

/// Compares the parts of two cards that are no rules, field by field.
struct DetailComparison {
  private let cards: Both<Card>
  private let attributes: JointAttributes

  init(_ cards: Both<Card>, _ attributes: JointAttributes) {
    self.cards = cards
    self.attributes = attributes
  }

  /// The fields that differ, in the order of the sections.
  func changes() -> [DetailChange] {
    var changes: [DetailChange] = []
    compareCredit(&changes)
    compareAttributes(&changes)
    compareModels(&changes)
    comparePlans(&changes)
    compareMeter(&changes)
    return changes
  }

  // MARK: Credit

  private func compareCredit(_ changes: inout [DetailChange]) {
    var fields = FieldList(.card)
    fields.compare("name", cards.map { $0.name })
    changes += fields.changes
    let credits = cards.map(\.credit)
    fields = FieldList(.credit)
    fields.compare("unit", credits.map { $0.unit })
    fields.compare(
      "decimals", credits.map { String($0.decimals) },
      // Finer amounts are neither more nor less as a rule.
      trend: [.rises, .falls])
    fields.compare(
      "rounding", credits.map { $0.rounding.rawValue },
      trend: credits.old.rounding.height < credits.new.rounding.height ? .rises : .falls)
    fields.compare("worth", credits.map { $0.worth?.text })
    fields.compare(credits.map(\.grant))
    changes += fields.changes
  }

  // MARK: Attributes

  private func compareAttributes(_ changes: inout [DetailChange]) {
    for both in attributes.own {
      guard let shown = both.new ?? both.old, isDeclared(both) else { continue }
      var fields = FieldList(.attributes, subject: shown.name)
      if shown.origin == .declared { fields.compareExistence(both) }
      compare(both, &fields)
      changes += fields.changes
    }
  }

  /// Whether an attribute is what the card says of it, rather than what follows from other
  /// sections.
  private func isDeclared(_ both: Both<Attribute?>) -> Bool {
    guard let shown = both.new ?? both.old else { return false }
    return shown.origin == .declared || both.old?.span != nil || both.new?.span != nil
  }

  private func compare(_ both: Both<Attribute?>, _ fields: inout FieldList) {
    let members = both.map { attribute -> [ExactText]? in
      guard case .choice(let members)? = attribute?.kind else { return nil }
      return members
    }
    if let old = members.old, let new = members.new {
      fields.compareMembers("value", Both(old, new).map { $0.map(\.string) })
    } else {
      fields.compare("type", both.map { $0.map { words($0.kind) } })
    }
    let isQuantity = both.list.contains { [.count, .quantity].contains($0?.kind) }
    fields.compare(
      "default", both.map { $0?.defaultValue.map(words) },
      // What has a rate may be charged to requests that do not carry it.
      trend: isQuantity ? [.rises, .falls] : [])
    fields.compare(
      "part_of",
      Both(
        both.old?.partOf.map { cards.old[$0].name }, both.new?.partOf.map { cards.new[$0].name }))
  }

  private func words(_ kind: Attribute.Kind) -> String {
    switch kind {
    case .text: "text"
    case .choice(let members): members.map(\.string).joined(separator: ", ")
    case .flag: "flag"
    case .count: "count"
    case .quantity: "quantity"
    case .number: "number"
    case .instant: "instant"
    case .windows: "windows"
    }
  }

  private func words(_ value: Value) -> String {
    switch value {
    case .text(let text): text.string
    case .flag(let flag): flag ? "true" : "false"
    case .number(let number): number.description
    case .instant(let instant): instant.description
    }
  }

  // MARK: Models

  private func compareModels(_ changes: inout [DetailChange]) {
    let models = cards.map { card in named(card.models.models, by: \.name) }
    for (name, both) in matched(models) {
      var fields = FieldList(.models, subject: name)
      fields.compareExistence(both)
      fields.compare("class", both.map { $0?.modelClass?.string })
      fields.compareMembers(
        "alias",
        both.map { model in
          (model?.aliases ?? []).map { alias in
            switch alias {
            case .value(let value): words(value)
            case .glob(let glob): glob.description
            }
          }
        })
      changes += fields.changes
    }
  }

  // MARK: Plans

  private func comparePlans(_ changes: inout [DetailChange]) {
    let plans = cards.map { card in named(card.plans, by: \.name) }
    for (name, both) in matched(plans) {
      var fields = FieldList(.plans, subject: name)
      fields.compareExistence(both)
      fields.compare("product", both.map { $0?.product })
      fields.compare("price", both.map { $0.flatMap(price) }, trend: trend(both))
      fields.compare("credits", both.map { $0?.credits?.description })
      fields.compare("low_balance_percent", both.map { $0?.lowBalancePercent?.description })
      fields.compare(both.map { $0?.grant ?? GrantTerms() })
      changes += fields.changes
    }
  }

  private func price(_ plan: Plan) -> String? {
    plan.price.map { price in
      let seat = plan.isPerSeat ? " per seat" : ""
      return plan.interval == .once
        ? "\(price.text)\(seat) once" : "\(price.text)\(seat) per \(plan.interval.rawValue)"
    }
  }

  /// Which way a plan's price goes; a plan that comes or goes has none to compare.
  private func trend(_ plans: Both<Plan?>) -> Trend {
    guard let old = plans.old, let new = plans.new, old.price != nil || new.price != nil else {
      return []
    }
    guard old.interval == new.interval, old.isPerSeat == new.isPerSeat else {
      return [.rises, .falls]
    }
    return Trend(old.price, new.price)
  }

  // MARK: Meter

  private func compareMeter(_ changes: inout [DetailChange]) {
    let meters = cards.map(\.meter)
    var fields = FieldList(.meter)
    fields.compare("event", meters.map { $0?.event })
    fields.compare("aggregation", meters.map { $0?.aggregation })
    fields.compare("property", meters.map { $0?.property })
    fields.compare("units_per_credit", meters.map { $0?.unitsPerCredit.description })
    fields.compare("zero_cost", meters.map { $0.map { $0.sendsZeroCost ? "send" : "skip" } })
    fields.compareMembers(
      "properties",
      Both(
        (meters.old?.properties ?? []).map { cards.old[$0].name },
        (meters.new?.properties ?? []).map { cards.new[$0].name }))
    changes += fields.changes
  }

  // MARK: Matching

  private func named<Item>(
    _ items: [Item], by name: (Item) -> ExactText
  ) -> [ExactText: Item] {
    Dictionary(items.map { (name($0), $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The items of both cards by name; nil: the card does not have it.
  private func matched<Item>(
    _ items: Both<[ExactText: Item]>
  ) -> [(name: String, both: Both<Item?>)] {
    Set(items.old.keys).union(items.new.keys).sorted()
      .map { ($0.string, Both(items.old[$0], items.new[$0])) }
  }
}

extension RoundingMode {
  /// The higher, the more amounts come to.
  fileprivate var height: Int {
    switch self {
    case .down: 0
    case .halfEven: 1
    case .halfUp: 2
    case .up: 3
    }
  }
}

extension Money {
  /// The amount as a card spells it: `20 USD`.
  var text: String { "\(amount) \(currency)" }
}
