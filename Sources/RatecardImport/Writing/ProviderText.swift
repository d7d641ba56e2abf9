internal import RatecardModel
internal import RatecardValues

/// The file of one provider: its models and what they cost.
struct ProviderText {
  let provider: String
  let notes: [String]
  let unpriced: [String]
  let models: [(model: PricedModel, rules: [PlannedRule])]
  let windows: WindowNames

  private static let width = 100

  /// The whole file.
  var text: String {
    var text = comment("What \(provider) sells.")
    for note in notes { text += "#\n" + comment(note) }
    if !unpriced.isEmpty {
      text +=
        "#\n" + comment("Without a price in the list: " + unpriced.joined(separator: ", ") + ".")
    }
    guard !models.isEmpty else { return text }
    text += "\nmodels:\n" + models.map { entry(of: $0.model) }.joined()
    text += "\ncosts:\n"
    text += models.map { $0.rules.map(rule).joined() }.joined(separator: "\n")
    return text
  }

  private func entry(of model: PricedModel) -> String {
    let notes = model.notes.map { comment($0, indent: "  ") }.joined()
    let key = YAMLScalar(model.name).key
    guard !model.aliases.isEmpty else { return notes + "  \(key): {}\n" }
    let aliases = model.aliases.map { YAMLScalar($0) }
    let line = "  \(key): {aliases: [\(aliases.map(\.flow).joined(separator: ", "))]}\n"
    if line.count <= Self.width + 1 { return notes + line }
    return notes + "  \(key):\n    aliases:\n"
      + aliases.map { "      - \($0.block)\n" }.joined()
  }

  private func rule(_ rule: PlannedRule) -> String {
    var text = "  - name: \(YAMLScalar(rule.name).block)\n"
    if let replaced = rule.replaces { text += "    replaces: \(YAMLScalar(replaced).block)\n" }
    text += "    when: {\(conditions(of: rule))}\n"
    if let from = rule.from { text += "    from: \(from)\n" }
    if let until = rule.until { text += "    until: \(until)\n" }
    if !rule.overrides.isEmpty {
      let names = rule.overrides.map { YAMLScalar($0) }
      let line = "    overrides: [\(names.map(\.flow).joined(separator: ", "))]\n"
      text +=
        names.count == 1
        ? "    overrides: \(names[0].block)\n"
        : line.count <= Self.width + 1
          ? line : "    overrides:\n" + names.map { "      - \($0.block)\n" }.joined()
    }
    return text + price(rule.price)
  }

  private func conditions(of rule: PlannedRule) -> String {
    var parts = ["model: \(YAMLScalar(rule.model).pattern)"]
    for condition in rule.conditions {
      parts.append("\(condition.attribute): \(matcher(condition.matcher))")
    }
    return parts.joined(separator: ", ")
  }

  private func matcher(_ matcher: Matcher) -> String {
    switch matcher {
    case .texts(let texts): oneOrMore(texts.map { YAMLScalar($0).pattern })
    case .above(let number): "{above: \(number.short)}"
    case .atLeast(let number): "{at_least: \(number.short)}"
    case .absent: "absent"
    case .present: "present"
    case .windows(let windows): oneOrMore(windows.map { self.windows[$0] })
    }
  }

  private func oneOrMore(_ texts: [String]) -> String {
    texts.count == 1 ? texts[0] : "[\(texts.joined(separator: ", "))]"
  }

  private func price(_ price: Price) -> String {
    var text = ""
    if let flat = price.flat { text += "    credits: \(money(flat))\n" }
    let rates = price.rates.sorted { $0.key < $1.key }
      .map { "\($0.key.rawValue): \(rate($0.value))" }
    guard !rates.isEmpty else { return text.isEmpty ? "    credits: 0\n" : text }
    let line = "    rates: {\(rates.joined(separator: ", "))}\n"
    if line.count <= Self.width + 1 { return text + line }
    return text + "    rates:\n" + rates.map { "      \($0)\n" }.joined()
  }

  private func rate(_ rate: Rate) -> String {
    var linear = money(rate.amount)
    if rate.per != 1, !rate.amount.isZero { linear += " per \(Number(rate.per).short)" }
    guard rate.atLeast != nil || rate.atMost != nil else { return linear }
    var parts = ["rate: \(linear)"]
    if let least = rate.atLeast { parts.append("at_least: \(least)") }
    if let most = rate.atMost { parts.append("at_most: \(most)") }
    return "{\(parts.joined(separator: ", "))}"
  }

  private func money(_ amount: Number) -> String {
    amount.isZero ? "0" : "\(amount.grouped) USD"
  }
}

extension YAMLScalar {
  /// As a key of a block map.
  fileprivate var key: String { block.contains(": ") || block.hasSuffix(":") ? flow : block }

  /// As a value of a condition, between braces.
  fileprivate var pattern: String { flow }
}
