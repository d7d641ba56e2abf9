internal import RatecardSyntax
internal import RatecardValues

/// The `tiers` section: which customers are in which tier.
extension CheckContext {
  /// Reads the rules that choose a tier, sorted by name; the tiers' names are in scope already.
  mutating func readTiers() -> [Rule<ExactText>] {
    let entries = listItems("tiers", of: "tier rule", limit: RuleSection.mostRules)
      .compactMap { readTierRule($0) }
    return resolve(entries, in: .tiers)
  }

  private mutating func readTierRule(_ node: Node) -> RuleEntry<ExactText>? {
    guard
      let fields = fields(
        of: node, "a tier rule", keys: Self.headKeys + ["tier"], required: ["tier"])
    else {
      partialSections.insert("tiers")
      return nil
    }
    let tier = fields["tier"].flatMap { node -> String? in
      guard let tier = name(node, "a tier") else { return nil }
      checkValueName(node, of: "tier")
      return tier
    }
    let head = readHead(fields, in: .tiers, otherwise: tier)
    return head.map { RuleEntry($0, tier.map(ExactText.init)) }
  }
}
