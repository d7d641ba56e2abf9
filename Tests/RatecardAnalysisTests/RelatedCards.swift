import Ratecard
import RatecardTestSupport

/// Two small random cards, of which the second is the first with one thing changed.
struct RelatedCards {
  let old: RateCard
  let new: RateCard
  let texts: (old: String, new: String)

  /// The first pair of a seed that loads; nil: it takes too long to find one.
  init?(seed: UInt64) {
    var random = SplitMix(seed: seed &* 1_000_003 &+ 17)
    for _ in 0..<60 {
      var draft = Draft(&random)
      let old = draft.text
      guard let first = RateCard.load(files: Sample(old).files).card else { continue }
      for _ in 0..<8 {
        let before = draft
        draft.change(&random)
        let new = draft.text
        if new != old, let second = RateCard.load(files: Sample(new).files).card {
          self.old = first
          self.new = second
          texts = (old, new)
          return
        }
        draft = before
      }
    }
    return nil
  }

  /// A card as its entries, so that one of them can be changed.
  struct Draft {
    private var attributes: [String: String] = [:]
    private var models: [String: String] = [:]
    private var windows: [String: String] = [:]
    private var plans: [String: String] = [:]
    private var tiers: [String] = []
    private var costs: [String] = []
    private var adjustments: [String] = []
    private var routes: [String] = []
    private var events: [String] = []
    /// What conditions look at.
    private let axes: [String]

    fileprivate init(_ random: inout SplitMix) {
      let all = [
        "request_type", "model", "input_tokens", "cached", "batch", "region", "window", "plan",
        "tier", "requested_model", "model", "score", "since", "balance",
      ]
      axes = Array(Set((0..<4).map { _ in all[random.below(all.count)] })).sorted()
      for name in ["request_type", "batch", "region", "input_tokens", "cached", "score", "since"] {
        attributes[name] = Self.attribute(name, &random)
      }
      if random.oneIn(2) {
        for name in ["m", "n", "o"] { models[name] = Self.model(name, &random) }
      }
      windows["peak"] = Self.window(&random)
      for name in ["free", "pro"] { plans[name] = "{credits: \(random.below(3))}" }
      if axes.contains("tier") {
        tiers = ["{tier: fast}"]
        add(Self.tier(axes, &random), to: \.tiers)
      }
      costs = random.oneIn(3) ? [] : ["{name: rest, \(Self.price(&random))}"]
      for _ in 0..<(1 + random.below(5)) { addCost(&random) }
      for _ in 0..<random.below(4) { addAdjustment(&random) }
      for _ in 0..<random.below(3) { addRoute(&random) }
      for _ in 0..<random.below(3) { addEvent(&random) }
    }

    private mutating func add(_ rule: String, to section: WritableKeyPath<Draft, [String]>) {
      self[keyPath: section].append(rule)
    }

    var text: String {
      func map(_ name: String, _ entries: [String: String]) -> String {
        entries.isEmpty
          ? ""
          : "\(name):\n"
            + entries.sorted { $0.key < $1.key }.map { "  \($0.key): \($0.value)\n" }.joined()
      }
      func list(_ name: String, _ rules: [String]) -> String {
        rules.isEmpty ? "" : "\(name):\n" + rules.map { "  - \($0)\n" }.joined()
      }
      return map("attributes", attributes) + map("models", models) + map("windows", windows)
        + map("plans", plans) + list("tiers", tiers) + list("costs", costs)
        + list("adjustments", adjustments) + list("routes", routes) + list("events", events)
    }

    // MARK: One change

    fileprivate mutating func change(_ random: inout SplitMix) {
      switch random.below(18) {
      case 0, 14:
        let names = attributes.keys.sorted().filter(axes.contains)
        guard !names.isEmpty else { return }
        let name = names[random.below(names.count)]
        attributes[name] = Self.attribute(name, &random)
      case 1 where !models.isEmpty:
        let name = ["m", "n", "o"][random.below(3)]
        models[name] = Self.model(name, &random)
      case 2: windows["peak"] = Self.window(&random)
      case 3 where axes.contains("plan"), 6 where axes.contains("plan"):
        if random.oneIn(2) { plans["team"] = "{credits: 5}" } else { plans["pro"] = "{credits: 9}" }
      case 4 where tiers.count > 1, 15 where tiers.count > 1: tiers[1] = Self.tier(axes, &random)
      case 5 where !adjustments.isEmpty:
        adjustments.remove(at: random.below(adjustments.count))
        addAdjustment(&random)
      case 7: addAdjustment(&random)
      case 8 where !routes.isEmpty:
        routes.remove(at: random.below(routes.count))
        addRoute(&random)
      case 9: addRoute(&random)
      case 16: addEvent(&random)
      case 17 where !events.isEmpty: events.remove(at: random.below(events.count))
      case 10 where costs.count > 1: costs.remove(at: random.below(costs.count))
      case 11: addCost(&random)
      default:
        let place = random.below(costs.count)
        let name = costs[place].split(separator: ",")[0].dropFirst()
        costs[place] = "{\(name), " + costBody(&random) + "}"
      }
    }

    // MARK: Entries

