internal import Ratecard
internal import RatecardJSON
internal import RatecardValues

/// A customer's latest messages in the order in which things happened, whatever order they came in.
///
/// What a message means may depend on the tier and the plan at its time. So one that comes late is
/// put where it belongs, and those after it are looked at once more: the same messages end the same
/// in every order. What is older than all that is remembered no longer moves anybody.
struct EventTrail: Equatable {
  /// A message, or a tier that someone else gave the customer.
  struct Entry: Equatable {
    var at: Instant
    var key: String
    /// What it is, as rules name it; nil: someone else gave the customer `tier`.
    var event: String?
    var balance: Number?
    var subscription: ProviderMessage.Subscription?
    /// The fields that rules look at.
    var fields: [String: ProviderMessage.Field] = [:]
    /// The rule that applied.
    var rule: String?
    /// The customer's tier after it.
    var tier: String?

    /// Whether it comes before another; entries of the same moment go by their content.
    func precedes(_ other: Entry) -> Bool {
      at != other.at ? at < other.at : ExactText(key) < ExactText(other.key)
    }
  }

  /// In the key of a tier that someone else gave: it comes after all messages of its moment.
  static let givenKey = "~"
  private static let limit = 64

  /// What has been forgotten, as far as it matters: its latest entry, with the tier after it.
  private(set) var forgotten: Entry?
  /// The tier before everything that is remembered.
  private(set) var tierBefore: String?
  /// The subscriptions that were forgotten while they gave a plan.
  private(set) var subscriptions: [ProviderMessage.Subscription] = []
  private(set) var entries: [Entry] = []

  /// The tier after everything.
  var tier: String? { entries.last.map(\.tier) ?? tierBefore }

  func contains(_ key: String) -> Bool { entries.contains { $0.key == key } }

  /// Takes note of the tier that the customer has, should someone else have given it.
  mutating func note(tier: String?) {
    guard tier.map(ExactText.init) != self.tier.map(ExactText.init) else { return }
    guard var last = entries.last else {
      tierBefore = tier
      return
    }
    if last.event != nil {
      last = Entry(at: last.at, key: Self.givenKey)
      entries.append(last)
    }
    entries[entries.count - 1].tier = tier
  }

  /// Puts an entry where it belongs, and works out the tiers from there on; nil: it is older than
  /// what is remembered.
  ///
  /// `react` says which rule applies to an entry, given the tier before it and the plan then.
  mutating func insert(
    _ entry: Entry,
    react: (Entry, _ tier: String?, _ plan: [ProviderMessage.Subscription]) -> Reaction?
  ) -> Int? {
    if let forgotten, !forgotten.precedes(entry) { return nil }
    let place = entries.firstIndex { entry.precedes($0) } ?? entries.count
    entries.insert(entry, at: place)
    for index in place..<entries.count where entries[index].event != nil {
      let before = index == 0 ? tierBefore : entries[index - 1].tier
      let reaction = react(entries[index], before, subscriptions(upTo: index))
      entries[index].rule = reaction?.rule
      entries[index].tier = reaction?.tier ?? before
    }
    return place
  }

  /// Forgets the oldest entries beyond the limit.
  mutating func trim() {
    while entries.count > Self.limit {
      subscriptions = subscriptions(upTo: 0).filter(\.givesPlan)
      let first = entries.removeFirst()
      tierBefore = first.tier
      forgotten = first
    }
  }

  /// The latest state of each subscription, by the entries up to one; the latest comes last.
  func subscriptions(upTo index: Int) -> [ProviderMessage.Subscription] {
    var states = subscriptions
    for entry in entries[0...index] {
      guard let subscription = entry.subscription else { continue }
      states.removeAll { ExactText($0.id) == ExactText(subscription.id) }
      states.append(subscription)
    }
    return states
  }
}

// MARK: - As text

extension EventTrail {
  /// Reads a trail as it is stored; nil: it is none.
  init?(_ text: String) {
    guard let json = try? JSONValue(parsing: text), let items = json["entries"]?.items else {
      return nil
    }
    for item in items {
      guard let entry = Entry(item) else { return nil }
      entries.append(entry)
    }
    forgotten = json["forgotten"].flatMap { Entry($0) }
    tierBefore = json["tier"]?.string
    subscriptions = (json["subscriptions"]?.items ?? []).compactMap { .init($0) }
  }

  /// As it is stored.
  var text: String {
    var members: [JSONValue.Member] = [.init("entries", .array(entries.map(\.json)))]
    if let forgotten { members.append(.init("forgotten", forgotten.json)) }
    if let tierBefore { members.append(.init("tier", .string(tierBefore))) }
    if !subscriptions.isEmpty {
      members.append(.init("subscriptions", .array(subscriptions.map(\.json))))
    }
    return JSONValue.object(members).text()
  }
}

extension EventTrail.Entry {
  init?(_ json: JSONValue) {
    guard let at = json["at"]?.string.flatMap({ try? Instant(parsing: $0) }),
      let key = json["key"]?.string
    else { return nil }
    self.init(at: at, key: key)
    event = json["event"]?.string
    balance = json["balance"]?.amount
    subscription = json["subscription"].flatMap { .init($0) }
    for member in json["fields"]?.members ?? [] {
      switch member.value {
      case .string(let text): fields[member.name] = .text(text)
      case .number(let text): fields[member.name] = (try? Number(json: text)).map { .number($0) }
      case .bool(let flag): fields[member.name] = .flag(flag)
      case .object, .array, .null: return nil
      }
    }
    rule = json["rule"]?.string
    tier = json["tier"]?.string
  }

  var json: JSONValue {
    var members: [JSONValue.Member] = [
      .init("at", .string(at.description)), .init("key", .string(key)),
    ]
    if let event { members.append(.init("event", .string(event))) }
    if let balance { members.append(.init("balance", .string(balance.description))) }
    if let subscription { members.append(.init("subscription", subscription.json)) }
    if !fields.isEmpty {
      let names = fields.keys.sorted { ExactText($0) < ExactText($1) }
      members.append(
        .init(
          "fields",
          .object(
            names.map { name in
              switch fields[name] {
              case .text(let text)?: .init(name, .string(text))
              case .number(let number)?: .init(name, .number(number.description))
              case .flag(let flag)?: .init(name, .bool(flag))
              case nil: .init(name, .null)
              }
            })))
    }
    if let rule { members.append(.init("rule", .string(rule))) }
    if let tier { members.append(.init("tier", .string(tier))) }
    return .object(members)
  }
}

extension ProviderMessage.Subscription {
  init?(_ json: JSONValue) {
    guard let id = json["id"]?.string, let product = json["product"]?.string,
      case .bool(let givesPlan)? = json["gives_plan"]
    else { return nil }
    self.init(id: id, product: product, givesPlan: givesPlan)
  }

  var json: JSONValue {
    ["id": .string(id), "product": .string(product), "gives_plan": .bool(givesPlan)]
  }
}
