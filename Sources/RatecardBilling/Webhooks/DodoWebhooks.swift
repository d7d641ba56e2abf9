internal import RatecardJSON
public import RatecardValues

/// Reads the webhooks of Dodo Payments.
///
/// What a webhook carries is the state at its delivery, which may be later than its type says: the
/// state counts.
public struct DodoWebhooks: WebhookReader {
  private let keys: WebhookKeys?
  private let entitlement: String?

  /// Makes a reader; `entitlement` is what the card's credits are, where there are several kinds.
  ///
  /// Without keys no webhook is genuine.
  public init(_ keys: WebhookKeys?, entitlement: String? = nil) {
    self.keys = keys
    self.entitlement = entitlement
  }

  /// Whether a webhook is signed with one of the keys, not long ago.
  public func isGenuine(_ webhook: Webhook, now: Instant) -> Bool {
    keys?.verify(webhook, now: now) ?? false
  }

  /// What a webhook says.
  public func read(_ webhook: Webhook) -> WebhookReading {
    let json: JSONValue
    do throws(JSONFailure) { json = try JSONValue(parsing: webhook.body, depthLimit: 32) } catch {
      return .senseless(reason: "it is no JSON: \(error.message)")
    }
    guard let type = json["type"]?.string else { return .senseless(reason: "it has no `type`") }
    let isLedger = Self.ledgerTypes.contains(type)
    guard isLedger || type == Self.balanceLow || Self.statuses[type] != nil else {
      return .ignored(type: type)
    }
    guard let at = json["timestamp"]?.string.flatMap({ try? Instant(parsing: $0) }),
      Self.times.contains(at.seconds)
    else {
      return .senseless(reason: "it has no `timestamp` that is an instant")
    }
    guard let data = json["data"], data.members != nil else {
      return .senseless(reason: "it has no `data`")
    }
    let customer = data["customer_id"]?.string ?? data["customer"]?["customer_id"]?.string
    guard let customer, Self.isUsable(customer) else {
      return .senseless(reason: "it names no customer")
    }
    var message = ProviderMessage(
      event: type, at: at, customer: customer, fields: Self.fields(of: data),
      key: Self.key(type, at, data))
    let owner = CustomerMark.id(in: data["metadata"])
    message.owner = (owner ?? CustomerMark.id(in: data["customer"]?["metadata"]))?.string
    if Self.statuses[type] != nil { return read(data, of: &message) }
    if isForeign(data["credit_entitlement_id"]) { return .ignored(type: type) }
    let name = isLedger ? "balance_after" : "available_balance"
    guard let balance = data.creditsLeft(name, overage: "overage_after") else {
      return .senseless(reason: "its `\(name)` is no amount")
    }
    message.balance = balance
    message.threshold = data["threshold_amount"]?.credits
    // The state at its delivery: there is more again.
    if type == Self.balanceLow, let threshold = message.threshold, balance > threshold {
      return .ignored(type: type)
    }
    if Self.usageTypes.contains(type) {
      guard let amount = data["amount"]?.credits, !amount.isNegative else {
        return .senseless(reason: "its `amount` is no amount")
      }
      message.deducted = amount
    }
    return .message(message)
  }

  private func read(_ data: JSONValue, of message: inout ProviderMessage) -> WebhookReading {
    let type = message.event
    guard let status = data["status"]?.string else {
      return .senseless(reason: "it has no `status`")
    }
    guard let event = Self.events[status], let usual = Self.statuses[type] else {
      return .ignored(type: type)
    }
    guard let id = data["subscription_id"]?.string, Self.isUsable(id),
      let product = data["product_id"]?.string, Self.isUsable(product)
    else {
      return .senseless(reason: "it names no subscription and product")
    }
    if !usual.contains(status) { message.event = event }
    message.subscription = .init(
      id: id, product: product, givesPlan: !Self.endedStatuses.contains(status))
    let carts = (data["credit_entitlement_cart"]?.items ?? []).filter {
      !isForeign($0["credit_entitlement_id"])
    }
    // Several without a choice between them are no balance.
    if carts.count == 1 {
      message.balance = carts[0].creditsLeft("remaining_balance", overage: "overage_balance")
    }
    return .message(message)
  }