    private static func attribute(_ name: String, _ random: inout SplitMix) -> String {
      func one(_ choices: [String]) -> String { choices[random.below(choices.count)] }
      switch name {
      case "request_type":
        return one(["[a, b, c]", "[a, b]", "text", "{type: [a, b], default: a}"])
      case "batch": return one(["flag", "{type: flag, default: false}"])
      case "region":
        return one(["text", "{type: text, default: us}", "{type: text, default: eu}", "[us, eu]"])
      case "score": return one(["number", "number", "quantity", "{type: number, default: 1}"])
      case "since": return one(["instant", "instant", "{type: instant, default: 2026-01-01}"])
      case "cached":
        return one([
          "{type: count, part_of: input_tokens}", "{type: count, part_of: input_tokens}", "count",
        ])
      default: return one(["count", "count", "{type: count, default: 2}", "quantity"])
      }
    }

    private static func model(_ name: String, _ random: inout SplitMix) -> String {
      var fields: [String] = []
      if random.oneIn(2) {
        fields.append("aliases: [\(name)-\(["old", "*"][random.below(2)])]")
      } else if random.oneIn(4) {
        fields.append("aliases: [spare]")
      }
      if random.oneIn(2) { fields.append("class: \(["big", "small"][random.below(2)])") }
      return "{\(fields.joined(separator: ", "))}"
    }

    private static func window(_ random: inout SplitMix) -> String {
      [
        "{hours: ['09:00-17:00']}", "{hours: ['09:00-18:00']}", "{days: [sat, sun]}",
        "{hours: ['22:00-06:00'], days: [mon]}",
      ][random.below(4)]
    }

    private static func matcher(_ axis: String, _ random: inout SplitMix) -> String {
      if random.oneIn(6) { return "{not: \(matcher(axis, &random))}" }
      func one(_ choices: [String]) -> String { choices[random.below(choices.count)] }
      switch axis {
      case "request_type": return one(["a", "b", "[a, b]", "absent", "'a*'"])
      case "model", "requested_model": return one(["m", "n", "[m, o]", "'m*'", "present"])
      case "input_tokens", "cached":
        return "{\(one(["above", "at_least", "below", "at_most"])): \(1 + random.below(3))}"
      case "score", "balance":
        return one(["{above: 0}", "{at_least: 0.5}", "{below: 1}", "1", "absent", "{at_most: -1}"])
      case "since":
        return one(["{at_least: 2026-01-01}", "{below: 2026-06-01}", "absent", "2026-03-01"])
      case "batch": return one(["true", "false", "absent"])
      case "region": return one(["us", "eu", "'e*'", "absent"])
      case "window": return one(["peak", "peak", "absent"])
      case "plan": return one(["free", "pro", "absent"])
      default: return one(["fast", "slow"])
      }
    }

    private static func when(_ axes: [String], _ random: inout SplitMix) -> String {
      let chosen = axes.filter { _ in random.oneIn(2) }
      return "when: {"
        + chosen.map { "\($0): \(matcher($0, &random))" }.joined(separator: ", ") + "}"
    }

    private static func tier(_ axes: [String], _ random: inout SplitMix) -> String {
      let own = axes.filter { !["tier", "requested_model"].contains($0) }
      return "{name: slow, tier: slow, \(when(own.isEmpty ? ["plan"] : own, &random))}"
    }

    private static func price(_ random: inout SplitMix) -> String {
      let amount = random.below(4)
      switch random.below(10) {
      case 0: return "deny: no \(amount)"
      case 1: return "rates: {input_tokens: \(amount), cached: 1}"
      case 2: return "rates: {input_tokens: \(amount)}, minimum: \(random.below(2))"
      case 3: return "credits: \(amount), adjust: false"
      case 4: return "credits: 1, rates: {cached: {volume: [{up_to: 2, rate: \(amount)}]}}"
      default: return "credits: \(amount)"
      }
    }

    private mutating func addCost(_ random: inout SplitMix) {
      let name = "r\(random.below(100_000))"
      add("{name: \(name), " + costBody(&random) + "}", to: \.costs)
    }

    private func costBody(_ random: inout SplitMix) -> String {
      let names = costs.map { $0.split(separator: ",")[0].dropFirst(7) }
      let overrides =
        names.isEmpty || random.oneIn(2) ? "" : ", overrides: \(names[random.below(names.count)])"
      let dates = ["", "", "", ", from: 2026-01-01", ", until: 2026-06-01"][random.below(5)]
      return Self.when(axes, &random) + ", " + Self.price(&random) + overrides + dates
    }

    private mutating func addAdjustment(_ random: inout SplitMix) {
      let name = "j\(random.below(100_000))"
      let action = [
        "multiply: 2", "multiply: 0.5", "multiply: 2, of: [input_tokens]", "add: 1",
        "add: {input_tokens: 1}", "minimum: 1", "minimum: 2", "maximum: 9",
      ][random.below(8)]
      let group = random.oneIn(3) ? ", group: g" : ""
      add(
        "{name: \(name), \(Self.when(axes, &random)), \(action)\(group)}", to: \.adjustments)
    }

    private mutating func addEvent(_ random: inout SplitMix) {
      let own = axes.filter { ["plan", "balance", "region"].contains($0) }
      let on = ["a.low", "a.*", "[a.low, b]"][random.below(3)]
      add(
        "{name: e\(random.below(100_000)), on: \(on), \(Self.when(own, &random)), "
          + "notify: n\(random.below(2))}", to: \.events)
    }

    private mutating func addRoute(_ random: inout SplitMix) {
      let name = "t\(random.below(100_000))"
      let own = axes.filter { $0 != "requested_model" }
      let action = [
        "model: m", "model: n, queue: fast", "queue: slow", "deny: no", "fallbacks: [m]",
        "params: {depth: 1}", "split: {by: customer, m: 1, n: 2}",
      ][random.below(7)]
      add("{name: \(name), \(Self.when(own, &random)), \(action)}", to: \.routes)
    }
  }
}
