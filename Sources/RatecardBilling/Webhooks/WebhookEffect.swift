public import Ratecard
internal import RatecardModel
public import RatecardStore
public import RatecardValues

/// What a provider's message does to a customer.
///
/// What is known of the balance goes by the time of the message, and so commutes. Tier and plan may
/// depend on all messages before it, and follow from the trail of them. Rules see the balance that
/// the message tells of, without what is pending now: that belongs to another moment.
public struct WebhookEffect: Sendable {
  /// What is known of a customer before a message.
  public struct Known: Hashable, Sendable {
    /// The customer.
    public var customer: Customer
    /// What is remembered of earlier messages, as the store has it.
    public var trail: String?

    /// Makes what is known.
    public init(customer: Customer, trail: String?) {
      self.customer = customer
      self.trail = trail
    }
  }

  /// What is to be done whoever else does something meanwhile: the balance, and what is pending.
  public private(set) var facts: [Change] = []
  /// What is to be done only if what is known still is so: tier and plan, and a notice of that.
  public private(set) var moves: [Change] = []
  /// Why the card has no answer; nil: it has.
  public private(set) var problem: RequestError?

  /// Works out what a message does; `lock` says which products were made for the card's plans.
  ///
  /// A notice that follows is to be posted where `postsNotices` says so.
  public init(
    of message: ProviderMessage, card: RateCard, lock: ProviderLock? = nil, known: Known,
    now: Instant, postsNotices: Bool = false
  ) {
    let products = PlanProducts(card.model, lock)
    var trail = known.trail.flatMap { EventTrail($0) } ?? EventTrail()
    // The same content has come under another id.
    if trail.contains(message.key) { return }
    if message.balance != nil || message.deducted != nil {
      facts.append(
        .customer(
          CustomerChange(
            id: message.customer,
            balance: message.balance.map { .init($0, at: message.at, source: "webhook") },
            deducted: message.deducted,
            settledBefore: message.balance.map { _ in
              message.at.adding(milliseconds: -BalanceReader.settlingMilliseconds)
            }, cause: message.event, at: now)))
    }
    // Usage is told of every minute, and mostly no rule looks at it.
    guard message.deducted == nil || card.hasRule(for: message.event) else { return }
    var entry = EventTrail.Entry(at: message.at, key: message.key, event: message.event)
    entry.balance = message.balance ?? known.customer.balance(at: message.at)
    entry.subscription = message.subscription
    let names = card.model.attributes.lazy.filter { $0.origin == .event }.map(\.name)
    for name in names where name.hasPrefix("event.") {
      let field = String(name.dropFirst("event.".count))
      entry.fields[field] = message.fields[field]
    }
    trail.note(tier: known.customer.tier)
    var problem: RequestError?
    var notice: String?
    let place = trail.insert(entry) { entry, tier, subscriptions in
      do throws(RequestError) {
        let plan = products.plan(of: subscriptions) ?? known.customer.plan?.value
        let reaction = try card.react(to: entry, of: message.customer, tier: tier, plan: plan)
        if entry.key == message.key { notice = reaction?.notify }
        return reaction
      } catch {
        if entry.key == message.key { problem = error }
        return nil
      }
    }
    self.problem = problem
    guard let place else { return }
    let isNews = trail.isNews(place) && !message.isOutdated(by: known.customer)
    var change = TrailChange(customer: message.customer, before: known.trail, after: "")
    if trail.tier.map(ExactText.init) != known.customer.tier.map(ExactText.init) {
      change.tier = TierChange(
        customer: message.customer, from: known.customer.tier, to: trail.tier,
        cause: trail.cause(orElse: message.event), at: now)
    }
    change.plan = trail.plan(products, known.customer.plan)
    trail.trim()
    change.after = trail.text
    moves.append(.trail(change))
    if let notice, isNews {
      let cause = "\(message.event) \(message.key)"
      let name = "notice_" + WebhookKeys.digest("\(message.customer)\n\(cause)")
      moves.append(
        .notice(
          Notice(
            customer: message.customer, text: notice, cause: cause, at: now,
            postedAs: postsNotices ? name : nil)))
    }
  }
}

