/// Writes random cards over small sets of values, so that rules overlap, meet at boundaries and
/// contradict each other often.
struct CardGenerator {
  var random: SeededRandom
  var draft = CardDraft()
  /// Declared quantities that rates may charge.
  var quantities: [String] = []
  /// Whether the card has a section.
  var hasModels = false
  var hasTiers = false
  var hasPlans = false
  var windowNames: [String] = []
  var modelNames: [String] = []
  var modelClasses: [String] = []
  var worth: String?
  /// Attributes that conditions may look at, apart from those of tiers and plans.
  var axes: [String] = []
  /// Components of the prices written so far.
  var components: Set<String> = []
  private var serial = 0

  init(seed: UInt64) { random = SeededRandom(seed: seed) }

  /// The card of a seed.
  static func draft(seed: UInt64) -> CardDraft {
    var generator = CardGenerator(seed: seed)
    generator.writeFoundation()
    generator.writeCosts()
    generator.writeAdjustments()
    generator.writeTiers()
    generator.writeRoutes()
    generator.writeEvents()
    return generator.draft
  }

  /// A name that sorts anywhere.
  mutating func freshName() -> String {
    serial += 1
    return "\(random.pick(["a", "k", "p", "z", "B", "ä"]))\(serial)"
  }

  // MARK: The sections that rules stand on

  private mutating func writeFoundation() {
    draft.header = ["ratecard: 1", "name: random"]
    let decimals = random.pick([0, 0, 1, 2, 4, 10])
    let rounding = random.pick(["half_up", "half_even", "up", "down"])
    worth = random.chance(40) ? random.pick(["0.04", "1", "0.01", "0.03"]) : nil
    let worthField = worth.map { ", worth: \($0) USD" } ?? ""
    draft.header.append(
      "credit: {unit: credit, decimals: \(decimals), rounding: \(rounding)\(worthField)}")
    writeAttributes()
    if random.chance(60) { writeModels() }
    if random.chance(35) { writeWindows() }
    if random.chance(40) {
      hasPlans = true
      draft.maps["plans"] = ["free: {credits: 50}", "pro: {credits: 200}", "team: {}"]
    }
    hasTiers = random.chance(40)
  }

  private mutating func writeAttributes() {
    var entries: [String] = []
    if random.chance(60) { entries.append("request_type: [chat, agent, tab]") }
    entries.append(
      random.pick(["region: text", "region: text", "region: {type: text, default: us-1}"]))
    entries.append(random.pick(["max_mode: flag", "max_mode: {type: flag, default: false}"]))
    entries.append(
      random.pick(["effort: [low, high, max]", "effort: {type: [low, high, max], default: low}"]))
    entries.append("input_tokens: count")
    quantities = ["input_tokens"]
    if random.chance(70) {
      entries.append("cached: {type: count, part_of: input_tokens}")
      quantities.append("cached")
      if random.chance(40) {
        entries.append("deep: {type: count, part_of: cached}")
        quantities.append("deep")
      }
      if random.chance(40) {
        entries.append("audio: {type: count, part_of: input_tokens}")
        quantities.append("audio")
      }
    }
    entries.append("seconds: quantity")
    quantities.append("seconds")
    entries.append(random.pick(["used: {type: count, default: 0}", "used: count"]))
    entries.append("score: number")
    entries.append("since: instant")
    draft.maps["attributes"] = entries
    axes =
      ["request_type", "region", "max_mode", "effort", "score", "since", "balance", "model"]
      + quantities + ["input_tokens", "model", "request_type", "region", "customer"]
  }

  private mutating func writeModels() {
    hasModels = true
    let all = ["m1", "m1-mini", "m2", "x", "x-mini"]
    modelNames = random.some(all, 2...5)
    var free = ["old-1", "m1-2024-*", "*-old", "m9*", "ex\\*", "v*-old", "old-*", "y"]
      .shuffled(using: &random)
    var taken: [String] = []
    draft.maps["models"] = modelNames.map { name in
      var fields: [String] = []
      if random.chance(50) {
        var aliases: [String] = []
        while aliases.count < 2, let alias = free.popLast() {
          // Globs that tie for a text are a mistake of their own, which other tests know.
          guard alias.contains("*") == false || !taken.contains(where: { $0.contains("*") })
          else { continue }
          taken.append(alias)
          aliases.append(alias)
        }
        if !aliases.isEmpty {
          fields.append("aliases: [" + aliases.map(quoted).joined(separator: ", ") + "]")
        }
      }
      if random.chance(60) {
        let name = random.pick(["small", "large"])
        if !modelClasses.contains(name) { modelClasses.append(name) }
        fields.append("class: \(name)")
      }
      return "\(name): {\(fields.joined(separator: ", "))}"
    }
  }

  /// Windows whose boundaries meet changes of clocks, each other's days and midnight.
  static let windows = [
    "hours: ['09:00-17:00']",
    "hours: ['22:00-06:00'], zone: Europe/Berlin, days: [mon, fri]",
    "days: [sat, sun], zone: America/New_York",
    "hours: ['01:30-02:30'], zone: America/New_York",
    "hours: ['23:00-01:00', '12:00-13:00'], days: [mon], days_zone: Asia/Shanghai",
    "except: [2026-03-29, 2026-01-01], zone: Europe/Berlin",
    "hours: ['01:45-02:15'], zone: Australia/Lord_Howe",
    "hours: ['18:00-24:00'], zone: Asia/Kathmandu, days: [sun, mon], days_zone: America/Los_Angeles",
    "hours: ['02:30-01:30'], zone: Europe/Berlin, days: [sun]",
    "hours: ['00:00-12:00'], days: [wed], except: [2025-12-31]",
  ]

