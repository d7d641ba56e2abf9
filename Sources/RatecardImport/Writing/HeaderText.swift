internal import RatecardModel
internal import RatecardValues

/// The file with the card's header, its attributes and its windows.
struct HeaderText {
  private let list: PriceList
  private let rules: [PlannedRule]
  private let names: WindowNames
  private let accepted: Set<String>

  init(
    _ list: PriceList, rules: [[PlannedRule]], windows: WindowNames, accepting findings: Set<String>
  ) {
    self.list = list
    self.rules = rules.flatMap { $0 }
    names = windows
    accepted = findings
  }

  /// The findings that a public list may well have, and why.
  private static let reasons = [
    ("cheap-fallback", "the list charges more for other levels of service, or for a longer input"),
    ("expired-rule", "usage from before a price changed is still priced by the old one"),
    ("mergeable-rules", "each model keeps rules of its own, so that its price can change alone"),
    ("price-cliff", "the list has one amount for a longer input, whatever the level of service"),
    ("unpriced-requests", "the list has no price for them"),
  ]

  private var accept: String {
    let lines = Self.reasons.filter { accepted.contains($0.0) }.map { "  \($0.0): \($0.1)\n" }
    return lines.isEmpty ? "" : "\naccept:\n" + lines.joined()
  }

  /// The whole file.
  var text: String {
    var text = ""
    for (index, remark) in list.remarks.enumerated() {
      text += (index == 0 ? "" : "#\n") + comment(remark)
    }
    return text + """

      ratecard: 1
      name: \(YAMLScalar(list.name).block)

      credit:
        unit: dollar
        decimals: 10
        worth: 1 USD

      \(attributes)\(windows)\(accept)
      """
  }

  private var units: [UsageUnit] {
    var units = Set(rules.flatMap { $0.price.rates.keys })
    for condition in conditions {
      if let unit = UsageUnit(rawValue: condition.attribute) { units.insert(unit) }
    }
    // A part cannot be declared without its whole.
    for unit in units {
      var whole = unit.whole
      while let next = whole {
        units.insert(next)
        whole = next.whole
      }
    }
    return units.sorted()
  }

  private var conditions: [PlannedRule.Condition] { rules.flatMap(\.conditions) }

  private var attributes: String {
    let lines = units.map { unit in
      let type = unit.isCount ? "count" : "quantity"
      let declared = unit.whole.map { "{type: \(type), part_of: \($0.rawValue)}" } ?? type
      return ("  \(unit.rawValue): \(declared)", unit.meaning)
    }
    let texts = Set(conditions.map(\.attribute)).filter { UsageUnit(rawValue: $0) == nil }
    let more = texts.subtracting(["window"]).sorted(by: precedes).map { attribute in
      ("  \(attribute): \(type(of: attribute))", examples(of: attribute))
    }
    let all = lines + more
    guard !all.isEmpty else { return "" }
    let column = min(62, (all.map(\.0.count).max() ?? 0) + 2)
    return "attributes:\n"
      + all.map { line, meaning in
        guard let meaning else { return line + "\n" }
        return line + String(repeating: " ", count: max(2, column - line.count)) + "# \(meaning)\n"
      }.joined()
  }

  private func type(of attribute: String) -> String {
    let isNumber = conditions.contains {
      switch $0.matcher {
      case .above, .atLeast: $0.attribute == attribute
      default: false
      }
    }
    return isNumber ? "count" : "text"
  }

  private func examples(of attribute: String) -> String? {
    let texts = conditions.filter { $0.attribute == attribute }.flatMap { condition -> [String] in
      if case .texts(let texts) = condition.matcher { texts } else { [] }
    }
    let known = Set(texts).sorted(by: precedes)
    return known.isEmpty ? nil : known.joined(separator: ", ")
  }

  private var windows: String {
    guard !names.all.isEmpty else { return "" }
    return "\nwindows:\n" + names.all.map { entry(of: $0.window, named: $0.name) }.joined()
  }

  private func entry(of window: TimeWindow, named name: String) -> String {
    var parts: [String] = []
    if !window.hours.isEmpty {
      let hours = window.clock.map { "\"" + $0 + "\"" }
      parts.append("hours: [\(hours.joined(separator: ", "))]")
    }
    if !window.days.isEmpty {
      parts.append("days: [\(window.days.map(\.yaml).joined(separator: ", "))]")
    }
    if let zone = window.daysZone { parts.append("days_zone: \(zone)") }
    if parts.count == 1 { return "  \(name): {\(parts[0])}\n" }
    return "  \(name):\n" + parts.map { "    \($0)\n" }.joined()
  }
}
