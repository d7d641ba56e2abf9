import RatecardTestSupport

/// A random card with rules in every section, most of which load: later rules override earlier ones.
struct RandomCard {
  private(set) var text = """
    ratecard: 1
    name: random
    attributes:
      request_type: [chat, agent, "image, big"]
      region: {type: text, default: us}
      input_tokens: count
      cached: {type: count, part_of: input_tokens}
      seconds: quantity
      used: {type: quantity, default: 0}
      batch: flag
      level: number
      since: instant
    models:
      a-1: {aliases: ["a-*"], class: small}
      b-2: {class: large}
      c 3: {}
    windows:
      night: {hours: ["22:00-06:00"], zone: Europe/Berlin}
      office: {hours: ["09:00-12:00", "13:00-17:00"], days: [mon, tue, fri]}
    plans:
      free: {credits: 10}
      pro: {credits: 200}
      none: {}

    """
  private var random: SplitMix

  init(seed: UInt64) {
    random = SplitMix(seed: seed &+ 4711)
    line("credit: {decimals: \(random.below(4))}")
    line("costs:")
    line("  - {name: rest, credits: \(random.below(3))}")
    for rule in 0..<(1 + random.below(5)) {
      let price = choose(Self.prices)
      line(
        "  - {name: c\(rule), when: \(conditions(Self.conditions))\(dates())\(over("c", rule)), \(price)}"
      )
    }
    line("tiers:")
    line("  - {tier: fast, when: {plan: \(choose(["any", "any", "present"]))}}")
    line("  - {name: t0, tier: slow, when: {balance: {at_most: -\(random.below(3))}}}")
    for rule in 1..<(1 + random.below(3)) {
      let tier = choose(["slow", "fast"])
      line("  - {name: t\(rule), tier: \(tier), when: \(conditions(Self.money))\(over("t", rule))}")
    }
    if random.oneIn(2) {
      line("routes:")
      line("  - {name: to b, when: {tier: slow}, model: b-2, queue: q}")
      line("  - {name: keep, when: {batch: true, tier: fast}, queue: batch}")
      line(
        "  - {name: refuse, when: \(conditions(Self.money)), overrides: [to b, keep], deny: 'No: go'}"
      )
    }
    if random.oneIn(2) {
      line("events:")
      line(
        "  - {on: credit.added, when: \(conditions(Self.money)), tier: fast, notify: 'Yes: it is'}")
      line(
        "  - {on: credit.used, when: {event.kind: 'x: y', event.amount: {above: 2.5}}, tier: fast}")
    }
    guard random.oneIn(2) else { return }
    line("adjustments:")
    for rule in 0..<(1 + random.below(3)) {
      let action = choose([
        "multiply: 1.5", "add: 2", "add: {seconds: {rate: 0.1, round: up to 5}}", "minimum: 3",
      ])
      line("  - {name: a\(rule), when: \(conditions(Self.conditions))\(dates()), \(action)}")
    }
  }

  private mutating func line(_ line: String) { text += line + "\n" }

  private mutating func choose(_ all: [String]) -> String { all[random.below(all.count)] }

  /// Conditions on one to three attributes.
  private mutating func conditions(_ all: [String]) -> String {
    var chosen: [String: String] = [:]
    for _ in 0..<(1 + random.below(3)) {
      let condition = choose(all)
      chosen[String(condition.prefix { $0 != ":" })] = condition
    }
    return "{" + chosen.values.sorted().joined(separator: ", ") + "}"
  }

  private mutating func dates() -> String {
    choose(["", "", ", from: 2026-0\(1 + random.below(3))-01", ", until: 2026-05-01T08:30:00Z"])
  }

  private mutating func over(_ name: String, _ rule: Int) -> String {
    rule == 0 || random.oneIn(12)
      ? "" : ", overrides: [\((0..<rule).map { "\(name)\($0)" }.joined(separator: ", "))]"
  }

  private static let conditions = [
    "request_type: chat", "request_type: {not: agent}", "request_type: [agent, 'image, big']",
    "model: a-1", "model: {not: 'c 3'}", "model: present", "model_class: small",
    "requested_model: b-2", "region: 'eu-*'", "region: us", "region: {not: us}",
    "input_tokens: {above: 200}", "input_tokens: {at_least: 5}", "input_tokens: {below: 200}",
    "input_tokens: {at_most: 5}", "cached: {at_least: 7}", "level: {above: -1.25}",
    "level: {at_most: 0.001}", "level: 3", "batch: true", "batch: absent", "window: night",
    "window: {not: office}", "window: absent", "plan: pro", "plan: {not: free}",
    "balance_percent: {below: 20}", "tier: slow", "tier: absent", "since: {at_least: 2026-05-01}",
    "at: {above: 2026-03-01T12:00:00Z}",
  ]

  private static let money = [
    "balance: {at_most: 2}", "balance: {above: -1}", "balance_percent: {below: 20}",
    "balance_percent: {below: 30}", "balance_percent: absent", "balance_percent: present",
    "current_tier: slow", "plan: free", "plan: none", "granted: {at_least: 100}",
  ]

  private static let prices = [
    "credits: 1", "credits: 2", "credits: 7", "deny: 'no: #1'",
    "rates: {input_tokens: 3 per 1M, cached: 0.3 per 1M}, minimum: 1",
    "rates: {seconds: {graduated: [{up_to: 10, rate: 1}, {rate: 0.5}], after: used}}",
    "rates: {seconds: {volume: [{below: 2.5, rate: 1}, {up_to: 30, rate: 0.5}]}}",
    "rates: {seconds: {rate: 0.1, round: up to 15, at_least: 20, at_most: 100}}, adjust: false",
  ]
}