  private mutating func writeWindows() {
    let chosen = random.some(Self.windows, 1...2)
    windowNames = chosen.indices.map { ["peak", "night"][$0] }
    draft.maps["windows"] = zip(windowNames, chosen).map { "\($0): {\($1)}" }
  }

  // MARK: Conditions

  /// A few attributes that the rules of one section look at.
  mutating func chooseAxes(_ extra: [String], _ count: ClosedRange<Int>) -> [String] {
    var candidates = axes + extra + extra
    if !windowNames.isEmpty { candidates += ["window", "window", "at"] }
    if !modelClasses.isEmpty { candidates += ["model_class", "model"] }
    if hasPlans { candidates += ["plan", "balance_percent", "granted"] }
    return Array(Set(random.some(candidates, count))).sorted()
  }

  mutating func matcher(_ attribute: String) -> String {
    if random.chance(4) { return random.pick(["present", "absent", "any"]) }
    if random.chance(10) { return "{not: \(matcher(attribute))}" }
    if random.chance(3) {
      return attribute == "at" ? "present" : "{not: absent}"
    }
    let scalars = scalars(attribute)
    if let bounds = bounds(attribute), random.chance(65) {
      let isSigned = ["score", "balance", "balance_percent", "granted"].contains(attribute)
      let range = range(bounds)
      return !isSigned && range == "{below: 0}" ? "{at_most: 0}" : range
    }
    if random.chance(20) {
      return "[" + random.some(scalars, 1...3).joined(separator: ", ") + "]"
    }
    return random.pick(scalars)
  }

  private mutating func range(_ bounds: [String]) -> String {
    let low = random.pick(["above", "at_least"])
    let high = random.pick(["below", "at_most"])
    switch Int.random(in: 0..<5, using: &random) {
    case 0, 1: return "{\(low): \(random.pick(bounds))}"
    case 2, 3: return "{\(high): \(random.pick(bounds))}"
    default:
      let first = Int.random(in: 0..<bounds.count - 1, using: &random)
      let second = Int.random(in: first + 1..<bounds.count, using: &random)
      return "{\(low): \(bounds[first]), \(high): \(bounds[second])}"
    }
  }

  /// Values and globs to compare an attribute with.
  func scalars(_ attribute: String) -> [String] {
    switch attribute {
    case "request_type": ["chat", "agent", "tab", "c*", "'*a*'"]
    case "region": ["us-1", "eu-1", "eu-*", "'*-1'", "'e*1'", "caf\u{E9}", "cafe\u{301}"]
    case "max_mode": ["true", "false"]
    case "effort": ["low", "high", "max", "'*x'"]
    case "model", "requested_model":
      (hasModels ? modelNames : ["m1", "m1-mini", "m2", "'m*i'"])
        + (hasModels
          ? [modelNames[0] + "*", "'*" + (modelNames.last ?? "") + "'"] : ["m1*", "'*-mini'"])
    case "model_class": modelClasses
    case "plan": ["free", "pro", "team"]
    case "tier", "current_tier": ["fast", "slow", "none"]
    case "customer": ["c1", "c2", "'c*'"]
    case "window": windowNames
    default: (bounds(attribute) ?? ["1"])
    }
  }

  func bounds(_ attribute: String) -> [String]? {
    switch attribute {
    case "input_tokens", "cached", "deep", "audio", "used": ["0", "1", "5", "10", "1K"]
    case "seconds": ["0", "0.5", "1", "2.5"]
    case "score": ["0", "0.1", "1"]
    case "balance": ["0", "1", "50"]
    case "granted": ["0", "50", "200"]
    case "balance_percent": ["0", "10", "20", "100"]
    case "since", "at":
      ["2025-07-01", "2025-12-31T23:59:59Z", "2026-01-01", "2026-03-29T01:00:00Z"]
    default: nil
    }
  }

  /// Conditions on one or two of some attributes.
  mutating func conditions(
    _ axes: [String], _ count: ClosedRange<Int>
  ) -> [(attribute: String, matcher: String)] {
    random.some(axes, count).map { ($0, matcher($0)) }
  }

  /// A rule's conditions: none, new ones, or those of an earlier rule and one more.
  mutating func when(
    _ axes: [String], after earlier: [DraftRule]
  ) -> [[(attribute: String, matcher: String)]] {
    if !earlier.isEmpty, random.chance(45) {
      let base = random.pick(random.pick(earlier).when)
      let free = axes.filter { axis in !base.contains { $0.attribute == axis } }
      return [base + conditions(free, 0...1)]
    }
    if random.chance(12) { return [conditions(axes, 1...2), conditions(axes, 1...2)] }
    return [conditions(axes, 0...2)]
  }

  static let dates = [
    "2025-07-01", "2026-01-01", "2026-03-29T01:00:00Z", "2026-07-01T00:00:00-07:00",
  ]

  /// `from`, `until` or both, in some rules.
  mutating func dates(_ percent: Int) -> [(key: String, value: String)] {
    guard random.chance(percent) else { return [] }
    let first = Int.random(in: 0..<Self.dates.count - 1, using: &random)
    let second = Int.random(in: first + 1..<Self.dates.count, using: &random)
    return [
      [("from", Self.dates[first])], [("until", Self.dates[second])],
      [("from", Self.dates[first]), ("until", Self.dates[second])],
    ][Int.random(in: 0..<3, using: &random)]
  }
}
