extension CardGenerator {
  mutating func writeAdjustments() {
    guard random.chance(50) else { return }
    let axes = chooseAxes(hasTiers ? ["tier"] : [], 1...3)
    let grouped = random.chance(50)
    var rules: [DraftRule] = []
    for _ in 0..<Int.random(in: 1...4, using: &random) {
      var rule = DraftRule(
        name: freshName(), when: when(axes, after: rules), fields: [adjustment()])
      if rule.field("multiply") != nil, !components.isEmpty, random.chance(40) {
        let of = random.some(components.sorted(), 1...2)
        rule.fields.append(("of", "[" + of.joined(separator: ", ") + "]"))
      }
      if grouped, random.chance(70) { rule.fields.append(("group", "promo")) }
      rule.fields += dates(20)
      rules.append(rule)
    }
    draft.rules["adjustments"] = rules
  }

  private mutating func adjustment() -> (key: String, value: String) {
    switch Int.random(in: 0..<8, using: &random) {
    case 0, 1, 2: ("multiply", random.pick(["0.5", "1.2", "0", "0.9", "1.075"]))
    case 3, 4: ("add", amount())
    case 5: ("add", rates(random.some(quantities, 1...2)))
    case 6: ("minimum", random.pick(["0.5", "1"]))
    default: ("maximum", random.pick(["20", "50"]))
    }
  }

  mutating func writeTiers() {
    guard hasTiers else { return }
    var axes = chooseAxes(["current_tier"], 1...3)
    axes.removeAll { $0 == "requested_model" || $0 == "tier" }
    if axes.isEmpty { axes = ["balance"] }
    var rules = ["fast", "slow", "none"].map {
      DraftRule(name: freshName(), fields: [("tier", $0)])
    }
    rules[1].when = [conditions(axes, 1...2)]
    rules[2].when = when(axes, after: [rules[1]])
    if random.chance(50) {
      rules.append(
        DraftRule(
          name: freshName(), when: when(axes, after: rules),
          fields: [("tier", random.pick(["slow", "none"]))] + dates(20)))
    }
    replaceSome(&rules) { [("tier", $0.random.pick(["fast", "slow"]))] }
    draft.rules["tiers"] = rules
  }

  mutating func writeRoutes() {
    guard random.chance(45) else { return }
    var axes = chooseAxes(hasTiers ? ["tier"] : [], 1...3)
    axes.removeAll { $0 == "requested_model" }
    if axes.isEmpty { axes = ["model"] }
    var rules: [DraftRule] = []
    for index in 0..<Int.random(in: 1...4, using: &random) {
      var rule = DraftRule(name: freshName(), fields: random.chance(12) ? deny() : route())
      if index > 0 || random.chance(30) { rule.when = when(axes, after: rules) }
      rule.fields += dates(15)
      rules.append(rule)
    }
    replaceSome(&rules) { $0.route() }
    draft.rules["routes"] = rules
  }

  private mutating func route() -> [(key: String, value: String)] {
    let models = hasModels ? modelNames : ["m1", "m1-mini", "m2"]
    var fields: [(key: String, value: String)] = []
    if random.chance(50) {
      fields.append(("model", random.pick(models)))
    } else if random.chance(40), models.count >= 2 {
      let by = random.pick(["customer", "customer", "region"])
      let weights = random.some(models, 2...3)
        .map { "\($0): \(Int.random(in: 0...3, using: &random) * 10)" }
      fields.append(
        (
          "split",
          "{by: \(by), \(models[0]): 5, "
            + weights.filter { !$0.hasPrefix(models[0] + ":") }.joined(separator: ", ") + "}"
        ))
    }
    if random.chance(50) { fields.append(("queue", random.pick(["q1", "q2"]))) }
    if random.chance(25) { fields.append(("fallbacks", "[\(random.pick(models))]")) }
    if random.chance(25) {
      fields.append(("params", random.pick(["{depth: 3, deep: true}", "{depth: '3', word: low}"])))
    }
    if fields.isEmpty { fields.append(("queue", "q3")) }
    return fields
  }

  mutating func writeEvents() {
    guard random.chance(30) else { return }
    var axes = chooseAxes(hasTiers ? ["current_tier"] : [], 1...2)
    axes.removeAll {
      !["plan", "balance", "current_tier", "customer", "balance_percent", "granted"].contains($0)
    }
    if axes.isEmpty { axes = ["balance"] }
    var rules: [DraftRule] = []
    let kinds = [
      "credit.balance_low", "subscription.renewed", "credit.*",
      "[credit.added, credit.balance_low]",
    ]
    for _ in 0..<Int.random(in: 1...4, using: &random) {
      var rule = DraftRule(name: freshName(), when: [conditions(axes, 0...1)])
      rule.fields.append(("on", random.pick(kinds)))
      if hasTiers, random.chance(60) {
        rule.fields.append(("tier", random.pick(["fast", "slow"])))
      } else {
        rule.fields.append(("notify", random.pick(["low", "high"])))
      }
      rule.fields += dates(10)
      rules.append(rule)
    }
    draft.rules["events"] = rules
  }
}