  /// Whether a text may name something that is kept.
  private static func isUsable(_ id: String) -> Bool {
    (1...idLimit).contains(id.utf8.count) && !id.utf8.contains(0)
  }

  private func isForeign(_ id: JSONValue?) -> Bool {
    guard let entitlement else { return false }
    return id?.string.map(ExactText.init) != ExactText(entitlement)
  }

  private static func fields(of data: JSONValue) -> [String: ProviderMessage.Field] {
    var fields: [String: ProviderMessage.Field] = [:]
    for member in data.members ?? [] {
      switch member.value {
      case .string(let text):
        // What rules compare is kept with the message; no rule names so long a text.
        fields[member.name] = .text(EventWriter.cut(text.replacingNul, to: idLimit))
      case .number(let text):
        fields[member.name] = (try? Number(json: text)).map { .number($0) }
      case .bool(let flag): fields[member.name] = .flag(flag)
      case .object, .array, .null: break
      }
    }
    return fields
  }

  /// The same for the same event: a later delivery may carry a later state.
  private static func key(_ type: String, _ at: Instant, _ data: JSONValue) -> String {
    let names = ["id", "subscription_id", "credit_entitlement_id"]
    let ids = names.map { data[$0]?.string ?? "" }
    return WebhookKeys.digest(([type, at.description] + ids).joined(separator: "\n"))
  }
}

extension JSONValue {
  /// An amount that can be kept: below 10¹⁸, and cut to 18 decimals; the provider has up to 28.
  var credits: Number? {
    guard let amount, amount < Self.tooMuch, Self.tooLittle < amount else { return nil }
    guard amount.decimals > 18 else { return amount }
    var digits = amount.significand
    // So many digits fit into no number, so that dropping them leaves nothing of it.
    for _ in 18..<min(amount.decimals, 18 + 39) { digits /= 10 }
    return Number(significand: digits, exponent: -18)
  }

  private static let tooMuch = Number(1_000_000_000_000_000_000)
  private static let tooLittle = Number(-1_000_000_000_000_000_000)
}

extension DodoWebhooks {
  private static let idLimit = 1_024
  /// The times that can be kept, in seconds: from 1970 to the year 2261.
  private static let times: Range<Int64> = 0..<9_214_646_400
  private static let balanceLow = "credit.balance_low"
  private static let ledgerTypes: Set<String> = [
    "credit.added", "credit.deducted", "credit.expired", "credit.rolled_over",
    "credit.rollover_forfeited", "credit.overage_charged", "credit.overage_reset",
    "credit.manual_adjustment",
  ]
  /// What is taken for usage: from the balance, or beyond it.
  private static let usageTypes: Set<String> = ["credit.deducted", "credit.overage_charged"]

  /// The statuses that each type of event about subscriptions goes with.
  private static let statuses: [String: Set<String>] = [
    "subscription.active": ["active"], "subscription.renewed": ["active"],
    "subscription.unpaused": ["active"], "subscription.plan_changed": ["active"],
    "subscription.past_due": ["past_due"], "subscription.on_hold": ["on_hold"],
    "subscription.paused": ["paused"], "subscription.cancelled": ["cancelled"],
    "subscription.failed": ["failed"], "subscription.expired": ["expired"],
    "subscription.updated": Set(events.keys),
    "subscription.update_payment_method": Set(events.keys),
  ]

  /// The event that brings each status.
  private static let events: [String: String] = [
    "active": "subscription.active", "past_due": "subscription.past_due",
    "on_hold": "subscription.on_hold", "paused": "subscription.paused",
    "cancelled": "subscription.cancelled", "failed": "subscription.failed",
    "expired": "subscription.expired",
  ]
  /// A subscription on hold or paused keeps its plan; what it may do is for the card to say.
  private static let endedStatuses: Set<String> = ["cancelled", "failed", "expired"]
}
