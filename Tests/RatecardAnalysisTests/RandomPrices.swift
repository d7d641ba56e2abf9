import RatecardTestSupport
import RatecardValues

/// A small random card of rates, parts, bands and adjustments with random guards, and requests around
/// all its bounds.
struct RandomPrices {
  /// A condition on one attribute, in YAML and as a question about its value; nil is absence.
  struct Condition {
    let attribute: String
    let yaml: String
    let holds: (String?) -> Bool
  }

  enum Promise {
    case credits((Number) -> Bool)
    case neverFalls(String)
    case priced, denied, neverDenied
  }

  struct Guard {
    /// One of these lists must hold as a whole.
    let alternatives: [[Condition]]
    let promise: Promise
  }

  private(set) var text = ""
  private(set) var guards: [Guard] = []
  /// The values of each attribute in the requests; nil: not carried.
  private(set) var values: [(attribute: String, values: [String?])] = []
  private(set) var decimals = 0
  private var random: SplitMix
  /// Counts and quantities.
  private var numeric: [String] = []
  private var lines: [String] = []

  /// A card of a seed; with another `variant` one of the same attributes that says something else,
  /// or that only adjusts otherwise.
  init(seed: UInt64, variant: UInt64 = 0, sharesCosts: Bool = false) {
    random = SplitMix(seed: seed &* 977 &+ 5)
    decimals = random.below(3)
    let mode = ["half_up", "half_even", "up", "down"][random.below(4)]
    lines = ["credit: {unit: credit, decimals: \(decimals), rounding: \(mode)}", "attributes:"]
    addAttributes()
    if variant > 0, !sharesCosts { random = SplitMix(seed: seed &* 977 &+ variant &* 31) }
    addCosts()
    if variant > 0, sharesCosts { random = SplitMix(seed: seed &* 977 &+ variant &* 31) }
    addAdjustments()
    lines.append("guards:")
    for index in 0..<4 { addGuard(index) }
    lines.append("  - {name: twice, changes: {at_most: 2x}}")
    lines.append("  - {name: no less, changes: {at_least: 1x}}")
    lines.append("  - {name: not far, changes: {at_most: 12x, at_least: 0.25x}}")
    lines.append("  - {name: alike, when: {kind: a}, changes: {at_most: 1x, at_least: 0.5x}}")
    text = lines.joined(separator: "\n")
  }

  private mutating func addAttributes() {
    func counts(_ most: Int) -> [String?] { [nil] + (0...most).map { "\($0)" } }
    lines.append("  kind: [a, b]")
    values.append(("kind", ["a", "b"]))
    lines.append("  input: count")
    values.append(("input", counts(7) + ["30"]))
    numeric.append("input")
    switch random.below(5) {
    case 0, 1:
      lines.append("  cached: {type: count, part_of: input}")
      values.append(("cached", counts(5)))
      numeric.append("cached")
      if random.oneIn(3) {
        lines.append("  warm: {type: count, part_of: \(random.oneIn(2) ? "cached" : "input")}")
        values.append(("warm", counts(3)))
        numeric.append("warm")
      }
    case 2:
      lines.append("  used: {type: count\(random.oneIn(2) ? ", default: 0" : "")}")
      values.append(("used", counts(6)))
      numeric.append("used")
    case 3:
      lines.append("  seconds: quantity")
      values.append(("seconds", [nil, "0", "0.5", "1", "1.25", "2", "2.5", "3", "3.001", "7"]))
      numeric.append("seconds")
    default:
      lines.append("  output: count")
      values.append(("output", counts(5) + ["40"]))
      numeric.append("output")
    }
    if random.oneIn(2) {
      lines.append("  batch: flag")
      values.append(("batch", [nil, "true", "false"]))
    }
  }

