extension CardGenerator {
  mutating func writeCosts() {
    let extra = hasTiers && random.chance(30) ? ["tier"] : ["requested_model"]
    let axes = chooseAxes(extra, 2...4)
    var rules: [DraftRule] = []
    if random.chance(75) {
      rules.append(DraftRule(name: freshName(), fields: price()))
    }
    if random.chance(35) { rules.append(table(axes)) }
    for _ in 0..<Int.random(in: 1...5, using: &random) {
      var rule = DraftRule(
        name: freshName(), when: when(axes, after: rules.filter { !$0.isTable }),
        fields: random.chance(14) ? deny() : price())
      rule.fields += dates(20)
      rules.append(rule)
    }
    replaceSome(&rules) { $0.price() }
    draft.rules["costs"] = rules
  }

  /// Ends a rule at a date, by one that replaces it.
  mutating func replaceSome(
    _ rules: inout [DraftRule],
    _ outcome: (inout CardGenerator) -> [(key: String, value: String)]
  ) {
    guard random.chance(30) else { return }
    let old = random.pick(rules)
    guard let name = old.name, !old.isTable, old.field("from") == nil, old.field("until") == nil
    else { return }
    var last = name
    for date in random.some(Self.dates, 1...2) {
      let replacing = freshName()
      rules.append(
        DraftRule(
          name: replacing, when: random.chance(75) ? old.when : [[]],
          fields: [("replaces", last), ("from", date)] + outcome(&self)))
      last = replacing
    }
  }

  mutating func deny() -> [(key: String, value: String)] {
    [("deny", random.pick(["not sold", "ask us", "'no, not here'"]))]
  }

  mutating func amount() -> String {
    if worth != nil, random.chance(30) {
      return random.pick(["0.04 USD", "3 USD", "0.011 USD", "0 USD"])
    }
    return random.pick(["0", "1", "2", "2", "0.5", "10", "0.333", "7", "4e-07", "1.25"])
  }

  mutating func price() -> [(key: String, value: String)] {
    var fields: [(key: String, value: String)] = []
    let charged = random.chance(50) ? random.some(quantities, 1...3) : []
    if charged.isEmpty || random.chance(30) {
      fields.append(("credits", amount()))
      components.insert("credits")
    }
    if !charged.isEmpty {
      components.formUnion(charged)
      fields.append(("rates", rates(charged)))
    }
    if random.chance(15) { fields.append(("minimum", random.pick(["0.25", "1", "3"]))) }
    if random.chance(12) { fields.append(("maximum", random.pick(["5", "40", "100"]))) }
    if random.chance(10) { fields.append(("adjust", "false")) }
    return fields
  }

  mutating func rates(_ charged: [String]) -> String {
    let parts = ["cached": "input_tokens", "audio": "input_tokens", "deep": "cached"]
    let pairs = charged.map { name in
      var isSplit = charged.contains { parts[$0] == name }
      if name == "input_tokens", charged.contains("deep") { isSplit = true }
      return "\(name): \(rate(isSplit: isSplit))"
    }
    return "{" + pairs.joined(separator: ", ") + "}"
  }

  private mutating func linear() -> String {
    amount() + random.pick(["", " per 3", " per 1K", " per 3600", " per 1M"])
  }

  private mutating func rate(isSplit: Bool) -> String {
    if isSplit || random.chance(40) {
      return random.chance(80) ? linear() : "{rate: \(linear())}"
    }
    var fields: [String] = []
    if random.chance(35) {
      let mode = random.pick(["up", "down", "half_up"])
      fields.append("round: \(mode) to \(random.pick(["1", "60", "0.1", "3"]))")
    }
    if random.chance(25) { fields.append("at_least: \(random.pick(["1", "2.5", "4"]))") }
    if random.chance(20) { fields.append("at_most: \(random.pick(["6", "60"]))") }
    switch Int.random(in: 0..<4, using: &random) {
    case 0: fields.append("volume: \(bands())")
    case 1, 2:
      fields.append("graduated: \(bands())")
      if random.chance(40) { fields.append("after: used") }
    default: fields.append("rate: \(linear())")
    }
    return "{" + fields.joined(separator: ", ") + "}"
  }

  private mutating func bands() -> String {
    var bands = random.some(["1", "5", "10", "1K"], 1...3).map { bound in
      "{\(random.pick(["up_to", "up_to", "below"])): \(bound), rate: \(linear())}"
    }
    if random.chance(75) { bands.append("{rate: \(linear())}") }
    return "[" + bands.shuffled(using: &random).joined(separator: ", ") + "]"
  }

  // MARK: Tables

  private mutating func table(_ axes: [String]) -> DraftRule {
    let usable = axes.filter { !["at", "since", "window"].contains($0) }
    let levels = random.some(usable.isEmpty ? ["effort"] : usable, 1...2)
    var rule = DraftRule(name: freshName())
    rule.fields.append(("table", "[" + levels.joined(separator: ", ") + "]"))
    let isPer = random.chance(20)
    if isPer {
      components.insert("seconds")
      rule.fields.append(("per", random.pick(["seconds", "{seconds: {round: up to 0.5}}"])))
    } else {
      components.insert("credits")
    }
    rule.fields.append(("cells", cells(levels[...])))
    if random.chance(20) { rule.when = [conditions(axes, 1...1)] }
    rule.fields += dates(10)
    if random.chance(10) { rule.fields.append(("minimum", "1")) }
    if random.chance(10) { rule.fields.append(("adjust", "false")) }
    return rule
  }

  private mutating func cells(_ levels: ArraySlice<String>) -> String {
    guard let axis = levels.first else { return cell() }
    var keys: [String] = []
    for key in random.some(scalars(axis), 1...3) { keys.append(key) }
    if random.chance(45) { keys.append("any") }
    if random.chance(8) { keys.append("absent") }
    let isLast = levels.count == 1
    let pairs = keys.map { key in
      let isShort = !isLast && random.chance(25)
      return "\(key): \(isShort ? amount() : isLast ? cell() : cells(levels.dropFirst()))"
    }
    return "{" + pairs.joined(separator: ", ") + "}"
  }

  private mutating func cell() -> String {
    if random.chance(85) { return amount() }
    if random.chance(40) { return "{deny: not sold}" }
    components.insert("credits")
    return "{credits: \(amount()), maximum: 30}"
  }
}
