internal import RatecardJSON
internal import RatecardModel
internal import RatecardValues

/// The product that a plan is: its price, the credits that come with it, and the meter that takes
/// them.
///
/// Only a product that is billed by usage can have a meter. Its price is then the fixed part, and usage
/// takes credits instead of money.
struct ProductNeed: Need {
  private static let cardMark = "ratecard_card"
  private static let planMark = "ratecard_plan"
  /// A subscription ends after its period, whatever its payments; so it is a long one.
  private static let periodYears = "20"

  private let card: String
  private let plan: Plan
  private let meter: Meter?
  private let terms: CreditTerms
  private let taxCategory: String

  init(_ plan: Plan, of card: Card, taxCategory: String, _ unit: OverageUnit?) {
    self.card = card.name
    self.plan = plan
    meter = plan.interval == .once ? nil : card.meter
    terms = CreditTerms(plan.grant, over: card.credit.grant, unit)
    self.taxCategory = taxCategory
  }

  /// Why a plan's product is not for this program to make; nil: it is.
  static func reasonToLeave(_ plan: Plan, of card: Card) -> String? {
    if plan.price == nil { return "the card gives it no `price`" }
    if plan.isPerSeat, card.meter != nil, plan.interval != .once {
      return "it is priced per seat, and the provider sells what is billed by usage one by one"
    }
    return nil
  }

  var kind: ObjectKind { .product }
  var name: String { plan.name.string }
  var namedID: String? { plan.product }

  private var hasCredits: Bool { plan.credits.map { !$0.isZero } ?? false }

  /// The price in the smallest unit, as the provider takes it.
  private var amount: Number? {
    guard let amount = plan.price?.inSmallestUnit, amount.isInteger,
      amount <= Number(Int(Int32.max))
    else { return nil }
    return amount
  }

  var obstacles: [String] {
    var found = hasCredits ? terms.obstacles : []
    if let price = plan.price, amount == nil {
      found.append("the provider cannot hold a price of \(price.amount) \(price.currency)")
    }
    if let percent = plan.lowBalancePercent, !percent.isInteger {
      found.append("the provider takes a `low_balance_percent` of whole percent, not \(percent)")
    }
    return found
  }

  func id(in lock: ProviderLock) -> String? { lock.products.first { $0.plan == plan.name }?.id }
  func note(_ id: String, in lock: inout ProviderLock) { lock.set(product: id, of: plan.name) }

  func isSeen(in object: JSONValue) -> Bool {
    JSONValue.string(card).says(object["metadata"]?[Self.cardMark])
      && JSONValue.string(name).says(object["metadata"]?[Self.planMark])
  }

  func fields(_ ids: KnownIDs) -> [Field] {
    var fields: [Field] = []
    let kind =
      switch (plan.interval, meter) {
      case (.once, _): "one_time_price"
      case (_, nil): "recurring_price"
      default: "usage_based_price"
      }
    fields.append(Field(.price, "type", .string(kind), isFixed: true))
    fields.append(
      Field(
        .price, meter == nil ? "price" : "fixed_price", JSONValue(amount ?? .zero)))
    fields.append(Field(.price, "currency", .string(plan.price?.currency ?? "")))
    if plan.interval != .once {
      let interval = plan.interval == .month ? "Month" : "Year"
      fields.append(Field(.price, "payment_frequency_count", 1))
      fields.append(Field(.price, "payment_frequency_interval", .string(interval)))
    }
    if let meter {
      fields.append(Field(.meters, "meter_id", .string(ids.meter ?? KnownIDs.unknown)))
      fields.append(
        Field(.meters, "credit_entitlement_id", .string(ids.credits ?? KnownIDs.unknown)))
      fields.append(
        Field(.meters, "meter_units_per_credit", .string(meter.unitsPerCredit.description)))
    }
    guard hasCredits, let credits = plan.credits else { return fields }
    fields.append(
      Field(.credits, "credit_entitlement_id", .string(ids.credits ?? KnownIDs.unknown)))
    fields.append(Field(.credits, "credits_amount", .string(credits.description)))
    if let percent = plan.lowBalancePercent {
      fields.append(Field(.credits, "low_balance_threshold_percent", JSONValue(percent)))
    }
    return fields + terms.fields(.credits)
  }

  func making(_ fields: [Field]) -> JSONValue {
    var price = fields.members(.price)
    price += [.init("discount", 0), .init("purchasing_power_parity", false)]
    if plan.interval != .once {
      price += [
        .init("subscription_period_count", .number(Self.periodYears)),
        .init("subscription_period_interval", "Year"),
      ]
    }
    let meters = fields.members(.meters)
    if !meters.isEmpty {
      price.append(.init("meters", [.object(meters + [.init("free_threshold", 0)])]))
    }
    var body: [JSONValue.Member] = [
      .init("name", .string("\(card) \(name)")), .init("tax_category", .string(taxCategory)),
      .init("price", .object(price)),
    ]
    let credits = fields.members(.credits)
    if !credits.isEmpty { body.append(.init("credit_entitlements", [.object(credits)])) }
    body.append(
      .init("metadata", [Self.cardMark: .string(card), Self.planMark: .string(name)]))
    return .object(body)
  }

  func changing(_ object: JSONValue, _ differing: [Field], _ ids: KnownIDs) -> JSONValue {
    var body: [JSONValue.Member] = []
    if differing.contains(where: { $0.place != .credits }) {
      // A price is replaced as a whole, and so are lists.
      var price = (object["price"] ?? .object([])).merging(differing.members(.price))
      let link = differing.members(.meters)
      if !link.isEmpty {
        let own = part(.meters, of: object, ids)
        let others = (object["price"]?["meters"]?.items ?? []).filter { $0 != own }
        price = price.merging([
          .init(
            "meters", .array(others.map { $0.merging([]) } + [(own ?? .object([])).merging(link)]))
        ])
      }
      body.append(.init("price", price))
    }
    if differing.contains(where: { $0.place == .credits }) {
      let own = part(.credits, of: object, ids)
      let others = (object["credit_entitlements"]?.items ?? []).filter { $0 != own }
      let attached = Self.request(own ?? .object([])).merging(differing.members(.credits))
      body.append(.init("credit_entitlements", .array(others.map(Self.request) + [attached])))
    }
    return .object(body)
  }

  /// What attaches credits the way they are attached.
  private static func request(_ mapping: JSONValue) -> JSONValue {
    let answered = ["id", "credit_entitlement_name", "credit_entitlement_unit"]
    return .object(
      (mapping.members ?? []).filter { $0.value != .null && !answered.contains($0.name) })
  }

  func part(_ place: Field.Place, of object: JSONValue, _ ids: KnownIDs) -> JSONValue? {
    func item(_ list: JSONValue?, _ name: String, _ id: String?) -> JSONValue? {
      guard let id else { return nil }
      return list?.items?.first { JSONValue.string(id).says($0[name]) }
    }
    switch place {
    case .top, .aggregation: return object
    case .price: return object["price"]
    case .meters:
      let meters = object["price"]?["meters"]
      return item(meters, "credit_entitlement_id", ids.credits)
        ?? item(meters, "meter_id", ids.meter)
    case .credits:
      return item(object["credit_entitlements"], "credit_entitlement_id", ids.credits)
    }
  }
}