  private mutating func condition(numericOnly: Bool = false) -> Condition {
    if !numericOnly, random.oneIn(2) {
      if values.contains(where: { $0.attribute == "batch" }), random.oneIn(2) {
        return Condition(attribute: "batch", yaml: "true") { $0 == "true" }
      }
      let wanted = ["a", "b"][random.below(2)]
      return Condition(attribute: "kind", yaml: wanted) { $0 == wanted }
    }
    let attribute = numeric[random.below(numeric.count)]
    let bound = Number(1 + random.below(4))
    func number(_ text: String?) -> Number? { text.flatMap { try? Number(parsing: $0) } }
    switch random.below(5) {
    case 0:
      return Condition(attribute: attribute, yaml: "{above: \(bound)}") {
        number($0).map { $0 > bound } ?? false
      }
    case 1:
      return Condition(attribute: attribute, yaml: "{at_least: \(bound)}") {
        number($0).map { $0 >= bound } ?? false
      }
    case 2:
      return Condition(attribute: attribute, yaml: "{below: \(bound)}") {
        number($0).map { $0 < bound } ?? false
      }
    case 3:
      return Condition(attribute: attribute, yaml: "{at_most: \(bound)}") {
        number($0).map { $0 <= bound } ?? false
      }
    default:
      return Condition(attribute: attribute, yaml: "{not: \(bound)}") { number($0) != bound }
    }
  }

  /// Conditions on different attributes, as a map.
  private mutating func conditions(_ least: Int, _ most: Int) -> [Condition] {
    var result: [Condition] = []
    for _ in 0..<(least + random.below(most + 1 - least)) {
      let next = condition()
      if !result.contains(where: { $0.attribute == next.attribute }) { result.append(next) }
    }
    return result
  }

  private func map(_ conditions: [Condition]) -> String {
    "{" + conditions.map { "\($0.attribute): \($0.yaml)" }.joined(separator: ", ") + "}"
  }

  private func when(_ conditions: [Condition]) -> String {
    conditions.isEmpty ? "" : ", when: \(map(conditions))"
  }

  private mutating func amount() -> String {
    ["0", "0.1", "0.25", "0.4", "0.5", "1", "1.5", "2", "3"][random.below(9)]
  }

  private mutating func bands(isOpen: Bool) -> String {
    var list: [String] = []
    var bound = 0
    for _ in 0..<(1 + random.below(2)) {
      bound += 1 + random.below(3)
      list.append("{\(random.oneIn(2) ? "up_to" : "below"): \(bound), rate: \(amount())}")
    }
    if isOpen { list.append("{rate: \(amount())}") }
    return "[\(list.joined(separator: ", "))]"
  }

  private mutating func rates() -> String {
    // Only what has no rated parts may be rounded, bounded or banded.
    let wholes: Set<String> =
      values.contains { $0.attribute == "cached" } ? ["input", "cached"] : []
    var parts: [String] = []
    for attribute in numeric where random.below(3) > 0 || attribute == "input" {
      if attribute == "used", random.oneIn(2) { continue }
      guard !wholes.contains(attribute), random.oneIn(2) else {
        parts.append("\(attribute): \(amount())")
        continue
      }
      var keys: [String] = []
      if random.oneIn(3) {
        keys.append("round: \(["up", "down", "half_up"][random.below(3)]) to 2")
      }
      if random.oneIn(3) { keys.append("at_least: 2") }
      if random.oneIn(4) { keys.append("at_most: 5") }
      switch random.below(4) {
      case 0: keys.append("volume: \(bands(isOpen: random.below(4) > 0))")
      case 1:
        keys.append("graduated: \(bands(isOpen: random.below(4) > 0))")
        if attribute == "input", numeric.contains("used"), random.below(3) > 0 {
          keys.append("after: used")
        }
      default: keys.append("rate: \(amount())")
      }
      parts.append("\(attribute): {\(keys.joined(separator: ", "))}")
    }
    return "{\(parts.joined(separator: ", "))}"
  }

  private mutating func price() -> String {
    if random.oneIn(7) { return "deny: no" }
    if random.oneIn(4) { return "credits: \(amount())" }
    var text = "rates: \(rates())"
    if random.oneIn(3) { text += ", credits: \(amount())" }
    if random.oneIn(4) { text += ", minimum: 1" }
    if random.oneIn(4) { text += ", maximum: \(2 + random.below(6))" }
    if random.oneIn(8) { text += ", adjust: false" }
    return text
  }

