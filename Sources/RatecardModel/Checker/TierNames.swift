internal import RatecardSyntax
internal import RatecardValues

/// The tiers of a card: what the rules of `tiers` give.
extension CheckContext {
  /// Takes the tiers' names into scope, before anything refers to them.
  ///
  /// What is wrong with the rules is said when they are read.
  mutating func collectTierNames() {
    var names: Set<ExactText> = []
    for rule in sections.items("tiers") where rule.kind == .mapping {
      for entry in rule.entries where entry.key.text == "tier" {
        if entry.value.kind == .scalar, !entry.value.isMissing {
          names.insert(ExactText(entry.value.text))
        }
      }
    }
    tierNames = names.sorted()
  }
}