extension EventTrail {
  /// Whether what an entry says still holds, and was not said by the one before of its kind.
  fileprivate func isNews(_ place: Int) -> Bool {
    let entry = entries[place]
    guard entries[place...].allSatisfy({ $0.tier == entry.tier }) else { return false }
    let before = entries[..<place]
    guard let last = before.lastIndex(where: { $0.event == entry.event }),
      before[last].rule == entry.rule
    else { return true }
    // The same once more; unless the customer was elsewhere, or had more, in between.
    let balance = before[last].balance
    return !before[last...].allSatisfy { between in
      between.tier == entry.tier
        && (between.balance.map { own in balance.map { own <= $0 } ?? false } ?? true)
    } || (entry.balance.map { own in balance.map { own > $0 } ?? false } ?? false)
  }

  /// The event that brought the last change of tier.
  fileprivate func cause(orElse event: String) -> String {
    var place = entries.count - 1
    while place > 0, entries[place - 1].tier == entries[place].tier { place -= 1 }
    guard place >= 0, let cause = entries[place].event else { return event }
    return "\(cause) of \(entries[place].at)"
  }

  /// The plan that follows from the subscriptions; nil: what is known stays.
  fileprivate func plan(
    _ products: PlanProducts, _ known: RatecardStore.Known<String?>?
  ) -> RatecardStore.Known<String?>? {
    guard let last = entries.last(where: { $0.subscription != nil }),
      let plan = products.plan(of: subscriptions(upTo: entries.count - 1))
    else { return nil }
    // Someone has said otherwise since.
    if let known, known.source != "webhook", known.at > last.at { return nil }
    return .init(plan, at: last.at, source: "webhook")
  }
}

extension ProviderMessage {
  /// Whether it warns of a balance that has been more since.
  fileprivate func isOutdated(by customer: Customer) -> Bool {
    guard event == "credit.balance_low", let known = customer.balance, let value = known.value,
      let bound = threshold ?? balance
    else { return false }
    return known.at > at && value >= bound
  }
}

extension Customer {
  /// The balance at a time, where none later is known.
  fileprivate func balance(at instant: Instant) -> Number? {
    guard let balance, balance.at <= instant else { return nil }
    return balance.value
  }
}

extension PlanProducts {
  /// The plan that subscriptions give, the latest last; nil: they say nothing of plans.
  fileprivate func plan(of subscriptions: [ProviderMessage.Subscription]) -> String?? {
    let known = subscriptions.compactMap { subscription in
      plan(of: subscription.product).map { (plan: $0.string, isGiven: subscription.givesPlan) }
    }
    if known.isEmpty { return nil }
    return .some(known.last { $0.isGiven }?.plan)
  }
}

extension RateCard {
  fileprivate func react(
    to entry: EventTrail.Entry, of customer: String, tier: String?, plan: String?
  ) throws(RequestError) -> Reaction? {
    guard let event = entry.event else { return nil }
    var request: [String: RequestValue] = ["on": .text(event), "customer": .text(customer)]
    if let plan { request["plan"] = .text(plan) }
    // A tier that the card does not have counts as none.
    if let tier, model.tierNames.contains(ExactText(tier)) { request["current_tier"] = .text(tier) }
    if let balance = entry.balance { request["balance"] = .number(balance) }
    for (name, field) in entry.fields {
      switch field {
      case .text(let text): request["event.\(name)"] = .text(text)
      case .number(let number): request["event.\(name)"] = .number(number)
      case .flag(let flag): request["event.\(name)"] = .flag(flag)
      }
    }
    return try react(to: request, at: entry.at)
  }

  /// Whether some rule may apply to an event, whatever else it says.
  fileprivate func hasRule(for event: String) -> Bool {
    model.events.contains { rule in
      rule.scope.alternatives.contains { conditions in
        conditions.allSatisfy { $0.attribute != .event || $0.matcher.holds(for: event) }
      }
    }
  }
}

extension Matcher {
  /// Whether it holds for a text.
  fileprivate func holds(for text: String) -> Bool {
    switch self {
    case .any, .present: true
    case .absent, .range: false
    case .oneOf(let patterns):
      patterns.contains { pattern in
        switch pattern {
        case .value(let value): value == .text(ExactText(text))
        case .glob(let glob): glob.matches(text)
        }
      }
    case .not(let matcher): !matcher.holds(for: text)
    }
  }
}