  private mutating func addCosts() {
    lines.append("costs:")
    lines.append("  - {name: r0\(random.oneIn(3) ? when([condition()]) : ""), \(price())}")
    for index in 1..<(2 + random.below(3)) {
      let others = (0..<index).map { "r\($0)" }.joined(separator: ", ")
      lines.append(
        "  - {name: r\(index)\(when(conditions(1, 2))), overrides: [\(others)], \(price())}")
    }
  }

  private mutating func addAdjustments() {
    guard random.oneIn(2) else { return }
    lines.append("adjustments:")
    if random.oneIn(3) {
      lines.append("  - {name: g0, group: g, multiply: \(amount())}")
      lines.append("  - {name: g1, group: g, when: \(map(conditions(1, 1))), add: \(amount())}")
    }
    for index in 0..<(1 + random.below(3)) {
      let action: String
      switch random.below(6) {
      case 0: action = "multiply: \(amount())"
      case 1 where lines.contains { $0.contains("rates: {input") }:
        action = "multiply: 0.5, of: [input]"
      case 2: action = "add: \(rates())"
      case 3: action = "minimum: 2"
      case 4: action = "maximum: \(3 + random.below(5))"
      default: action = "add: \(amount())"
      }
      lines.append("  - {name: a\(index)\(when(conditions(0, 1))), \(action)}")
    }
  }

  private mutating func addGuard(_ index: Int) {
    var alternatives = [conditions(0, 2)]
    var start = "  - {name: g\(index)\(when(alternatives[0])), "
    if !alternatives[0].isEmpty, random.oneIn(4) {
      alternatives.append(conditions(1, 2))
      let list = alternatives.map(map).joined(separator: ", ")
      start = "  - {name: g\(index), when: [\(list)], "
    }
    let number = try? Number(parsing: amount())
    let bound = number ?? .zero
    let promise: Promise
    switch random.below(9) {
    case 0:
      lines.append(start + "credits: {at_least: \(bound)}}")
      promise = .credits { $0 >= bound }
    case 1:
      let most = Number(1 + random.below(20))
      lines.append(start + "credits: {at_most: \(most)}}")
      promise = .credits { $0 <= most }
    case 2:
      lines.append(start + "credits: {above: \(bound), below: 12}}")
      promise = .credits { $0 > bound && $0 < Number(12) }
    case 3:
      let numbers = Set([.zero, bound, Number(2)])
      let list = numbers.sorted().map(\.description).joined(separator: ", ")
      lines.append(start + "credits: [\(list)]}")
      promise = .credits { numbers.contains($0) }
    case 4:
      lines.append(start + "priced: true}")
      promise = .priced
    case 5:
      lines.append(start + "\(random.oneIn(3) ? "denied" : "never_denied"): true}")
      promise = lines.last?.contains("never_denied") ?? false ? .neverDenied : .denied
    default:
      let attribute = numeric[random.below(numeric.count)]
      lines.append(start + "never_falls_in: [\(attribute)]}")
      promise = .neverFalls(attribute)
    }
    guards.append(Guard(alternatives: alternatives, promise: promise))
  }

  /// The same card with another rounding.
  func withDecimals(_ decimals: Int) -> RandomPrices {
    var copy = self
    copy.text = text.replacing("decimals: \(self.decimals)", with: "decimals: \(decimals)")
    copy.decimals = decimals
    return copy
  }

  /// Whether a guard speaks of a request.
  func isMeant(_ request: [String: String], _ item: Guard) -> Bool {
    item.alternatives.contains { conditions in
      conditions.allSatisfy { $0.holds(request[$0.attribute] ?? defaultValue(of: $0.attribute)) }
    }
  }

  /// What an attribute is that a request does not carry.
  func defaultValue(of attribute: String) -> String? {
    attribute == "used" && text.contains("default: 0") ? "0" : nil
  }

  /// Every combination of the values.
  func requests() -> [[String: String]] {
    var requests: [[String: String]] = [[:]]
    for (attribute, values) in values {
      requests = requests.flatMap { request in
        values.map { value in
          var next = request
          next[attribute] = value
          return next
        }
      }
    }
    return requests
  }
}
